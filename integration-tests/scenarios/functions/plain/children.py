"""Child contexts: nested, failing, and with a result that is not kept."""

from typing import Any

import bodies

from lambda_durable import ChildContextError, DurableContext, durable_execution


def inner(ctx: DurableContext, item: str) -> str:
    reserved = ctx.step(bodies.reserve, [item])
    ctx.wait(1, name="inside")
    return ctx.step(bodies.ship, reserved)


def outer(ctx: DurableContext, items: list[str]) -> list[str]:
    return [ctx.run_in_child_context(inner, item, name=item) for item in items]


def failing(ctx: DurableContext) -> str:
    return ctx.step(bodies.fail, retry="none")


@durable_execution
def nests(event: list[str], ctx: DurableContext) -> list[str]:
    return ctx.run_in_child_context(outer, event)


@durable_execution
def recovers(event: str, ctx: DurableContext) -> str:
    try:
        return ctx.run_in_child_context(failing)
    except ChildContextError:
        return ctx.step(bodies.ship, event)


@durable_execution
def overflows(event: None, ctx: DurableContext) -> dict[str, Any]:
    runs: list[str] = []

    def large(own: DurableContext) -> str:
        runs.append(own.step(bodies.token))
        return "x" * bodies.LARGE

    size = len(ctx.run_in_child_context(large))
    ctx.wait(1, name="one")
    ctx.wait(1, name="two")
    return {"size": size, "tokens": runs}
