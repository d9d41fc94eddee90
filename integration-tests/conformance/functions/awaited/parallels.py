"""Branches side by side, and when they are enough."""

from collections.abc import Callable, Coroutine
from typing import Any

import bodies
from batches import COUNTS, accessed, told

from lambda_durable import AsyncDurableContext, durable_execution
from lambda_durable_concurrency import min_successful, tolerated_failures


async def first_task(ctx: AsyncDurableContext) -> str:
    return await ctx.step(bodies.echo, "task-1")


async def second_task(ctx: AsyncDurableContext) -> str:
    return await ctx.step(bodies.echo, "task-2")


async def alpha(ctx: AsyncDurableContext) -> str:
    return "alpha"


async def beta(ctx: AsyncDurableContext) -> str:
    return "beta"


async def failing(ctx: AsyncDurableContext) -> str:
    raise RuntimeError("this branch fails")


@durable_execution
async def runs_two(event: None, ctx: AsyncDurableContext) -> list[str]:
    return (
        await ctx.parallel([first_task, second_task], name="parallel", max_concurrency=1)
    ).results


@durable_execution
async def runs_unnamed(event: None, ctx: AsyncDurableContext) -> list[str]:
    return (await ctx.parallel([alpha, beta], max_concurrency=1)).results


@durable_execution
async def returns_many_types(event: None, ctx: AsyncDurableContext) -> list[Any]:
    async def text(own: AsyncDurableContext) -> Any:
        return "hello"

    async def number(own: AsyncDurableContext) -> Any:
        return 42

    async def mapping(own: AsyncDurableContext) -> Any:
        return {"k": "v"}

    return (await ctx.parallel([text, number, mapping], name="hetero", max_concurrency=1)).results


@durable_execution
async def runs_none(event: None, ctx: AsyncDurableContext) -> list[str]:
    nobody: list[Callable[[AsyncDurableContext], Coroutine[Any, Any, str]]] = []
    return (await ctx.parallel(nobody, name="empty")).results


@durable_execution
async def throws(event: None, ctx: AsyncDurableContext) -> list[str]:
    none = tolerated_failures(count=0)
    batch = await ctx.parallel([failing, beta], name="throwing", max_concurrency=1, completion=none)
    batch.throw_if_error()
    return batch.results


@durable_execution
async def needs_two(event: None, ctx: AsyncDurableContext) -> dict[str, Any]:
    batch = await ctx.parallel(
        [alpha, beta, alpha, beta],
        name="min-successful",
        max_concurrency=1,
        completion=min_successful(2),
    )
    return told(batch, "completionReason", "successCount", "totalCount")


@durable_execution
async def tolerates_one(event: None, ctx: AsyncDurableContext) -> dict[str, Any]:
    batch = await ctx.parallel(
        [failing, failing, beta],
        name="tolerated-exceeded",
        max_concurrency=1,
        completion=tolerated_failures(count=1),
    )
    return told(batch, "completionReason", *COUNTS)


@durable_execution
async def runs_two_at_a_time(event: None, ctx: AsyncDurableContext) -> list[str]:
    branches = {f"branch {n}": returning(f"r{n}") for n in range(3)}
    return (await ctx.parallel(branches, name="concurrent", max_concurrency=2)).results


def returning(value: str) -> Any:
    async def branch(ctx: AsyncDurableContext) -> str:
        return value

    return branch


@durable_execution
async def tolerates_a_quarter(event: None, ctx: AsyncDurableContext) -> dict[str, Any]:
    batch = await ctx.parallel(
        [failing, failing, alpha, beta],
        name="tolerated-pct",
        max_concurrency=1,
        completion=tolerated_failures(percentage=25),
    )
    return told(batch, "completionReason", *COUNTS)


@durable_execution
async def waits_in_a_branch(event: None, ctx: AsyncDurableContext) -> list[str]:
    async def steps(own: AsyncDurableContext) -> str:
        return await own.step(bodies.echo, "b0")

    async def waits(own: AsyncDurableContext) -> str:
        await own.wait(2)
        return "b1"

    return (await ctx.parallel([steps, waits], name="replay", max_concurrency=1)).results


@durable_execution
async def tolerates_all(event: None, ctx: AsyncDurableContext) -> dict[str, Any]:
    batch = await ctx.parallel(
        [failing, failing, failing],
        name="all-fail",
        max_concurrency=1,
        completion=tolerated_failures(count=3),
    )
    return told(batch, "completionReason", "status", *COUNTS)


@durable_execution
async def needs_three_in_vain(event: None, ctx: AsyncDurableContext) -> dict[str, Any]:
    batch = await ctx.parallel(
        [alpha, failing, beta],
        name="min-not-reached",
        max_concurrency=1,
        completion=min_successful(3),
    )
    return told(batch, "completionReason", "status", *COUNTS)


@durable_execution
async def allows_nobody(event: None, ctx: AsyncDurableContext) -> list[str]:
    return (await ctx.parallel([alpha, beta], name="bad-concurrency", max_concurrency=0)).results


@durable_execution
async def looks_at_its_batch(event: None, ctx: AsyncDurableContext) -> dict[str, Any]:
    return accessed(
        await ctx.parallel(
            [alpha, failing, beta],
            name="accessors",
            max_concurrency=1,
            completion=tolerated_failures(count=1),
        )
    )


@durable_execution
async def tolerates_exactly_a_quarter(event: None, ctx: AsyncDurableContext) -> dict[str, Any]:
    batch = await ctx.parallel(
        [failing, alpha, beta, alpha],
        name="pct-boundary",
        max_concurrency=1,
        completion=tolerated_failures(percentage=25),
    )
    return told(batch, "completionReason", "status", *COUNTS)
