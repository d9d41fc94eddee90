"""Invokes of other functions, durable and plain, and the functions that are invoked."""

from typing import Any

import bodies

from lambda_durable import AsyncDurableContext, InvokeError, durable_execution


@durable_execution
async def invokes(event: dict[str, Any], ctx: AsyncDurableContext) -> Any:
    return await ctx.invoke(event["function"], event["payload"], name="other")


@durable_execution
async def invokes_in_vain(event: str, ctx: AsyncDurableContext) -> str:
    try:
        await ctx.invoke(event, name="other")
    except InvokeError as error:
        return f"failed: {error}"
    return "succeeded"


@durable_execution
async def is_invoked(event: str, ctx: AsyncDurableContext) -> str:
    await ctx.wait(1, name="pause")
    return await ctx.step(bodies.ship, event)


def is_plain(event: str, context: Any) -> str:
    return event.upper()
