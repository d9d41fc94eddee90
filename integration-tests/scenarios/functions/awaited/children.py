"""Child contexts: nested, failing, and with a result that is not kept."""

from typing import Any

import bodies

from lambda_durable import AsyncDurableContext, ChildContextError, durable_execution


async def inner(ctx: AsyncDurableContext, item: str) -> str:
    reserved = await ctx.step(bodies.reserve, [item])
    await ctx.wait(1, name="inside")
    return await ctx.step(bodies.ship, reserved)


async def outer(ctx: AsyncDurableContext, items: list[str]) -> list[str]:
    return [await ctx.run_in_child_context(inner, item, name=item) for item in items]


async def failing(ctx: AsyncDurableContext) -> str:
    return await ctx.step(bodies.fail, retry="none")


@durable_execution
async def nests(event: list[str], ctx: AsyncDurableContext) -> list[str]:
    return await ctx.run_in_child_context(outer, event)


@durable_execution
async def recovers(event: str, ctx: AsyncDurableContext) -> str:
    try:
        return await ctx.run_in_child_context(failing)
    except ChildContextError:
        return await ctx.step(bodies.ship, event)


@durable_execution
async def overflows(event: None, ctx: AsyncDurableContext) -> dict[str, Any]:
    runs: list[str] = []

    async def large(own: AsyncDurableContext) -> str:
        runs.append(await own.step(bodies.token))
        return "x" * bodies.LARGE

    size = len(await ctx.run_in_child_context(large))
    await ctx.wait(1, name="one")
    await ctx.wait(1, name="two")
    return {"size": size, "tokens": runs}
