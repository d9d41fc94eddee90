"""A branch is passed over if it waits for another one, and never because the machine is slow."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from lambda_durable import AsyncDurableContext, DurableContext, durable_execution
from lambda_durable_testing import LocalRunner, run
from lambda_durable_testing.runtimes import tasks, turns
from lambda_durable_testing.runtimes.patience import BUSY_TICKS, STILL_TICKS, Patience


@contextmanager
def a_thread_that(waits: bool) -> Iterator[int]:
    """Run a thread that waits, or one that looks again and again; tell its number."""
    over = threading.Event()

    def work() -> None:
        if waits:
            over.wait()
        while not over.is_set():
            pass

    thread = threading.Thread(target=work)
    thread.start()
    try:
        assert thread.ident is not None
        yield thread.ident
    finally:
        over.set()
        thread.join()


def ticks_until_over(patience: Patience, subject: object, thread: int | None) -> int:
    return next(n for n in range(1, 1000) if patience.is_over(subject, thread))


def test_one_that_stands_at_one_instruction() -> None:
    with a_thread_that(waits=True) as thread:
        while sys._current_frames()[thread].f_code.co_name == "work":
            pass  # it is on its way
        assert ticks_until_over(Patience(), 1, thread) in range(STILL_TICKS, BUSY_TICKS)
    assert ticks_until_over(Patience(), 1, None) in range(STILL_TICKS, BUSY_TICKS)


def test_one_that_looks_again_and_again() -> None:
    positions = iter(range(10_000))
    patience = Patience()
    asked = 0
    while not patience.is_over(1, None):
        patience._position = next(positions)  # as if it had been elsewhere
        asked += 1
    assert asked == BUSY_TICKS


def test_counting_begins_anew_with_another_holder() -> None:
    patience = Patience()
    for _ in range(STILL_TICKS):
        assert not patience.is_over(1, None)
    assert ticks_until_over(patience, 2, None) > STILL_TICKS // 2


@pytest.mark.parametrize("is_async", [False, True])
def test_bodies_that_wait_for_each_other(
    monkeypatch: pytest.MonkeyPatch, *, is_async: bool
) -> None:
    monkeypatch.setattr(turns, "TICK_SECONDS", 0.01)
    monkeypatch.setattr(tasks, "TICK_SECONDS", 0.01)
    said = threading.Event()

    def listens() -> str:
        return "heard" if said.wait(50) else "nothing"

    def says() -> str:
        said.set()
        return "said"

    @durable_execution
    def handler(event: Any, ctx: DurableContext) -> Any:
        branches = {
            "a": lambda own: own.step(listens),
            "b": lambda own: own.step(says),
        }
        return list(ctx.parallel(branches).results)

    @durable_execution
    async def async_handler(event: Any, ctx: AsyncDurableContext) -> Any:
        branches = {
            "a": lambda own: own.step(listens),
            "b": lambda own: own.step(says),
        }
        return list((await ctx.parallel(branches)).results)

    assert run(async_handler if is_async else handler).result == ["heard", "said"]


@pytest.mark.parametrize("is_async", [False, True])
def test_the_end_of_an_invocation_is_on_the_virtual_clock(*, is_async: bool) -> None:
    def slow() -> None:
        runner.clock.advance(99.5)

    @durable_execution
    def handler(event: Any, ctx: DurableContext) -> None:
        ctx.step(slow, name="first")
        ctx.step(print, name="second")

    @durable_execution
    async def async_handler(event: Any, ctx: AsyncDurableContext) -> None:
        await ctx.step(slow, name="first")
        await ctx.step(print, name="second")

    runner = LocalRunner(async_handler if is_async else handler, timeout=100)
    result = runner.run()
    assert [each.name for each in result.operations] == ["first", "invocation deadline", "second"]
    assert result.invocations == 2
