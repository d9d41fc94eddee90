"""Near the end of an invocation's time nothing is begun, and a later invocation goes on."""

import threading
from typing import Any

import pytest

from lambda_durable.runtimes import deadline

from .world import World


class Clock:
    """The time that the runtimes see; it stands still unless it is told to go on."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(deadline, "monotonic", clock.monotonic)
    return clock


class Context:
    """Lambda's context; each invocation has 30 s."""

    def get_remaining_time_in_millis(self) -> int:
        return 30_000


def _run(world: World, handler: Any) -> Any:
    world.simulation.register(
        "main",
        lambda _, event, told: handler.run_invocation(event, Context(), service=told.service),
    )
    return world.simulation.run("main")


def test_a_long_sequence_goes_on_in_further_invocations(
    flavour: Any, world: World, clock: Clock
) -> None:
    ran = []

    def body(number: int) -> int:
        ran.append(number)
        clock.now += 12
        return number

    async def program(event: Any, ctx: Any) -> Any:
        return [await ctx.step(body, number, name=f"s{number}") for number in range(10)]

    finished = _run(world, flavour.handler(program))
    assert finished.value == list(range(10))
    assert ran == list(range(10))
    # 12 s each: after three, at 36 s, the fourth is not begun.
    assert finished.invocations == 4
    assert "InvocationFailed" not in world.history()
    assert world.errors == []
    timers = [r for r in world.records() if r.get("Name") == deadline.NAME]
    assert len(timers) == 3


def test_at_most_once_is_not_counted_as_interrupted(
    flavour: Any, world: World, clock: Clock
) -> None:
    def body() -> None:
        clock.now += 29.5

    async def program(event: Any, ctx: Any) -> Any:
        for number in range(3):
            await ctx.step(body, name=f"s{number}", semantics="at-most-once")
        return "done"

    finished = _run(world, flavour.handler(program))
    assert finished.value == "done"
    assert finished.invocations == 3


def test_what_runs_may_finish(flavour: Any, world: World, clock: Clock) -> None:
    begun, late = threading.Event(), threading.Event()

    def slow() -> str:
        begun.set()
        assert late.wait(10)
        return "finished"

    def long() -> None:
        assert begun.wait(10)
        clock.now += 29.5

    async def program(event: Any, ctx: Any) -> Any:
        running = ctx.start.step(slow)
        await ctx.step(long)
        threading.Timer(0.1, late.set).start()
        last = await ctx.step(lambda: "last", name="last")
        return [last, await running]

    finished = _run(world, flavour.handler(program))
    assert finished.value == ["last", "finished"]
    assert finished.invocations == 2
    assert world.errors == []


def test_an_invocation_that_comes_to_nothing_is_an_error(
    flavour: Any, world: World, clock: Clock
) -> None:
    invocations = []

    async def program(event: Any, ctx: Any) -> Any:
        invocations.append(1)
        if len(invocations) < 3:
            clock.now += 30  # replay alone takes all the time there is
        return await ctx.step(lambda: "done", name="s")

    finished = _run(world, flavour.handler(program))
    assert finished.value == "done"
    assert len(world.errors) == 2
    assert "give the function a longer time-out" in str(world.errors[0])
