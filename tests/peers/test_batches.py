"""Batches: losers that still run, places of branches that wait, and threads."""

import threading
from types import ModuleType
from typing import Any

import pytest
from behaviour.world import World

from lambda_durable.runtimes import threadpool, workers
from lambda_durable_concurrency import all_completed, first_successful

MANY = 2_000
PASSED = 1_150
"""Threads of the official SDK that run at once here; it would take as many as there are items."""

TOGETHER = min(workers.RUNNING_LIMIT, threadpool.BODY_THREADS)
ALLOWED = 2 * max(workers.RUNNING_LIMIT, threadpool.BODY_THREADS) + 8
"""Threads beside the others: for branches, for bodies, and for the service."""

HOUR = 3600


def test_a_loser_does_not_hold_the_invocation(flavour: Any, world: World) -> None:
    released, asleep, told = threading.Event(), threading.Event(), threading.Event()

    def loser() -> None:
        asleep.set()
        released.wait()
        told.set()

    async def wins(ctx: Any) -> str:
        return await ctx.step(_after(asleep), name="winner")

    async def loses(ctx: Any) -> None:
        await ctx.step(loser, name="loser")

    async def program(event: Any, ctx: Any) -> Any:
        batch = await ctx.parallel([wins, loses], completion=first_successful())
        return [batch.results, batch.completion_reason, [item.status for item in batch]]

    try:
        # The loser sleeps until the execution has ended.
        value = world.run(flavour.handler(program)).value
    finally:
        released.set()
    assert value == [["won"], "MIN_SUCCESSFUL_REACHED", ["SUCCEEDED", "STARTED"]]
    assert told.wait(30)  # it was abandoned, not killed
    assert world.record("loser")["Status"] == "STARTED"


def test_officially_a_loser_holds_the_invocation(
    official: Any, sdk: ModuleType, world: World
) -> None:
    from aws_durable_execution_sdk_python.config import CompletionConfig, ParallelConfig

    released, asleep, left = threading.Event(), threading.Event(), threading.Event()

    def loser(_: Any) -> None:
        asleep.set()
        released.wait()

    def program(event: Any, ctx: Any) -> Any:
        win = _after(asleep)
        batch = ctx.parallel(
            [
                lambda own: own.step(lambda _: win(), name="winner"),
                lambda own: own.step(loser, name="loser"),
            ],
            config=ParallelConfig(completion_config=CompletionConfig.first_successful()),
        )
        left.set()
        return [item.result for item in batch.succeeded()]

    values: list[Any] = []
    running = threading.Thread(target=lambda: values.append(world.run(official(program)).value))
    running.start()
    assert left.wait(30)
    # The handler has returned; its invocation waits for as long as the loser sleeps.
    running.join(0.5)
    assert running.is_alive()
    released.set()
    running.join(30)
    assert values == [["won"]]


def _after(moment: threading.Event) -> Any:
    def win() -> str:
        moment.wait()
        return "won"

    return win


def test_an_item_that_waits_frees_its_place(flavour: Any, world: World) -> None:
    ran: list[str] = []

    async def item(ctx: Any, number: int) -> int:
        await ctx.step(ran.append, f"before {number}", name="before")
        await ctx.wait(HOUR)
        await ctx.step(ran.append, f"after {number}", name="after")
        return number

    async def program(event: Any, ctx: Any) -> Any:
        return (await ctx.map(range(3), item, max_concurrency=1)).results

    began = world.simulation.now
    assert world.run(flavour.handler(program)).value == [0, 1, 2]
    assert world.simulation.now - began == HOUR
    assert ran[:3] == ["before 0", "before 1", "before 2"]
    assert sorted(ran[3:]) == ["after 0", "after 1", "after 2"]


def test_officially_an_item_that_waits_keeps_its_place(
    official: Any, sdk: ModuleType, world: World
) -> None:
    from aws_durable_execution_sdk_python.config import Duration, MapConfig

    ran: list[str] = []

    def item(ctx: Any, number: int, index: int, items: Any) -> int:
        ctx.step(lambda _: ran.append(f"before {number}"), name="before")
        ctx.wait(Duration(HOUR))
        ctx.step(lambda _: ran.append(f"after {number}"), name="after")
        return number

    def program(event: Any, ctx: Any) -> Any:
        batch = ctx.map(list(range(3)), item, config=MapConfig(max_concurrency=1))
        return [each.result for each in batch.succeeded()]

    began = world.simulation.now
    assert world.run(official(program)).value == [0, 1, 2]
    # The waits follow one another: three items take three times as long.
    assert world.simulation.now - began == 3 * HOUR
    assert ran[:3] == ["before 0", "after 0", "before 1"]


@pytest.mark.timeout(600)
def test_threads_are_bounded_however_many_items_there_are(flavour: Any, world: World) -> None:
    crowd = Crowd(TOGETHER)

    async def item(ctx: Any, number: int) -> int:
        return await ctx.step(crowd.meet, name="step")

    async def program(event: Any, ctx: Any) -> Any:
        return sum((await ctx.map(range(MANY), item, completion=all_completed())).results)

    before = threading.active_count()
    assert world.run(flavour.handler(program)).value == MANY
    assert crowd.threads - before <= ALLOWED


@pytest.mark.timeout(600)
def test_officially_each_item_takes_a_thread(official: Any, sdk: ModuleType, world: World) -> None:
    crowd = Crowd(PASSED)

    def item(ctx: Any, number: int, index: int, items: Any) -> int:
        return ctx.step(lambda _: crowd.meet(), name="step")  # type: ignore[no-any-return]

    def program(event: Any, ctx: Any) -> Any:
        batch = ctx.map(list(range(MANY)), item)
        return sum(each.result for each in batch.succeeded())

    before = threading.active_count()
    assert world.run(official(program)).value == MANY
    # So many bodies have met, each on a thread of its own.
    assert crowd.threads - before >= PASSED


class Crowd:
    """Holds everyone up until so many have come, and counts the threads."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._met = threading.Condition()
        self._came = 0
        self.threads = 0

    def meet(self) -> int:
        """Come, and go when enough are here."""
        with self._met:
            self._came += 1
            self.threads = max(self.threads, threading.active_count())
            self._met.notify_all()
            self._met.wait_for(lambda: self._came >= self._size)
        return 1
