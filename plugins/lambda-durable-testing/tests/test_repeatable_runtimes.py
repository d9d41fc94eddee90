"""Equal choices give equal runs, other choices other ones, and right programs end alike."""

import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambda_durable import AsyncDurableContext, DurableContext, DurableHandler, durable_execution
from lambda_durable_testing import LocalRunner
from lambda_durable_testing.crashes.conditions import Scheduled
from lambda_durable_testing.crashes.schedules import Schedule

Handler = DurableHandler[Any, Any]


def leaf(ctx: DurableContext, item: int) -> int:
    first = ctx.step(lambda: item, name="first")
    ctx.wait(item + 1)
    return first + ctx.step(lambda: 10 * item, name="second")


@durable_execution
def nested(event: Any, ctx: DurableContext) -> list[Any]:
    def inner(own: DurableContext) -> list[int]:
        later = own.start.step(lambda: 7, name="later")
        values = own.map([1, 2, 3], leaf, max_concurrency=2, name="inner").results
        return [*values, later.result()]

    return list(ctx.parallel({"a": inner, "b": inner, "c": inner}, name="outer").results)


async def async_leaf(ctx: AsyncDurableContext, item: int) -> int:
    first = await ctx.step(lambda: item, name="first")
    await ctx.wait(item + 1)
    return first + await ctx.step(lambda: 10 * item, name="second")


@durable_execution
async def async_nested(event: Any, ctx: AsyncDurableContext) -> list[Any]:
    async def inner(own: AsyncDurableContext) -> list[int]:
        later = own.start.step(lambda: 7, name="later")
        values = (await own.map([1, 2, 3], async_leaf, max_concurrency=2, name="inner")).results
        return [*values, await later]

    return list((await ctx.parallel({"a": inner, "b": inner, "c": inner}, name="outer")).results)


NESTED = pytest.mark.parametrize("handler", [nested, async_nested], ids=["def", "async"])


def traced(handler: Handler, schedule: Schedule, seed: int | None) -> tuple[Any, Scheduled]:
    conditions = Scheduled(schedule, None if seed is None else Random(seed))
    result = LocalRunner(handler, conditions=conditions).run()
    assert result.result == [[11, 22, 33, 7]] * 3
    return result, conditions


@NESTED
@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 1_000_000), fine=st.booleans())
def test_every_order_ends_alike_and_can_be_repeated(
    handler: Handler, seed: int, fine: bool
) -> None:
    first, conditions = traced(handler, Schedule(fine=fine), seed)
    made = Schedule(switches=tuple(conditions.switched), fine=fine)
    second, repeated = traced(handler, Schedule.read(str(made)), None)
    assert repeated.timeline.lines == conditions.timeline.lines
    assert str(second) == str(first)


def test_every_instruction_is_seen_whatever_ran_before() -> None:
    # In a process of its own, where none of it has run yet.
    program = (
        "from lambda_durable_testing.crashes.schedules import Schedule\n"
        "from test_repeatable_runtimes import nested, traced\n"
        "for fine in (True, True, False, True, True):\n"
        "    print(traced(nested, Schedule(fine=fine), None)[1].turns)\n"
    )
    told = subprocess.check_output(
        [sys.executable, "-c", program], text=True, cwd=Path(__file__).parent
    )
    first, second, coarse, *later = map(int, told.split())
    assert second == first > coarse
    assert later == [first, first]


@NESTED
def test_orders_differ(handler: Handler) -> None:
    seen = {tuple(traced(handler, Schedule(), seed)[1].timeline.lines) for seed in range(10)}
    assert len(seen) > 5


def test_a_branch_that_is_left_behind_does_nothing_more() -> None:
    ran: list[str] = []

    @durable_execution
    def handler(event: Any, ctx: DurableContext) -> str:
        def slow(own: DurableContext) -> None:
            own.wait(5)
            own.step(ran.append, "slow", name="slow")

        ctx.start.run_in_child_context(slow, name="left behind")
        return ctx.step(lambda: "done", name="fast")

    runner = LocalRunner(handler)
    assert runner.run().result == "done"
    assert ran == []
