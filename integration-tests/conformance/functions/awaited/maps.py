"""A function over many items."""

from typing import Any

import bodies
from batches import COUNTS, told
from serializers import Joined, Wrapped

from lambda_durable import AsyncDurableContext, durable_execution
from lambda_durable_concurrency import min_successful, tolerated_failures


async def greeted(ctx: AsyncDurableContext, name: str) -> str:
    return await ctx.step(bodies.greet, name)


async def doubled(ctx: AsyncDurableContext, number: int) -> int:
    return number * 2


async def tenfold(ctx: AsyncDurableContext, number: int) -> int:
    return number * 10


async def in_capitals(ctx: AsyncDurableContext, text: str) -> str:
    return text.upper()


async def unless_bad(ctx: AsyncDurableContext, text: str) -> str:
    if text == "bad":
        raise RuntimeError("this item fails")
    return text


@durable_execution
async def greets_all(event: list[str], ctx: AsyncDurableContext) -> list[str]:
    return (await ctx.map(event, greeted, name="map", max_concurrency=1)).results


@durable_execution
async def doubles(event: list[int], ctx: AsyncDurableContext) -> list[int]:
    return (await ctx.map(event, doubled, max_concurrency=1)).results


@durable_execution
async def fails_fast(event: None, ctx: AsyncDurableContext) -> dict[str, Any]:
    batch = await ctx.map(
        ["ok", "bad", "never"],
        unless_bad,
        name="fail-fast",
        max_concurrency=1,
        completion=tolerated_failures(count=0),
    )
    return told(batch, "completionReason", "status", *COUNTS)


@durable_execution
async def needs_two(event: None, ctx: AsyncDurableContext) -> dict[str, Any]:
    batch = await ctx.map(
        ["a", "b", "c", "d"],
        unless_bad,
        name="min-successful",
        max_concurrency=1,
        completion=min_successful(2),
    )
    return told(batch, "completionReason", "successCount", "totalCount")


@durable_execution
async def tolerates_one(event: None, ctx: AsyncDurableContext) -> dict[str, Any]:
    batch = await ctx.map(
        ["a", "bad", "c"],
        unless_bad,
        name="tolerated",
        max_concurrency=1,
        completion=tolerated_failures(count=1),
    )
    return told(batch, "completionReason", "status", *COUNTS)


@durable_execution
async def tolerates_a_quarter(event: None, ctx: AsyncDurableContext) -> dict[str, Any]:
    batch = await ctx.map(
        ["bad", "bad", "c", "d"],
        unless_bad,
        name="tolerated-pct",
        max_concurrency=1,
        completion=tolerated_failures(percentage=25),
    )
    return told(batch, "completionReason", *COUNTS)


@durable_execution
async def runs_two_at_a_time(event: None, ctx: AsyncDurableContext) -> list[str]:
    return (
        await ctx.map(["r0", "r1", "r2"], unless_bad, name="concurrent", max_concurrency=2)
    ).results


@durable_execution
async def names_items(event: list[int], ctx: AsyncDurableContext) -> list[int]:
    def name(item: int, index: int) -> str:
        return f"item-{item}"

    return (
        await ctx.map(event, tenfold, name="named-items", item_namer=name, max_concurrency=1)
    ).results


@durable_execution
async def wraps_items(event: None, ctx: AsyncDurableContext) -> list[str]:
    return (
        await ctx.map(
            ["x", "y"], in_capitals, name="serdes", item_serializer=Wrapped(), max_concurrency=1
        )
    ).results


@durable_execution
async def returns_much(event: None, ctx: AsyncDurableContext) -> dict[str, Any]:
    async def large(own: AsyncDurableContext, number: int) -> str:
        return str(number) * 70 * 1024

    batch = await ctx.map([1, 2, 3, 4], large, name="large", max_concurrency=1)
    return told(batch, "successCount", "totalCount")


@durable_execution
async def waits_after_it(event: None, ctx: AsyncDurableContext) -> list[str]:
    batch = await ctx.map(["a", "b"], in_capitals, name="then-wait", max_concurrency=1)
    await ctx.wait(1)
    return batch.results


@durable_execution
async def joins_results(event: None, ctx: AsyncDurableContext) -> list[str]:
    return (
        await ctx.map(
            ["x", "y"], in_capitals, name="op-serde", serializer=Joined(), max_concurrency=1
        )
    ).results


@durable_execution
async def joins_results_and_waits(event: None, ctx: AsyncDurableContext) -> list[str]:
    batch = await ctx.map(
        ["x", "y"], in_capitals, name="op-serde-replay", serializer=Joined(), max_concurrency=1
    )
    await ctx.wait(1)
    return batch.results
