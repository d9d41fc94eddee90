"""Futures combined: results, errors, what is kept of a decision, and what a replay makes of it."""

import asyncio
import json
import threading
from typing import Any

import pytest
from durable_programs import Tasks, World, crashes

from lambda_durable import ChildContextError, StepError
from lambda_durable_concurrency import AllFailedError


def fails(message: str) -> Any:
    """Return a step's function that fails."""

    def fail() -> None:
        raise LookupError(message)

    return fail


def kept(world: World, subtype: str) -> Any:
    """Return status and decision of the combination with a subtype."""
    record = next(each for each in world.records() if each["SubType"] == subtype)
    details = record["StepDetails"]
    text = details.get("Result") or details["Error"]["ErrorData"]
    return record["Status"], json.loads(text)["index"]


class TestAll:
    def test_the_results_in_the_order_of_the_futures(self, flavour: Any, world: World) -> None:
        async def program(event: Any, ctx: Any) -> Any:
            slow = ctx.start.run_in_child_context(child, 20)
            quick = ctx.start.run_in_child_context(child, 10)
            first = await ctx.all(slow, quick, name="both")
            await ctx.wait(1)
            return [first, isinstance(first, tuple)]

        async def child(own: Any, seconds: int) -> int:
            await own.wait(seconds)
            return seconds

        assert world.value(flavour.handler(program)) == [[20, 10], True]
        assert kept(world, "All") == ("SUCCEEDED", None)
        assert world.record("both")["Type"] == "STEP"

    def test_the_first_failure_is_raised_and_stays_it(self, flavour: Any, world: World) -> None:
        async def program(event: Any, ctx: Any) -> Any:
            late = ctx.start.run_in_child_context(failing, 60, "late")
            early = ctx.start.run_in_child_context(failing, 10, "early")
            found = []
            try:
                await ctx.all(late, early)
            except ChildContextError as error:
                found.append(str(error))
            await ctx.wait(100)  # by now the other one has failed, too
            return found

        async def failing(own: Any, seconds: int, message: str) -> None:
            await own.wait(seconds)
            raise LookupError(message)

        (found,) = world.value(flavour.handler(program))
        assert "LookupError: early" in found
        assert kept(world, "All") == ("FAILED", 1)

    def test_of_nothing(self, flavour: Any, world: World) -> None:
        async def program(event: Any, ctx: Any) -> Any:
            return [await ctx.all(), len(await ctx.settled())]

        assert world.value(flavour.handler(program)) == [[], 0]


class TestAny:
    def test_the_first_success_wins_over_earlier_failures(self, flavour: Any, world: World) -> None:
        async def program(event: Any, ctx: Any) -> Any:
            broken = ctx.start.step(fails("no"), name="broken")
            slow = ctx.start.run_in_child_context(child, 20)
            quick = ctx.start.run_in_child_context(child, 10)
            winner = await ctx.any(broken, slow, quick)
            await ctx.wait(100)
            return winner

        async def child(own: Any, seconds: int) -> int:
            await own.wait(seconds)
            return seconds

        assert world.value(flavour.handler(program)) == 10
        assert kept(world, "Any") == ("SUCCEEDED", 2)

    def test_if_all_fail_their_errors_are_told(self, flavour: Any, world: World) -> None:
        seen = []

        async def program(event: Any, ctx: Any) -> Any:
            a = ctx.start.step(fails("one"), name="a")
            b = ctx.start.step(fails("two"), name="b")
            try:
                await ctx.any(a, b, name="either")
            except AllFailedError as error:
                seen.append(
                    [
                        str(error),
                        [type(each) for each in error.errors],
                        [repr(each.__cause__) for each in error.errors],
                        error.name,
                        error.operation_id,
                    ]
                )
            await ctx.wait(1)
            return None

        world.value(flavour.handler(program))
        first, again = seen
        assert first == again
        assert first[0] == (
            "any 'either' failed: none of 2 succeeded: step 'a' failed: LookupError: one; "
            "step 'b' failed: LookupError: two"
        )
        assert first[1:4] == [
            [StepError] * 2,
            ["LookupError('one')", "LookupError('two')"],
            "either",
        ]

    def test_not_caught_it_ends_the_execution(self, flavour: Any, world: World) -> None:
        async def program(event: Any, ctx: Any) -> Any:
            return await ctx.any(ctx.start.step(fails("one"), name="a"))

        finished = world.run(flavour.handler(program))
        assert finished.status == "FAILED"
        assert finished.error is not None
        assert finished.error["ErrorType"] == "lambda_durable_concurrency.errors.AllFailedError"
        assert "LookupError: one" in finished.error["ErrorMessage"]


