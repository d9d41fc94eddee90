"""What the other words of a context return."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any, assert_type
from uuid import UUID

from lambda_durable import (
    AsyncDurableContext,
    ChildContextError,
    DurableContext,
    DurableHandler,
    Place,
    durable_execution,
)


class Order:
    def total(self, rate: float) -> float:
        return rate


def greet(name: str, punctuation: str = "!") -> str:
    return name + punctuation


async def fetch(url: str) -> bytes:
    return url.encode()


def child(ctx: DurableContext, left: int, right: str) -> dict[str, int]:
    return {right: ctx.step(len, [left])}


async def async_child(ctx: AsyncDurableContext, left: int) -> dict[str, int]:
    return {"n": await ctx.step(len, [left])}


def grow(state: list[int]) -> list[int]:
    return [*state, 1]


async def async_grow(state: list[int]) -> list[int]:
    return [*state, 1]


class Own:
    """An operation of one's own."""

    type = "STEP"
    subtype: str | None = None
    name: str | None = "own"

    async def flow(self, here: Place, /) -> tuple[int, str]:
        return (1, here.id)


def plain(ctx: DurableContext) -> None:
    assert_type(ctx.step(fetch, "https://example.com"), bytes)
    assert_type(ctx.step(greet, "you"), str)
    assert_type(ctx.step(Order().total, 0.2, retry="transient"), float)
    assert_type(ctx.step(partial(greet, punctuation="?"), "you"), str)
    assert_type(ctx.step(lambda: 5, name="five", semantics="at-most-once"), int)
    ctx.step(greet, "you", retry=lambda error, attempt, elapsed: timedelta(seconds=attempt))
    ctx.wait(5)
    ctx.wait(timedelta(days=1), name="a day")
    assert_type(ctx.invoke("function", {"any": "json"}), Any)
    assert_type(ctx.invoke("function", result_type=Order, tenant_id="acme"), Order)
    assert_type(ctx.run_in_child_context(child, 1, "a"), dict[str, int])
    ctx.run_in_child_context(child, 1, "a", map_error=lambda error: ValueError(error.name))
    assert_type(ctx.wait_for_condition(grow, [0], until=lambda state: len(state) > 3), list[int])
    assert_type(ctx.run(Own()), tuple[int, str])
    assert_type(ctx.is_replaying, bool)


async def awaited(ctx: AsyncDurableContext) -> None:
    assert_type(await ctx.step(fetch, "https://example.com"), bytes)
    assert_type(await ctx.step(greet, "you"), str)
    await ctx.wait(timedelta(hours=2))
    assert_type(await ctx.invoke("function", 5, result_type=Order), Order)
    assert_type(await ctx.run_in_child_context(async_child, 1), dict[str, int])
    assert_type(
        await ctx.wait_for_condition(async_grow, [1], until=lambda state: len(state) > 3), list[int]
    )
    assert_type(await ctx.wait_for_condition(grow, [1], until=bool), list[int])
    assert_type(await ctx.run(Own()), tuple[int, str])


@durable_execution
def handler(event: dict[str, int], ctx: DurableContext) -> int:
    return ctx.step(len, event)


@durable_execution(retry="transient", plugins=[])
async def async_handler(event: dict[str, int], ctx: AsyncDurableContext) -> int:
    return await ctx.step(len, event)


def unit_test(ctx: DurableContext) -> None:
    assert_type(handler({"a": 1}, ctx), int)
    as_handler: DurableHandler[dict[str, int], int] = handler
    assert as_handler.function({"a": 1}, ctx) == 1


def on_error(error: ChildContextError) -> Exception:
    return error


def replay_values(ctx: DurableContext, async_ctx: AsyncDurableContext) -> None:
    assert_type(ctx.now(), datetime)
    assert_type(ctx.random(), float)
    assert_type(async_ctx.uuid4(), UUID)
