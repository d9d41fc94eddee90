"""Programs in our `def` flavour."""

import time
from collections.abc import Callable
from typing import Any

from lambda_durable import DurableContext

from .ours import hosted, started, workflow_test
from .values import DAY, KINDS

__all__ = ["PROGRAMS", "hosted", "started", "workflow_test"]


def one() -> int:
    """Do nothing, in a step."""
    return 1


def no_op() -> Any:
    """Return a handler that does nothing."""

    def handler(event: Any, ctx: DurableContext) -> None:
        return None

    return handler


def wait() -> Any:
    """Return a handler that waits once."""

    def handler(event: Any, ctx: DurableContext) -> None:
        ctx.wait(3600)

    return handler


def waits(number: int) -> Any:
    """Return a handler that waits for a day, so many times."""

    def handler(event: Any, ctx: DurableContext) -> None:
        for _ in range(number):
            ctx.wait(DAY)

    return handler


def step_wait_step() -> Any:
    """Return a handler of two steps and a wait."""

    def handler(event: Any, ctx: DurableContext) -> None:
        ctx.step(one, name="first")
        ctx.wait(3600)
        ctx.step(one, name="second")

    return handler


def steps(number: int) -> Any:
    """Return a handler of so many steps, one after the other."""

    def handler(event: Any, ctx: DurableContext) -> None:
        for _ in range(number):
            ctx.step(one, name="step")

    return handler


def mapped(number: int, limit: int | None = None, wait: bool = False, sleep: float = 0) -> Any:
    """Return a handler of a map: each item one step, that may sleep, and perhaps a wait."""

    def slow() -> int:
        time.sleep(sleep)
        return 1

    def item(ctx: DurableContext, value: int) -> int:
        result = ctx.step(slow if sleep else one, name="step")
        if wait:
            ctx.wait(3600)
        return result

    def handler(event: Any, ctx: DurableContext) -> int:
        return len(ctx.map(range(number), item, max_concurrency=limit).results)

    return handler


def payloads(number: int, kind: str, size: int) -> Any:
    """Return a handler of so many steps that return a value of that size."""
    make = KINDS[kind]

    def handler(event: Any, ctx: DurableContext) -> None:
        for _ in range(number):
            ctx.step(make, size, name="step")

    return handler


def child(size: int) -> Any:
    """Return a handler with a child context whose result is too large to be kept."""
    make = KINDS["rows"]

    def halves(ctx: DurableContext) -> list[Any]:
        first: list[Any] = ctx.step(make, size // 2, name="first")
        second: list[Any] = ctx.step(make, size // 2, name="second")
        return [*first, *second]

    def handler(event: Any, ctx: DurableContext) -> int:
        return len(ctx.run_in_child_context(halves, name="child"))

    return handler


PROGRAMS: dict[str, Callable[..., Any]] = {
    "no_op": no_op,
    "wait": wait,
    "waits": waits,
    "step_wait_step": step_wait_step,
    "steps": steps,
    "mapped": mapped,
    "payloads": payloads,
    "child": child,
}
