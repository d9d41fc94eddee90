"""What performs effects: one runtime for `def` handlers, one for `async def` handlers."""
