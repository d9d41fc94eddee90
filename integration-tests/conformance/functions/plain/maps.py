"""A function over many items."""

from typing import Any

import bodies
from batches import COUNTS, told
from serializers import Joined, Wrapped

from lambda_durable import DurableContext, durable_execution
from lambda_durable_concurrency import min_successful, tolerated_failures


def greeted(ctx: DurableContext, name: str) -> str:
    return ctx.step(bodies.greet, name)


def doubled(ctx: DurableContext, number: int) -> int:
    return number * 2


def tenfold(ctx: DurableContext, number: int) -> int:
    return number * 10


def in_capitals(ctx: DurableContext, text: str) -> str:
    return text.upper()


def unless_bad(ctx: DurableContext, text: str) -> str:
    if text == "bad":
        raise RuntimeError("this item fails")
    return text


@durable_execution
def greets_all(event: list[str], ctx: DurableContext) -> list[str]:
    return ctx.map(event, greeted, name="map", max_concurrency=1).results


@durable_execution
def doubles(event: list[int], ctx: DurableContext) -> list[int]:
    return ctx.map(event, doubled, max_concurrency=1).results


@durable_execution
def fails_fast(event: None, ctx: DurableContext) -> dict[str, Any]:
    batch = ctx.map(
        ["ok", "bad", "never"],
        unless_bad,
        name="fail-fast",
        max_concurrency=1,
        completion=tolerated_failures(count=0),
    )
    return told(batch, "completionReason", "status", *COUNTS)


@durable_execution
def needs_two(event: None, ctx: DurableContext) -> dict[str, Any]:
    batch = ctx.map(
        ["a", "b", "c", "d"],
        unless_bad,
        name="min-successful",
        max_concurrency=1,
        completion=min_successful(2),
    )
    return told(batch, "completionReason", "successCount", "totalCount")


@durable_execution
def tolerates_one(event: None, ctx: DurableContext) -> dict[str, Any]:
    batch = ctx.map(
        ["a", "bad", "c"],
        unless_bad,
        name="tolerated",
        max_concurrency=1,
        completion=tolerated_failures(count=1),
    )
    return told(batch, "completionReason", "status", *COUNTS)


@durable_execution
def tolerates_a_quarter(event: None, ctx: DurableContext) -> dict[str, Any]:
    batch = ctx.map(
        ["bad", "bad", "c", "d"],
        unless_bad,
        name="tolerated-pct",
        max_concurrency=1,
        completion=tolerated_failures(percentage=25),
    )
    return told(batch, "completionReason", *COUNTS)


@durable_execution
def runs_two_at_a_time(event: None, ctx: DurableContext) -> list[str]:
    return ctx.map(["r0", "r1", "r2"], unless_bad, name="concurrent", max_concurrency=2).results


@durable_execution
def names_items(event: list[int], ctx: DurableContext) -> list[int]:
    def name(item: int, index: int) -> str:
        return f"item-{item}"

    return ctx.map(event, tenfold, name="named-items", item_namer=name, max_concurrency=1).results


@durable_execution
def wraps_items(event: None, ctx: DurableContext) -> list[str]:
    return ctx.map(
        ["x", "y"], in_capitals, name="serdes", item_serializer=Wrapped(), max_concurrency=1
    ).results


@durable_execution
def returns_much(event: None, ctx: DurableContext) -> dict[str, Any]:
    def large(own: DurableContext, number: int) -> str:
        return str(number) * 70 * 1024

    batch = ctx.map([1, 2, 3, 4], large, name="large", max_concurrency=1)
    return told(batch, "successCount", "totalCount")


@durable_execution
def waits_after_it(event: None, ctx: DurableContext) -> list[str]:
    batch = ctx.map(["a", "b"], in_capitals, name="then-wait", max_concurrency=1)
    ctx.wait(1)
    return batch.results


@durable_execution
def joins_results(event: None, ctx: DurableContext) -> list[str]:
    return ctx.map(
        ["x", "y"], in_capitals, name="op-serde", serializer=Joined(), max_concurrency=1
    ).results


@durable_execution
def joins_results_and_waits(event: None, ctx: DurableContext) -> list[str]:
    batch = ctx.map(
        ["x", "y"], in_capitals, name="op-serde-replay", serializer=Joined(), max_concurrency=1
    )
    ctx.wait(1)
    return batch.results
