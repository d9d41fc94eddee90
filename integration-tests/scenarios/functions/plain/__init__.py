"""The handlers of the scenarios as `def`."""