class TestRace:
    def test_a_deadline_that_passes(self, flavour: Any, world: World) -> None:
        async def program(event: Any, ctx: Any) -> Any:
            winner = await ctx.race(
                ctx.start.run_in_child_context(child, name="person"), ctx.start.wait(10)
            )
            await ctx.wait(1)
            return [winner, await ctx.step(lambda: "went on", name="after")]

        async def child(own: Any) -> str:
            await own.wait(86_400)
            return "answered"

        assert world.value(flavour.handler(program)) == [None, "went on"]
        assert kept(world, "Race") == ("SUCCEEDED", 1)
        assert world.record("person")["Status"] == "STARTED"

    def test_a_failure_wins_too(self, flavour: Any, world: World) -> None:
        async def program(event: Any, ctx: Any) -> Any:
            found = []
            future = ctx.start.step(fails("first"), name="a")
            try:
                await ctx.race(future, ctx.start.wait(10))
            except StepError as error:
                found.append(repr(error.cause))
            await ctx.wait(60)
            return found

        assert world.value(flavour.handler(program)) == ["LookupError('first')"]
        assert kept(world, "Race") == ("FAILED", 0)

    def test_the_winner_stays_the_winner_when_the_others_have_ended(
        self, flavour: Any, world: World
    ) -> None:
        async def program(event: Any, ctx: Any) -> Any:
            late, early = (ctx.start.run_in_child_context(child, n) for n in (20, 10))
            winner = await ctx.race(late, early)
            return [winner, await late, await ctx.race(late, early)]

        async def child(own: Any, seconds: int) -> int:
            await own.wait(seconds)
            return seconds

        assert world.value(flavour.handler(program)) == [10, 20, 10]

    def test_whoever_ended_first_wins_however_late_it_is_asked(
        self, flavour: Any, world: World
    ) -> None:
        async def program(event: Any, ctx: Any) -> Any:
            late, early = (ctx.start.run_in_child_context(child, n) for n in (20, 10))
            await ctx.wait(100)
            return await ctx.race(late, early)

        async def child(own: Any, seconds: int) -> int:
            await own.wait(seconds)
            return seconds

        assert world.value(flavour.handler(program)) == 10

    def test_a_loser_does_not_hold_the_invocation(self, flavour: Any, world: World) -> None:
        release = threading.Event()

        async def program(event: Any, ctx: Any) -> Any:
            loser = ctx.start.step(lambda: release.wait(30), name="loser")
            winner = ctx.start.step(lambda: "won", name="winner")
            result = await ctx.race(loser, winner)
            await ctx.wait(5)
            return result

        # The first invocation ends at the wait although the loser's body still runs then.
        world.start(flavour.handler(program))
        try:
            world.simulation.settle()
            assert world.invocations == 1
            assert world.record("winner")["Status"] == "SUCCEEDED"
        finally:
            release.set()
        assert world.simulation.finish(world.arn).value == "won"

    def test_a_loser_is_not_started_by_a_replay(self, flavour: Any, world: World) -> None:
        entered = []

        async def program(event: Any, ctx: Any) -> Any:
            loser = ctx.start.run_in_child_context(child, name="loser")
            await ctx.race(loser, ctx.start.wait(1))
            before = len(entered)
            for number in range(3):
                await ctx.wait(1, name=f"later {number}")
            return len(entered) - before

        async def child(own: Any) -> None:
            entered.append(1)
            await own.wait(1000)

        assert world.value(flavour.handler(program)) == 0

    def test_a_loser_can_be_awaited_later(self, flavour: Any, world: World) -> None:
        async def program(event: Any, ctx: Any) -> Any:
            loser = ctx.start.run_in_child_context(child, name="loser")
            await ctx.race(loser, ctx.start.wait(1))
            await ctx.wait(1)
            return await loser

        async def child(own: Any) -> str:
            await own.wait(50)
            return await own.step(lambda: "ended after all", name="end")

        assert world.value(flavour.handler(program)) == "ended after all"

    def test_a_loser_that_is_awaited_holds_the_invocation_again(
        self, flavour: Any, world: World
    ) -> None:
        release = threading.Event()
        bodies = []

        def body() -> str:
            bodies.append(1)
            release.wait(30)
            return "ended after all"

        async def program(event: Any, ctx: Any) -> Any:
            loser = ctx.start.step(body, name="loser")
            await ctx.race(loser, ctx.start.step(lambda: "won", name="winner"))
            pause = ctx.start.wait(5)
            threading.Timer(0.1, release.set).start()
            return [await loser, await pause]

        assert world.value(flavour.handler(program)) == ["ended after all", None]
        assert bodies == [1]

    def test_the_losers_of_a_combination_that_lost(self, flavour: Any, world: World) -> None:
        release = threading.Event()

        async def program(event: Any, ctx: Any) -> Any:
            a = ctx.start.step(lambda: release.wait(30), name="a")
            both = ctx.start.all(a, ctx.start.wait(50))
            winner = await ctx.race(both, ctx.start.step(lambda: "won", name="winner"))
            await ctx.wait(5)
            return winner

        world.start(flavour.handler(program))
        try:
            world.simulation.settle()
            assert world.invocations == 1
        finally:
            release.set()
        assert world.simulation.finish(world.arn).value == "won"


