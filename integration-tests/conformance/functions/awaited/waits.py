"""Waits: seconds, minutes and hours."""

from datetime import timedelta

from lambda_durable import AsyncDurableContext, durable_execution


@durable_execution
async def waits(event: None, ctx: AsyncDurableContext) -> str:
    await ctx.wait(2)
    return "waited"


@durable_execution
async def waits_by_name(event: None, ctx: AsyncDurableContext) -> str:
    await ctx.wait(2, name="custom_wait_name")
    return "waited"


@durable_execution
async def waits_a_minute(event: None, ctx: AsyncDurableContext) -> str:
    await ctx.wait(timedelta(minutes=1))
    return "waited"


@durable_execution
async def waits_an_hour(event: None, ctx: AsyncDurableContext) -> str:
    await ctx.wait(timedelta(hours=1))
    return "waited"
