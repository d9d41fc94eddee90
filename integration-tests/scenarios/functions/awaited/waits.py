"""Waits alone."""

from lambda_durable import AsyncDurableContext, durable_execution


@durable_execution
async def waits(event: int, ctx: AsyncDurableContext) -> str:
    await ctx.wait(event, name="pause")
    return "waited"


@durable_execution
async def waits_long(event: int, ctx: AsyncDurableContext) -> str:
    await ctx.wait(event, name="pause")
    return "waited long"
