"""The functions of the `async def` flavour."""
