"""Programs in our `async def` flavour."""

import asyncio
from collections.abc import Callable
from typing import Any

from lambda_durable import AsyncDurableContext

from .ours import hosted, started, workflow_test
from .values import DAY, KINDS

__all__ = ["PROGRAMS", "hosted", "started", "workflow_test"]


async def one() -> int:
    """Do nothing, in a step."""
    return 1


def no_op() -> Any:
    """Return a handler that does nothing."""

    async def handler(event: Any, ctx: AsyncDurableContext) -> None:
        return None

    return handler


def wait() -> Any:
    """Return a handler that waits once."""

    async def handler(event: Any, ctx: AsyncDurableContext) -> None:
        await ctx.wait(3600)

    return handler


def waits(number: int) -> Any:
    """Return a handler that waits for a day, so many times."""

    async def handler(event: Any, ctx: AsyncDurableContext) -> None:
        for _ in range(number):
            await ctx.wait(DAY)

    return handler


def step_wait_step() -> Any:
    """Return a handler of two steps and a wait."""

    async def handler(event: Any, ctx: AsyncDurableContext) -> None:
        await ctx.step(one, name="first")
        await ctx.wait(3600)
        await ctx.step(one, name="second")

    return handler


def steps(number: int) -> Any:
    """Return a handler of so many steps, one after the other."""

    async def handler(event: Any, ctx: AsyncDurableContext) -> None:
        for _ in range(number):
            await ctx.step(one, name="step")

    return handler


def mapped(number: int, limit: int | None = None, wait: bool = False, sleep: float = 0) -> Any:
    """Return a handler of a map: each item one step, that may sleep, and perhaps a wait."""

    async def slow() -> int:
        await asyncio.sleep(sleep)
        return 1

    async def item(ctx: AsyncDurableContext, value: int) -> int:
        result = await ctx.step(slow if sleep else one, name="step")
        if wait:
            await ctx.wait(3600)
        return result

    async def handler(event: Any, ctx: AsyncDurableContext) -> int:
        return len((await ctx.map(range(number), item, max_concurrency=limit)).results)

    return handler


def payloads(number: int, kind: str, size: int) -> Any:
    """Return a handler of so many steps that return a value of that size."""

    async def make() -> Any:
        return KINDS[kind](size)

    async def handler(event: Any, ctx: AsyncDurableContext) -> None:
        for _ in range(number):
            await ctx.step(make, name="step")

    return handler


def child(size: int) -> Any:
    """Return a handler with a child context whose result is too large to be kept."""

    async def make() -> Any:
        return KINDS["rows"](size // 2)

    async def halves(ctx: AsyncDurableContext) -> list[Any]:
        first: list[Any] = await ctx.step(make, name="first")
        second: list[Any] = await ctx.step(make, name="second")
        return [*first, *second]

    async def handler(event: Any, ctx: AsyncDurableContext) -> int:
        return len(await ctx.run_in_child_context(halves, name="child"))

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
