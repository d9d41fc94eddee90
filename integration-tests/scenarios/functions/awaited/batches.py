"""Parallel and map: nested, flat, and with results that are not kept."""

from typing import Any

import bodies

from lambda_durable import AsyncDurableContext, durable_execution


async def doubled(ctx: AsyncDurableContext, number: int) -> int:
    await ctx.wait(1, name=f"pause-{number}")
    return await ctx.step(bodies.double, number, name=f"double-{number}")


async def reserved(ctx: AsyncDurableContext) -> str:
    return await ctx.step(bodies.reserve, ["tea"])


async def shipped(ctx: AsyncDurableContext) -> str:
    await ctx.wait(1, name="truck")
    return await ctx.step(bodies.ship, "pot")


@durable_execution
async def maps(event: list[int], ctx: AsyncDurableContext) -> list[int]:
    return (await ctx.map(event, doubled, name="numbers")).results


@durable_execution
async def maps_flat(event: list[int], ctx: AsyncDurableContext) -> list[int]:
    return (await ctx.map(event, doubled, name="numbers", nesting="flat")).results


@durable_execution
async def branches(event: None, ctx: AsyncDurableContext) -> list[str]:
    return (await ctx.parallel([reserved, shipped], name="both")).results


@durable_execution
async def branches_flat(event: None, ctx: AsyncDurableContext) -> list[str]:
    return (await ctx.parallel([reserved, shipped], name="both", nesting="flat")).results


@durable_execution
async def maps_overflowing(event: str, ctx: AsyncDurableContext) -> dict[str, Any]:
    runs: dict[int, str] = {}

    async def large(own: AsyncDurableContext, number: int) -> str:
        runs[number] = await own.step(bodies.token, name=f"token-{number}")
        return str(number) * bodies.LARGE

    nesting: Any = event
    batch = await ctx.map([1, 2, 3], large, name="large", nesting=nesting)
    sizes = [len(result) for result in batch.results]
    await ctx.wait(1, name="one")
    await ctx.wait(1, name="two")
    return {"sizes": sizes, "tokens": [runs[number] for number in (1, 2, 3)]}


@durable_execution
async def branches_overflowing(event: str, ctx: AsyncDurableContext) -> dict[str, Any]:
    runs: dict[str, str] = {}

    async def left(own: AsyncDurableContext) -> str:
        runs["left"] = await own.step(bodies.token, name="token-left")
        return "l" * bodies.LARGE

    async def right(own: AsyncDurableContext) -> str:
        runs["right"] = await own.step(bodies.token, name="token-right")
        return "r" * bodies.LARGE

    nesting: Any = event
    batch = await ctx.parallel([left, right], name="large", nesting=nesting)
    sizes = [len(result) for result in batch.results]
    await ctx.wait(1, name="one")
    await ctx.wait(1, name="two")
    return {"sizes": sizes, "tokens": [runs["left"], runs["right"]]}