class TestSettled:
    def test_how_all_have_ended(self, flavour: Any, world: World) -> None:
        seen = []

        async def program(event: Any, ctx: Any) -> Any:
            futures = [
                ctx.start.step(lambda: 1, name="one"),
                ctx.start.step(fails("no"), name="two"),
                ctx.start.wait(5),
            ]
            batch = await ctx.settled(*futures)
            seen.append([repr(batch), [(i.name, i.status, i.result, str(i.error)) for i in batch]])
            await ctx.wait(1)
            return batch.status

        assert world.value(flavour.handler(program)) == "FAILED"
        assert seen == [seen[0]] * len(seen)
        assert seen[0][1] == [
            ("one", "SUCCEEDED", 1, "None"),
            ("two", "FAILED", None, "step 'two' failed: LookupError: no"),
            (None, "SUCCEEDED", None, "None"),
        ]
        assert "ALL_COMPLETED" in seen[0][0]


class TestNesting:
    def test_combinations_of_combinations(self, flavour: Any, world: World) -> None:
        async def program(event: Any, ctx: Any) -> Any:
            waits = [ctx.start.run_in_child_context(child, n) for n in (30, 10, 20)]
            late = ctx.start.all(waits[0], waits[2])
            early = ctx.start.any(waits[1], waits[2])
            first = await ctx.race(late, early)
            return [first, await late]

        async def child(own: Any, seconds: int) -> int:
            await own.wait(seconds)
            return seconds

        assert world.value(flavour.handler(program)) == [10, [30, 20]]

    def test_the_same_future_twice(self, flavour: Any, world: World) -> None:
        async def program(event: Any, ctx: Any) -> Any:
            future = ctx.start.wait(5)
            step = ctx.start.step(lambda: "s", name="s")
            both = await ctx.all(step, future, step)
            one = await ctx.race(future, future)
            return [both, one, [each.index for each in await ctx.settled(step, step)]]

        assert world.value(flavour.handler(program)) == [["s", None, "s"], None, [0, 1]]

    def test_futures_of_the_context_around(self, flavour: Any, world: World) -> None:
        async def program(event: Any, ctx: Any) -> Any:
            outer = ctx.start.wait(20)

            async def inner(own: Any) -> Any:
                race = await own.race(outer, own.start.run_in_child_context(child))
                return [race, await own.all(outer)]

            return await ctx.run_in_child_context(inner)

        async def child(own: Any) -> str:
            await own.wait(10)
            return "inner"

        assert world.value(flavour.handler(program)) == ["inner", [None]]

    def test_a_virtual_context_has_no_record_of_its_own(self, flavour: Any, world: World) -> None:
        async def program(event: Any, ctx: Any) -> Any:
            a = ctx.start.run_in_child_context(child, 5, virtual=True)
            b = ctx.start.run_in_child_context(child, 50, virtual=True)
            winner = await ctx.race(a, b)
            await ctx.wait(1)
            return winner

        async def child(own: Any, seconds: int) -> int:
            await own.wait(seconds)
            return seconds

        assert world.value(flavour.handler(program)) == 5


