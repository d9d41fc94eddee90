"""Which branches of a `def` handler have threads of their own: those that wait for something."""

import threading
from typing import Any

import pytest

from lambda_durable import Place
from lambda_durable.effects import Call, Group
from lambda_durable.runtimes import workers
from lambda_durable.runtimes.pace import Pace

from .flavours import Threads
from .test_own_operations import Together, together
from .world import World

THREADS = Threads()
BRANCHES = 8


@pytest.fixture(params=[True, False], ids=["prompt", "slow"])
def is_prompt(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Return whether requests take next to no time, as far as the runtime knows."""
    monkeypatch.setattr(Pace, "is_prompt", request.param)
    return bool(request.param)


@pytest.fixture
def stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody who waits becomes impatient, however slow the machine is."""
    monkeypatch.setattr(workers, "monotonic", lambda: 0.0)


def test_branches_that_compute_share_a_thread(
    world: World, monkeypatch: pytest.MonkeyPatch, stands_still: None
) -> None:
    monkeypatch.setattr(Pace, "is_prompt", True)

    async def branch(ctx: Any) -> int:
        return await ctx.step(threading.get_ident, name="where")

    async def program(event: Any, ctx: Any) -> Any:
        return await ctx.run(together(THREADS, *[branch] * BRANCHES))

    threads = world.run(THREADS.handler(program)).value
    assert len(threads) == BRANCHES
    assert len(set(threads)) == 1


def test_branches_that_wait_for_each_other_have_threads(world: World, is_prompt: bool) -> None:
    meet = threading.Barrier(BRANCHES, timeout=60)

    async def branch(ctx: Any) -> int:
        await ctx.step(meet.wait, name="meet")
        return threading.get_ident()

    async def program(event: Any, ctx: Any) -> Any:
        return await ctx.run(together(THREADS, *[branch] * BRANCHES))

    assert len(set(world.run(THREADS.handler(program)).value)) == BRANCHES


def test_an_operation_that_works_beside_its_branches(
    world: World, is_prompt: bool, stands_still: None
) -> None:
    """Its own work, as its first branch, waits for the second one."""
    has_run = threading.Event()
    in_time = []

    class Busy(Together):
        async def _collect(self, here: Place, group: Group) -> dict[int, Any]:
            in_time.append(await Call(here.call("step"), has_run.wait, (60,)))
            return await super()._collect(here, group)

    def first(ctx: Any) -> bool:
        return ctx.step(has_run.wait, 60, name="first")

    def second(ctx: Any) -> None:
        ctx.step(has_run.set, name="second")

    async def program(event: Any, ctx: Any) -> Any:
        return await ctx.run(Busy([first, second]))

    assert world.run(THREADS.handler(program)).value == [True, None]
    assert in_time == [True]
