"""The handlers of the scenarios as `async def`."""
