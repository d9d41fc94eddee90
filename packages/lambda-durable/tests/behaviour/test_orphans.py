"""What still runs when its context ends is left behind, and the service hears no more of it."""

import asyncio
import threading
from typing import Any

import pytest

from lambda_durable import Place, durable_execution
from lambda_durable.effects import Checkpoint

from .flavours import Tasks
from .world import World


def test_a_started_step_outlives_its_context(
    flavour: Any, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    begun, release = threading.Event(), threading.Event()

    def slow() -> None:
        begun.set()
        release.wait(20)

    async def program(event: Any, ctx: Any) -> Any:
        async def child(own: Any) -> str:
            own.start.step(slow, name="slow")
            await own.step(begun.wait, 20, name="until it runs")
            return "ended"

        value = await ctx.run_in_child_context(child)
        release.set()
        for number in range(3):
            await ctx.step(lambda: None, name=f"after {number}")
        return value

    finished = world.run(flavour.handler(program))
    assert finished.value == "ended"
    assert world.errors == []
    names = [record["Name"] for record in world.records()]
    assert [name for name in names if name.startswith("after")] == ["after 0", "after 1", "after 2"]
    assert world.record("slow")["Status"] == "STARTED" if "slow" in names else True
    assert caplog.records == []


def test_a_task_outlives_its_context(world: World, caplog: pytest.LogCaptureFixture) -> None:
    async def program(event: Any, ctx: Any) -> Any:
        tasks = []

        async def child(own: Any) -> str:
            async def slow() -> None:
                await asyncio.sleep(0.05)

            tasks.append(asyncio.create_task(own.step(slow)))
            await own.step(lambda: None, name="first")
            return "ended"

        value = await ctx.run_in_child_context(child)
        await ctx.step(asyncio.sleep, 0.1, name="after")
        return [value, tasks[0].cancelled()]

    finished = world.run(Tasks().handler(program))
    assert finished.value == ["ended", True]
    assert world.errors == []
    assert world.record("slow")["Status"] == "STARTED"
    assert caplog.records == []


def test_a_loser_of_a_batch_writes_nothing_more(flavour: Any, world: World) -> None:
    """As above, through a branch of an operation of one's own."""
    release, ended = threading.Event(), threading.Event()

    async def program(event: Any, ctx: Any) -> Any:
        async def child(own: Any) -> Any:
            future = own.start.run_in_child_context(grandchild, name="grandchild")
            await own.step(lambda: None, name="quick")
            return future is not None

        async def grandchild(own: Any) -> None:
            await own.step(lambda: release.wait(20) and ended.set(), name="long")
            await own.step(lambda: None, name="never")

        value = await ctx.run_in_child_context(child)
        release.set()
        await ctx.step(lambda: ended.wait(0.5), name="meanwhile")
        return value

    finished = world.run(flavour.handler(program))
    assert finished.value is True
    assert world.errors == []
    assert "never" not in [record.get("Name") for record in world.records()]


class Overtaken:
    """A step whose START is on its way to the queue while the context around it closes."""

    type = "STEP"
    subtype = "Step"
    name = "overtaken"

    def __init__(self) -> None:
        self.on_its_way, self.closed = threading.Event(), threading.Event()

    async def flow(self, here: Place, /) -> None:
        await Checkpoint(_Slow(here.update("START"), self))  # type: ignore[arg-type]  # it is one


class _Slow(dict[str, Any]):
    """An update that takes its time when its type is read."""

    def __init__(self, update: Any, operation: Overtaken) -> None:
        super().__init__(update)
        self._operation = operation

    def __getitem__(self, key: str) -> Any:
        if key == "Type" and not self._operation.on_its_way.is_set():
            self._operation.on_its_way.set()
            self._operation.closed.wait(20)
        return super().__getitem__(key)


class _Remaining:
    def get_remaining_time_in_millis(self) -> int:
        return 60_000


def test_what_was_on_its_way_when_its_context_closed_is_not_sent(world: World) -> None:
    """On threads only: in a loop nothing else runs between a check and the queue."""
    operation = Overtaken()

    def child(own: Any) -> None:
        own.start.run(operation)
        assert operation.on_its_way.wait(20)

    def program(event: Any, ctx: Any) -> Any:
        ctx.run_in_child_context(child)
        operation.closed.set()
        for thread in threading.enumerate():
            if thread.name == "lambda-durable-branch":
                thread.join(0.2)
        ctx.step(lambda: None, name="after")

    handler = durable_execution(program)

    def host(_: str, event: Any, told: Any) -> Any:
        return handler.run_invocation(event, _Remaining(), service=told.service)

    world.simulation.register("main", host)
    assert world.simulation.run("main").status == "SUCCEEDED"
    assert [record["Name"] for record in world.records()] == ["child", "after"]
