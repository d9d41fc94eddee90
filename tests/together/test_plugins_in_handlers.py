"""Handlers use the retry and serializer plugins by name, by object and by default."""

from __future__ import annotations

import enum
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from lambda_durable import (
    AsyncDurableContext,
    ConditionNotMetError,
    DurableContext,
    DurableHandler,
    current_step,
    durable_execution,
)
from lambda_durable_kernel import Finished, FunctionSpec, Simulation
from lambda_durable_retry import errors, retry, stop_after, wait_exponential

Handler = DurableHandler[Any, Any]


class Colour(enum.Enum):
    RED = "red"


@dataclass(frozen=True)
class Line:
    sku: str
    price: Decimal


@dataclass(frozen=True)
class Order:
    id: uuid.UUID
    lines: tuple[Line, ...]
    placed: datetime
    due: date | None
    colours: frozenset[Colour]
    patience: timedelta


ORDER = Order(
    uuid.UUID(int=7),
    (Line("tea", Decimal("2.50")), Line("cup", Decimal(7))),
    datetime(2026, 11, 21, 8, 30, tzinfo=UTC),
    date(2026, 12, 24),
    frozenset({Colour.RED}),
    timedelta(minutes=90),
)


def load_order() -> Order:
    return ORDER


def run(handler: Handler, *plain: tuple[str, Callable[[Any], Any]]) -> tuple[Finished, Simulation]:
    simulation = Simulation(
        lambda name, event, told: handler.run_invocation(event, None, service=told.service)
    )
    for name, function in plain:
        simulation.register(
            FunctionSpec(name, durable=False), lambda _, event, told, f=function: f(event)
        )
    return simulation.register("main").run("main"), simulation


def both(
    plain: Callable[[Any, DurableContext], Any], awaited: Callable[[Any, AsyncDurableContext], Any]
) -> list[Any]:
    return [
        pytest.param(durable_execution(plain), id="def"),
        pytest.param(durable_execution(awaited), id="async"),
    ]


seen: list[Any] = []


def keeps_types(event: Any, ctx: DurableContext) -> None:
    def child(own: DurableContext) -> list[Order]:
        return [own.step(load_order)]

    order = ctx.step(load_order)
    ctx.wait(5)
    loose = ctx.step(lambda: (ORDER.placed, {1, 2}, b"bytes"), name="loose")
    seen.append((order, loose, ctx.run_in_child_context(child)))
    ctx.wait(5)


async def async_keeps_types(event: Any, ctx: AsyncDurableContext) -> None:
    async def child(own: AsyncDurableContext) -> list[Order]:
        return [await own.step(load_order)]

    order = await ctx.step(load_order)
    await ctx.wait(5)
    loose = await ctx.step(lambda: (ORDER.placed, {1, 2}, b"bytes"), name="loose")
    seen.append((order, loose, await ctx.run_in_child_context(child)))
    await ctx.wait(5)


@pytest.mark.parametrize("handler", both(keeps_types, async_keeps_types))
def test_results_keep_their_types_on_every_run(handler: Handler) -> None:
    seen.clear()
    finished, _ = run(handler)
    assert finished.status == "SUCCEEDED", finished.error
    expected = (ORDER, (ORDER.placed, {1, 2}, b"bytes"), [ORDER])
    assert seen == [expected, expected]


def attempt_of(failure: type[Exception], successes_at: int) -> int:
    attempt = current_step().attempt
    if attempt < successes_at:
        raise failure(f"attempt {attempt}")
    return attempt


def retries(event: Any, ctx: DurableContext) -> Any:
    own = retry(wait_exponential(), stop=stop_after(attempts=6), on=errors(KeyError))
    return [
        ctx.step(attempt_of, OSError, 3, name="by default"),
        ctx.step(attempt_of, TimeoutError, 3, name="by name", retry="transient"),
        ctx.step(attempt_of, KeyError, 5, name="by object", retry=own),
    ]


async def async_retries(event: Any, ctx: AsyncDurableContext) -> Any:
    own = retry(wait_exponential(), stop=stop_after(attempts=6), on=errors(KeyError))
    return [
        await ctx.step(attempt_of, OSError, 3, name="by default"),
        await ctx.step(attempt_of, TimeoutError, 3, name="by name", retry="transient"),
        await ctx.step(attempt_of, KeyError, 5, name="by object", retry=own),
    ]


@pytest.mark.parametrize("handler", both(retries, async_retries))
def test_retries_by_default_by_name_and_by_object(handler: Handler) -> None:
    finished, _ = run(handler)
    assert finished.value == [3, 3, 5]


def programming_error(event: Any, ctx: DurableContext) -> Any:
    return ctx.step(attempt_of, TypeError, 2)


async def async_programming_error(event: Any, ctx: AsyncDurableContext) -> Any:
    return await ctx.step(attempt_of, TypeError, 2)


@pytest.mark.parametrize("handler", both(programming_error, async_programming_error))
def test_programming_errors_are_not_retried_by_default(handler: Handler) -> None:
    finished, _ = run(handler)
    assert (finished.status, finished.invocations) == ("FAILED", 1)
    assert finished.error is not None
    assert finished.error["ErrorType"] == "TypeError"


def invokes(event: Any, ctx: DurableContext) -> Any:
    line = ctx.invoke("prices", "tea", result_type=Line)
    seen.append(line)
    return line.sku


async def async_invokes(event: Any, ctx: AsyncDurableContext) -> Any:
    line = await ctx.invoke("prices", "tea", result_type=Line)
    seen.append(line)
    return line.sku


@pytest.mark.parametrize("handler", both(invokes, async_invokes))
def test_an_invokes_result_gets_its_declared_type(handler: Handler) -> None:
    seen.clear()
    finished, _ = run(handler, ("prices", lambda sku: {"sku": sku, "price": "2.50"}))
    assert finished.value == "tea", finished.error
    assert seen == [Line("tea", Decimal("2.50"))]


def gives_up(event: Any, ctx: DurableContext) -> Any:
    try:
        ctx.wait_for_condition(
            lambda state: state + Decimal(1), Decimal(0), name="c", until=lambda state: False
        )
    except ConditionNotMetError as error:
        seen.append(error.state)


async def async_gives_up(event: Any, ctx: AsyncDurableContext) -> Any:
    try:
        await ctx.wait_for_condition(
            lambda state: state + Decimal(1), Decimal(0), name="c", until=lambda state: False
        )
    except ConditionNotMetError as error:
        seen.append(error.state)


@pytest.mark.parametrize("handler", both(gives_up, async_gives_up))
def test_the_last_state_of_a_condition_keeps_its_type(handler: Handler) -> None:
    seen.clear()
    run(handler)
    assert seen == [Decimal(60)]


def named(event: Any, ctx: DurableContext) -> Any:
    seen.append(ctx.step(load_order, serializer="compressed"))
    ctx.wait(1)


async def async_named(event: Any, ctx: AsyncDurableContext) -> Any:
    seen.append(await ctx.step(load_order, serializer="compressed"))
    await ctx.wait(1)


@pytest.mark.parametrize("handler", both(named, async_named))
def test_a_serializer_by_name_is_told_the_declared_type(handler: Handler) -> None:
    seen.clear()
    finished, simulation = run(handler)
    assert finished.status == "SUCCEEDED", finished.error
    assert seen == [ORDER, ORDER]
    assert "!as" not in str(simulation.service.operations(finished.arn))
