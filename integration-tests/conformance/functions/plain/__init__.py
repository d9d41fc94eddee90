"""The functions of the `def` flavour."""
