"""Operations that are started now and awaited later."""

import threading
from typing import Any

import pytest

from lambda_durable import MisuseError, StepError, current_step, hookimpl
from lambda_durable_kernel import Finished

from .world import World


def test_what_was_started_runs_side_by_side(flavour: Any, world: World) -> None:
    barrier = threading.Barrier(3, timeout=10)

    async def program(event: Any, ctx: Any) -> Any:
        first = ctx.start.step(lambda: (barrier.wait() and "a") or "a", name="a")
        second = ctx.start.step(lambda: (barrier.wait() and "b") or "b", name="b")
        third = await ctx.step(lambda: (barrier.wait() and "c") or "c", name="c")
        return [third, await second, await first]

    assert world.run(flavour.handler(program)).value == ["c", "b", "a"]
    assert sorted(r["Name"] for r in world.records()) == ["a", "b", "c"]


def test_ids_are_those_of_the_calls(flavour: Any, world: World) -> None:
    async def program(event: Any, ctx: Any) -> Any:
        slow = ctx.start.wait(5, name="slow")
        quick = ctx.start.step(lambda: "q", name="quick")
        await quick
        await slow
        return await ctx.step(lambda: "last", name="last")

    async def in_order(event: Any, ctx: Any) -> Any:
        await ctx.wait(5, name="slow")
        await ctx.step(lambda: "q", name="quick")
        return await ctx.step(lambda: "last", name="last")

    assert world.run(flavour.handler(program)).value == "last"
    ids = {record["Name"]: record["Id"] for record in world.records()}
    other = World()
    other.run(flavour.handler(in_order))
    assert ids == {record["Name"]: record["Id"] for record in other.records()}


def test_waits_go_on_together(flavour: Any, world: World) -> None:
    async def program(event: Any, ctx: Any) -> Any:
        waits = [ctx.start.wait(seconds) for seconds in (30, 10, 20)]
        for wait in waits:
            await wait
        return "done"

    finished = world.run(flavour.handler(program))
    assert finished.value == "done"
    # All three timers were started in the first invocation.
    starts = [r["StartTimestamp"] for r in world.records()]
    assert max(starts) == min(starts)
    assert finished.invocations <= 4


def test_awaited_as_often_as_wanted(flavour: Any, world: World) -> None:
    async def program(event: Any, ctx: Any) -> Any:
        future = ctx.start.step(lambda: [1], name="once")
        first = await future
        await ctx.wait(1)
        second = await future
        return [first, second, await future.result()]

    assert world.run(flavour.handler(program)).value == [[1], [1], [1]]


def test_a_failure_is_raised_where_it_is_awaited(flavour: Any, world: World) -> None:
    def fails() -> None:
        raise LookupError("planned")

    async def program(event: Any, ctx: Any) -> Any:
        future = ctx.start.step(fails)
        found = []
        for _ in range(2):
            try:
                await future
            except StepError as error:
                found.append(repr(error.cause))
            await ctx.wait(1)
        return found

    assert world.run(flavour.handler(program)).value == ["LookupError('planned')"] * 2


def test_one_that_is_never_awaited_does_not_hold_the_end(flavour: Any, world: World) -> None:
    async def program(event: Any, ctx: Any) -> Any:
        ctx.start.wait(86_400)
        return "done"

    finished = world.run(flavour.handler(program))
    assert (finished.value, finished.invocations) == ("done", 1)


def test_what_runs_keeps_the_invocation_although_the_handler_rests(
    flavour: Any, world: World
) -> None:
    release = threading.Event()
    ran = []

    async def program(event: Any, ctx: Any) -> Any:
        busy = ctx.start.step(lambda: release.wait(10) and ran.append(1), name="busy")
        threading.Timer(0.1, release.set).start()
        await ctx.wait(5, name="rest")
        return await busy

    finished = world.run(flavour.handler(program))
    assert finished.status == "SUCCEEDED"
    assert ran == [1]


def test_a_future_is_awaited_in_a_child_context(flavour: Any, world: World) -> None:
    async def program(event: Any, ctx: Any) -> Any:
        future = ctx.start.wait(10, name="outer")

        async def inner(own: Any) -> str:
            await future
            return await own.step(lambda: "inner", name="inner")

        return await ctx.run_in_child_context(inner)

    assert world.run(flavour.handler(program)).value == "inner"


def test_a_future_of_a_context_that_has_ended(flavour: Any, world: World) -> None:
    kept = []

    async def program(event: Any, ctx: Any) -> Any:
        async def inner(own: Any) -> None:
            kept.append(own.start.wait(10))

        await ctx.run_in_child_context(inner)
        try:
            await kept[-1]
        except MisuseError as error:
            return str(error)

    assert "after its function had returned" in world.run(flavour.handler(program)).value


def test_child_contexts_side_by_side(flavour: Any, world: World) -> None:
    async def child(own: Any, name: str, seconds: int) -> list[Any]:
        first = await own.step(lambda: name, name=f"{name} 1")
        await own.wait(seconds)
        return [first, await own.step(lambda: seconds, name=f"{name} 2")]

    async def program(event: Any, ctx: Any) -> Any:
        a = ctx.start.run_in_child_context(child, "a", 20, name="a")
        b = ctx.start.run_in_child_context(child, "b", 10, name="b")
        return [await a, await b]

    finished = world.run(flavour.handler(program))
    assert finished.value == [["a", 20], ["b", 10]]


def test_nested_futures(flavour: Any, world: World) -> None:
    async def child(own: Any) -> Any:
        inner = [own.start.step(lambda n=n: n, name=f"s{n}") for n in range(3)]
        pause = own.start.wait(3)
        values = [await each for each in inner]
        await pause
        return values

    async def program(event: Any, ctx: Any) -> Any:
        futures = [ctx.start.run_in_child_context(child, name=f"c{n}") for n in range(3)]
        return [await future for future in futures]

    assert world.run(flavour.handler(program)).value == [[0, 1, 2]] * 3