@pytest.mark.parametrize("how", ["all", "any", "race", "settled"])
def test_stopped_at_every_checkpoint(flavour: Any, how: str) -> None:
    async def child(own: Any, seconds: int) -> int:
        await own.wait(seconds)
        return await own.step(lambda: seconds, name=f"s{seconds}")

    async def program(event: Any, ctx: Any) -> Any:
        futures = [ctx.start.run_in_child_context(child, n, name=f"c{n}") for n in (30, 10, 20)]
        futures.append(ctx.start.step(fails("no"), name="fails"))
        try:
            value = await getattr(ctx, how)(*futures)
        except StepError as error:
            value = str(error)
        if how == "settled":
            value = [[item.status, item.result] for item in value]
        await ctx.wait(100)
        return [value, await futures[0]]

    expected = None
    for world, finished in crashes(flavour.handler(program)):
        assert finished.status == "SUCCEEDED", finished.error
        decisions = [each for each in world.records() if each["SubType"] == how.capitalize()]
        assert len(decisions) == 1
        if how == "any":  # the same in all runs, whichever of them it was
            assert finished.value[0] in (10, 20, 30)
            continue
        expected = expected or finished.value
        assert finished.value == expected


class TestDecisionsAreKept:
    @pytest.mark.usefixtures("unhurried")
    def test_one_request_and_one_step(self, flavour: Any, world: World) -> None:
        async def program(event: Any, ctx: Any) -> Any:
            a = ctx.start.step(lambda: 1, name="a")
            b = ctx.start.step(lambda: 2, name="b")
            await ctx.all(a, b)
            before = world.checkpoints
            await ctx.all(a, b, name="again")
            return world.checkpoints - before

        assert world.value(flavour.handler(program)) == 1
        assert [e["EventType"] for e in world.events() if e.get("Name") == "again"] == [
            "StepStarted",
            "StepSucceeded",
        ]

    def test_a_replay_that_combines_others_is_told(self, flavour: Any, world: World) -> None:
        runs = []

        async def program(event: Any, ctx: Any) -> Any:
            runs.append(1)
            futures = [ctx.start.step(lambda n=n: n, name=f"s{n}") for n in range(3)]
            await ctx.race(*futures[: len(runs) + 1])
            await ctx.wait(1)

        finished = world.run(flavour.handler(program))
        assert finished.status == "FAILED"
        assert finished.error is not None
        assert finished.error["ErrorType"].endswith("NonDeterminismError")
        assert "combines other operations" in finished.error["ErrorMessage"]
        assert "'s2'" in finished.error["ErrorMessage"]


@pytest.mark.parametrize("then", ["it waits", "it returns"])
def test_a_loser_may_clean_up_when_it_is_cancelled(world: World, then: str) -> None:
    """In `async def` handlers: threads cannot be cancelled."""
    done: list[str] = []

    async def slow() -> None:
        try:
            await asyncio.sleep(30)
        finally:
            done.append("began to clean up")
            await asyncio.sleep(0.05)
            done.append("cleaned up")

    async def program(event: Any, ctx: Any) -> Any:
        await ctx.race(ctx.start.step(slow), ctx.start.step(lambda: 1, name="quick"))
        if then == "it waits":
            await ctx.wait(60)
        return "ended"

    assert world.value(Tasks().handler(program)) == "ended"
    assert done == ["began to clean up", "cleaned up"]
