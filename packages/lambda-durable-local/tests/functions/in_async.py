"""The same functions in `async def`."""

import asyncio
from typing import Any

from in_def import die, flaky, note, slow

from lambda_durable import AsyncDurableContext, durable_execution


@durable_execution
async def handler(event: Any, ctx: AsyncDurableContext) -> Any:
    print("handler begins")
    first = await ctx.step(note, "first")
    await ctx.wait(60, name="pause")
    slow_result = await ctx.step(slow, event.get("seconds", 0), name="slow")
    return [first, slow_result]


@durable_execution
async def retrying(event: Any, ctx: AsyncDurableContext) -> str:
    return await ctx.step(flaky, retry="transient")


@durable_execution
async def dying(event: Any, ctx: AsyncDurableContext) -> list[str]:
    return [await ctx.step(note, "before"), await ctx.step(die, event["how"])]


@durable_execution
async def calling(event: Any, ctx: AsyncDurableContext) -> Any:
    return [
        await ctx.invoke(name, {"x": event["x"]}, name=f"call {name}") for name in event["call"]
    ]


@durable_execution
async def both(event: Any, ctx: AsyncDurableContext) -> Any:
    """Invoke a function while a step runs."""
    return await asyncio.gather(
        ctx.step(slow, 3, name="slow"), ctx.invoke("plain", {"x": 1}, name="call plain")
    )


@durable_execution
async def child(event: Any, ctx: AsyncDurableContext) -> int:
    async def add() -> int:
        return event["x"] + 1

    await ctx.wait(5, name="child's pause")
    return await ctx.step(add)
