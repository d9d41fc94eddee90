"""A suspension ends the invocation, whatever the handler does about it."""

import asyncio
import logging
import threading
import time
from contextlib import suppress
from typing import Any

import pytest

from lambda_durable.identity import operation_id

from .flavours import FLAVOURS, Tasks
from .world import World


def test_finally_runs_its_step_once_at_the_true_end(flavour: Any, world: World) -> None:
    cleanups = []

    async def program(event: Any, ctx: Any) -> Any:
        try:
            await ctx.wait(60)
            return await ctx.step(lambda: "worked", name="work")
        finally:
            await ctx.step(lambda: cleanups.append(1), name="cleanup")

    assert world.run(flavour.handler(program)).value == "worked"
    assert cleanups == [1]
    assert [o["Name"] for o in world.records() if "Name" in o] == ["work", "cleanup"]
    assert world.history()[:3] == ["ExecutionStarted", "WaitStarted", "InvocationCompleted"]


def test_catching_everything_does_not_end_the_execution(
    flavour: Any, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    async def program(event: Any, ctx: Any) -> Any:
        try:
            await ctx.wait(60)
        except BaseException:  # noqa: BLE001 - this is what users must be safe from
            return "swallowed"
        return "waited"

    finished = world.run(flavour.handler(program))
    assert (finished.value, finished.invocations) == ("waited", 2)
    assert "except Exception" in caplog.text


def test_a_caught_suspension_makes_later_calls_inert(flavour: Any, world: World) -> None:
    ran = []

    async def program(event: Any, ctx: Any) -> Any:
        try:
            await ctx.wait(60)
        except BaseException:  # noqa: BLE001
            try:
                await ctx.step(lambda: ran.append("no"), name="never")
            except BaseException:  # noqa: BLE001
                raise RuntimeError("and now for something else") from None
        return await ctx.step(lambda: "after", name="after")

    assert world.run(flavour.handler(program)).value == "after"
    assert ran == []


def test_a_child_that_swallows_a_suspension_does_not_succeed(flavour: Any, world: World) -> None:
    async def child(ctx: Any) -> Any:
        try:
            await ctx.wait(60)
        except BaseException:  # noqa: BLE001
            return "swallowed"
        return "waited"

    async def program(event: Any, ctx: Any) -> Any:
        return await ctx.run_in_child_context(child)

    assert world.run(flavour.handler(program)).value == "waited"
    assert world.history().count("ContextSucceeded") == 1


@pytest.mark.parametrize("flavour", FLAVOURS, ids=lambda f: f.name)
def test_no_thread_is_left_behind(flavour: Any) -> None:
    async def nothing(event: Any, ctx: Any) -> Any:
        return None

    async def steps(event: Any, ctx: Any) -> Any:
        await ctx.step(lambda: 1, name="a")
        await ctx.wait(1)
        await ctx.step(lambda: 2, name="b")

    before = set(threading.enumerate())
    for program in (nothing, steps):
        World().run(flavour.handler(program))
        assert set(threading.enumerate()) == before


class TestAsyncio:
    """What only `async def` handlers can do."""

    def test_gathered_waits_suspend_together(self, world: World) -> None:
        async def program(event: Any, ctx: Any) -> Any:
            await asyncio.gather(ctx.wait(10), ctx.wait(20), ctx.wait(30))
            return "all"

        finished = world.run(Tasks().handler(program))
        assert finished.value == "all"
        assert world.history()[:5] == [
            "ExecutionStarted",
            "WaitStarted",
            "WaitStarted",
            "WaitStarted",
            "InvocationCompleted",
        ]
        assert world.requests == 1

    def test_a_parked_wait_does_not_cancel_its_siblings(self, world: World) -> None:
        finished_steps = []

        async def slow(n: int) -> int:
            await asyncio.sleep(0.01 * n)
            finished_steps.append(n)
            return n

        async def branch(ctx: Any, n: int) -> int:
            await ctx.wait(5)
            return await ctx.step(slow, n, name=f"late {n}")

        async def program(event: Any, ctx: Any) -> Any:
            async with asyncio.TaskGroup() as group:
                first = group.create_task(ctx.run_in_child_context(branch, 1))
                second = group.create_task(ctx.step(slow, 3, name="beside"))
            return [first.result(), second.result()]

        assert world.run(Tasks().handler(program)).value == [1, 3]
        assert finished_steps == [3, 1]

    def test_sleeping_in_the_handler_keeps_the_invocation_alive(self, world: World) -> None:
        async def other(ctx: Any) -> str:
            await asyncio.sleep(0.05)
            return await ctx.step(lambda: "slept", name="after sleep")

        async def program(event: Any, ctx: Any) -> Any:
            return await asyncio.gather(ctx.wait(60), other(ctx))

        finished = world.run(Tasks().handler(program))
        assert finished.value == [None, "slept"]
        assert finished.invocations == 2

    def test_tasks_nested_deeply(self, world: World) -> None:
        async def nested(ctx: Any, depth: int) -> Any:
            if depth == 0:
                return await ctx.wait(7)
            return await asyncio.create_task(nested(ctx, depth - 1))

        async def program(event: Any, ctx: Any) -> Any:
            await nested(ctx, 30)
            return "surfaced"

        assert world.run(Tasks().handler(program)).value == "surfaced"

    def test_ids_are_reserved_by_the_call_not_by_the_await(self, world: World) -> None:
        async def program(event: Any, ctx: Any) -> Any:
            first = ctx.step(lambda: "first", name="first")
            second = ctx.step(lambda: "second", name="second")
            late = await second
            return [await first, late]

        assert world.run(Tasks().handler(program)).value == ["first", "second"]

        assert world.record("first")["Id"] == operation_id(None, 1)

    @pytest.mark.usefixtures("unhurried")
    def test_a_fan_out_shares_requests(self, world: World) -> None:
        async def body(n: int) -> int:
            return n

        async def program(event: Any, ctx: Any) -> Any:
            calls = [ctx.step(body, n, name=f"s{n}") for n in range(500)]
            return sum(await asyncio.gather(*calls))

        assert world.run(Tasks().handler(program)).value == sum(range(500))
        assert world.requests <= 6

    def test_a_blocking_body_does_not_block_the_others(self, world: World) -> None:
        started = threading.Barrier(2, timeout=5)

        async def program(event: Any, ctx: Any) -> Any:
            await asyncio.gather(
                ctx.step(started.wait, name="one"), ctx.step(started.wait, name="two")
            )
            return "met"

        assert world.run(Tasks().handler(program)).value == "met"

    def test_a_swallowed_cancellation_ends_nothing(
        self, world: World, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.WARNING)

        async def program(event: Any, ctx: Any) -> Any:
            try:
                await ctx.wait(60)
            except asyncio.CancelledError:
                await asyncio.sleep(0)
                return "swallowed"
            return "waited"

        assert world.run(Tasks().handler(program)).value == "waited"

    def test_module_level_clients_find_the_same_loop(self) -> None:
        loops = []

        async def program(event: Any, ctx: Any) -> Any:
            loops.append(asyncio.get_running_loop())
            await ctx.wait(1)

        World().run(Tasks().handler(program))
        assert len(set(map(id, loops))) == 1

    def test_a_wait_that_is_over_while_others_run_goes_on_in_the_same_invocation(
        self, world: World
    ) -> None:
        woken = threading.Event()

        async def branch(ctx: Any) -> Any:
            await ctx.wait(1)
            woken.set()
            return await ctx.step(lambda: "woken", name="after the wait")

        async def program(event: Any, ctx: Any) -> Any:
            return await asyncio.gather(
                ctx.run_in_child_context(branch), ctx.step(woken.wait, 20, name="long")
            )

        world.simulation.clock = time.time  # type: ignore[method-assign]  # real time passes here
        finished = world.run(Tasks().handler(program))
        assert finished.value == ["woken", True]
        assert finished.invocations == 1

    def test_a_due_wait_goes_on_beside_a_sleep_without_spinning(self, world: World) -> None:
        looks = []

        def clock() -> float:
            looks.append(1)
            return time.time()

        async def branch(ctx: Any) -> Any:
            await ctx.wait(1)
            return await ctx.step(lambda: "woken", name="after the wait")

        async def program(event: Any, ctx: Any) -> Any:
            return await asyncio.gather(ctx.run_in_child_context(branch), asyncio.sleep(1.5))

        world.simulation.clock = clock  # type: ignore[method-assign]  # real time passes here
        finished = world.run(Tasks().handler(program))
        assert (finished.value, finished.invocations) == (["woken", None], 1)
        assert len(looks) < 100

    def test_a_task_that_cannot_be_cancelled_does_not_keep_the_next_invocation(
        self, world: World, caplog: pytest.LogCaptureFixture
    ) -> None:
        stop = threading.Event()

        async def stubborn() -> None:
            while not stop.is_set():
                with suppress(asyncio.CancelledError):
                    await asyncio.sleep(0.02)

        async def leaves_it(event: Any, ctx: Any) -> Any:
            ctx_task = asyncio.create_task(stubborn())
            return ctx_task is not None

        async def waits(event: Any, ctx: Any) -> Any:
            await ctx.wait(50)
            return "waited"

        assert world.run(Tasks().handler(leaves_it)).value is True
        assert World().run(Tasks().handler(waits)).value == "waited"
        assert "do not end when they are cancelled" in caplog.text
        stop.set()