def test_on_replay_what_did_not_end_is_started_when_new_ground_is_reached(
    flavour: Any, world: World
) -> None:
    ran = []

    async def program(event: Any, ctx: Any) -> Any:
        background = ctx.start.run_in_child_context(child, name="background")
        for number in range(3):
            await ctx.wait(1, name=f"w{number}")
        return await background

    async def child(own: Any) -> str:
        ran.append("entered")
        await own.wait(2)
        return await own.step(lambda: "ended", name="end")

    assert world.run(flavour.handler(program)).value == "ended"
    # Entered once in each invocation that goes on with it, never just to be replayed.
    assert len(ran) <= 4


def _stopped_everywhere(flavour: Any, program: Any) -> Finished:
    whole = World()
    expected = whole.run(flavour.handler(program))
    assert expected.status == "SUCCEEDED", expected.error
    for number in range(1, whole.requests + 1):
        for phase in ("before", "after"):
            again = World(crash_at=(number, phase)).run(flavour.handler(program))
            assert (again.status, again.result) == (expected.status, expected.result), (
                number,
                phase,
            )
    return expected


def test_stopped_at_every_checkpoint(flavour: Any) -> None:
    def flaky() -> int:
        if current_step().attempt < 3:
            raise LookupError("planned")
        return 1

    async def child(own: Any, seconds: int) -> int:
        await own.wait(seconds)
        step = own.start.step(lambda: seconds, name="inner")
        await own.wait(1)
        return await step

    async def program(event: Any, ctx: Any) -> Any:
        a = ctx.start.run_in_child_context(child, 5, name="a")
        b = ctx.start.step(flaky, retry=lambda *_: 2, name="b")
        c = ctx.start.wait(3)
        await ctx.step(lambda: None, name="between")
        values = [await b, await a]
        await c
        await ctx.wait(1)
        return values

    assert _stopped_everywhere(flavour, program).value == [1, 5]


class TestMisuse:
    def test_a_future_from_another_thread(self, flavour: Any, world: World) -> None:
        async def program(event: Any, ctx: Any) -> Any:
            future = ctx.start.wait(1)
            caught: list[BaseException] = []

            def outside() -> None:
                try:
                    result = future.result()
                    if hasattr(result, "close"):
                        result.close()
                except MisuseError as error:
                    caught.append(error)

            thread = threading.Thread(target=outside)
            thread.start()
            thread.join()
            return [type(error).__name__ for error in caught]

        assert world.run(flavour.handler(program)).value == ["MisuseError"]

    def test_a_future_inside_a_step(self, flavour: Any, world: World) -> None:
        async def program(event: Any, ctx: Any) -> Any:
            future = ctx.start.wait(1)
            with pytest.raises(StepError, match="inside the body of the step"):
                await ctx.step(lambda: future.result(), name="wrong")
            return "told"

        assert world.run(flavour.handler(program)).value == "told"


def test_logs_after_the_last_future_are_new(
    flavour: Any, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    async def program(event: Any, ctx: Any) -> Any:
        wait = ctx.start.wait(5)
        await wait
        ctx.logger.warning("waited")

    world.run(flavour.handler(program))
    assert [record.message for record in caplog.records] == ["waited"]


def test_observers_are_told_once(flavour: Any, world: World) -> None:
    told = []

    class Observer:
        @hookimpl
        def durable_operation_settled(self, event: Any) -> None:
            told.append((event.operation.name, event.status, event.replayed))

    async def program(event: Any, ctx: Any) -> Any:
        future = ctx.start.step(lambda: 1, name="s")
        await future
        await future
        await ctx.wait(1, name="w")
        await future

    world.run(flavour.handler(program, plugins=[Observer()]))
    assert told == [
        ("s", "SUCCEEDED", False),
        ("w", "SUCCEEDED", True),
    ]


def test_a_year_is_waited_for_while_something_runs(flavour: Any, world: World) -> None:
    async def program(event: Any, ctx: Any) -> Any:
        year = ctx.start.wait(31_622_400)
        steps = [ctx.start.step(lambda: 1, name=f"s{n}") for n in range(3)]
        await ctx.step(lambda: threading.Event().wait(0.05), name="meanwhile")
        await year
        return sum([await step for step in steps])

    assert world.run(flavour.handler(program)).value == 3


def test_the_news_that_another_brings_are_not_lost(flavour: Any, world: World) -> None:
    """A wait that ends while a sibling checkpoints is not waited for by a further invocation."""

    async def program(event: Any, ctx: Any) -> Any:
        wait = ctx.start.wait(5, name="short")
        await ctx.step(lambda: None, name="until the timer runs")

        async def busy(own: Any) -> None:
            await own.step(lambda: world.simulation.advance(10), name="time goes by")
            await own.step(lambda: None, name="its answer brings the news")

        other = ctx.start.run_in_child_context(busy)
        await wait
        await other
        return "done"

    finished = world.run(flavour.handler(program))
    assert finished.value == "done"
    assert finished.invocations == 1


def test_what_is_open_does_not_end_the_replay_of_what_follows(
    flavour: Any, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    async def program(event: Any, ctx: Any) -> Any:
        long = ctx.start.wait(100)
        ctx.logger.warning("started")
        await ctx.wait(5)
        ctx.logger.warning("after 5 s")
        await ctx.step(lambda: None, name="between")
        await long

    world.run(flavour.handler(program))
    assert [record.message for record in caplog.records] == ["started", "after 5 s"]
