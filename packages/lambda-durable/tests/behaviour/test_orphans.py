"""What still runs when its context ends is left behind, and the service hears no more of it."""

import asyncio
import threading
from typing import Any

import pytest

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
