"""Branches side by side, and when they are enough."""

from collections.abc import Callable
from typing import Any

import bodies
from batches import COUNTS, accessed, told

from lambda_durable import DurableContext, durable_execution
from lambda_durable_concurrency import min_successful, tolerated_failures


def first_task(ctx: DurableContext) -> str:
    return ctx.step(bodies.echo, "task-1")


def second_task(ctx: DurableContext) -> str:
    return ctx.step(bodies.echo, "task-2")


def alpha(ctx: DurableContext) -> str:
    return "alpha"


def beta(ctx: DurableContext) -> str:
    return "beta"


def failing(ctx: DurableContext) -> str:
    raise RuntimeError("this branch fails")


@durable_execution
def runs_two(event: None, ctx: DurableContext) -> list[str]:
    return ctx.parallel([first_task, second_task], name="parallel", max_concurrency=1).results


@durable_execution
def runs_unnamed(event: None, ctx: DurableContext) -> list[str]:
    return ctx.parallel([alpha, beta], max_concurrency=1).results


@durable_execution
def returns_many_types(event: None, ctx: DurableContext) -> list[Any]:
    def text(own: DurableContext) -> Any:
        return "hello"

    def number(own: DurableContext) -> Any:
        return 42

    def mapping(own: DurableContext) -> Any:
        return {"k": "v"}

    return ctx.parallel([text, number, mapping], name="hetero", max_concurrency=1).results


@durable_execution
def runs_none(event: None, ctx: DurableContext) -> list[str]:
    nobody: list[Callable[[DurableContext], str]] = []
    return ctx.parallel(nobody, name="empty").results


@durable_execution
def throws(event: None, ctx: DurableContext) -> list[str]:
    none = tolerated_failures(count=0)
    batch = ctx.parallel([failing, beta], name="throwing", max_concurrency=1, completion=none)
    batch.throw_if_error()
    return batch.results


@durable_execution
def needs_two(event: None, ctx: DurableContext) -> dict[str, Any]:
    batch = ctx.parallel(
        [alpha, beta, alpha, beta],
        name="min-successful",
        max_concurrency=1,
        completion=min_successful(2),
    )
    return told(batch, "completionReason", "successCount", "totalCount")


@durable_execution
def tolerates_one(event: None, ctx: DurableContext) -> dict[str, Any]:
    batch = ctx.parallel(
        [failing, failing, beta],
        name="tolerated-exceeded",
        max_concurrency=1,
        completion=tolerated_failures(count=1),
    )
    return told(batch, "completionReason", *COUNTS)


@durable_execution
def runs_two_at_a_time(event: None, ctx: DurableContext) -> list[str]:
    branches = {f"branch {n}": returning(f"r{n}") for n in range(3)}
    return ctx.parallel(branches, name="concurrent", max_concurrency=2).results


def returning(value: str) -> Any:
    def branch(ctx: DurableContext) -> str:
        return value

    return branch


@durable_execution
def tolerates_a_quarter(event: None, ctx: DurableContext) -> dict[str, Any]:
    batch = ctx.parallel(
        [failing, failing, alpha, beta],
        name="tolerated-pct",
        max_concurrency=1,
        completion=tolerated_failures(percentage=25),
    )
    return told(batch, "completionReason", *COUNTS)


@durable_execution
def waits_in_a_branch(event: None, ctx: DurableContext) -> list[str]:
    def steps(own: DurableContext) -> str:
        return own.step(bodies.echo, "b0")

    def waits(own: DurableContext) -> str:
        own.wait(2)
        return "b1"

    return ctx.parallel([steps, waits], name="replay", max_concurrency=1).results


@durable_execution
def tolerates_all(event: None, ctx: DurableContext) -> dict[str, Any]:
    batch = ctx.parallel(
        [failing, failing, failing],
        name="all-fail",
        max_concurrency=1,
        completion=tolerated_failures(count=3),
    )
    return told(batch, "completionReason", "status", *COUNTS)


@durable_execution
def needs_three_in_vain(event: None, ctx: DurableContext) -> dict[str, Any]:
    batch = ctx.parallel(
        [alpha, failing, beta],
        name="min-not-reached",
        max_concurrency=1,
        completion=min_successful(3),
    )
    return told(batch, "completionReason", "status", *COUNTS)


@durable_execution
def allows_nobody(event: None, ctx: DurableContext) -> list[str]:
    return ctx.parallel([alpha, beta], name="bad-concurrency", max_concurrency=0).results


@durable_execution
def looks_at_its_batch(event: None, ctx: DurableContext) -> dict[str, Any]:
    return accessed(
        ctx.parallel(
            [alpha, failing, beta],
            name="accessors",
            max_concurrency=1,
            completion=tolerated_failures(count=1),
        )
    )


@durable_execution
def tolerates_exactly_a_quarter(event: None, ctx: DurableContext) -> dict[str, Any]:
    batch = ctx.parallel(
        [failing, alpha, beta, alpha],
        name="pct-boundary",
        max_concurrency=1,
        completion=tolerated_failures(percentage=25),
    )
    return told(batch, "completionReason", "status", *COUNTS)
