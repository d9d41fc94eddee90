"""Parallel and map: nested, flat, and with results that are not kept."""

from typing import Any

import bodies

from lambda_durable import DurableContext, durable_execution


def doubled(ctx: DurableContext, number: int) -> int:
    ctx.wait(1, name=f"pause-{number}")
    return ctx.step(bodies.double, number, name=f"double-{number}")


def reserved(ctx: DurableContext) -> str:
    return ctx.step(bodies.reserve, ["tea"])


def shipped(ctx: DurableContext) -> str:
    ctx.wait(1, name="truck")
    return ctx.step(bodies.ship, "pot")


@durable_execution
def maps(event: list[int], ctx: DurableContext) -> list[int]:
    return ctx.map(event, doubled, name="numbers").results


@durable_execution
def maps_flat(event: list[int], ctx: DurableContext) -> list[int]:
    return ctx.map(event, doubled, name="numbers", nesting="flat").results


@durable_execution
def branches(event: None, ctx: DurableContext) -> list[str]:
    return ctx.parallel([reserved, shipped], name="both").results


@durable_execution
def branches_flat(event: None, ctx: DurableContext) -> list[str]:
    return ctx.parallel([reserved, shipped], name="both", nesting="flat").results


@durable_execution
def maps_overflowing(event: str, ctx: DurableContext) -> dict[str, Any]:
    runs: dict[int, str] = {}

    def large(own: DurableContext, number: int) -> str:
        runs[number] = own.step(bodies.token, name=f"token-{number}")
        return str(number) * bodies.LARGE

    nesting: Any = event
    batch = ctx.map([1, 2, 3], large, name="large", nesting=nesting)
    sizes = [len(result) for result in batch.results]
    ctx.wait(1, name="one")
    ctx.wait(1, name="two")
    return {"sizes": sizes, "tokens": [runs[number] for number in (1, 2, 3)]}


@durable_execution
def branches_overflowing(event: str, ctx: DurableContext) -> dict[str, Any]:
    runs: dict[str, str] = {}

    def left(own: DurableContext) -> str:
        runs["left"] = own.step(bodies.token, name="token-left")
        return "l" * bodies.LARGE

    def right(own: DurableContext) -> str:
        runs["right"] = own.step(bodies.token, name="token-right")
        return "r" * bodies.LARGE

    nesting: Any = event
    batch = ctx.parallel([left, right], name="large", nesting=nesting)
    sizes = [len(result) for result in batch.results]
    ctx.wait(1, name="one")
    ctx.wait(1, name="two")
    return {"sizes": sizes, "tokens": [runs["left"], runs["right"]]}
