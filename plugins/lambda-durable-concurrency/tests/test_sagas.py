"""Sagas: what runs when a block ends, in which order, and what never makes it run."""

import asyncio
from typing import Any

import pytest
from durable_programs import World, crashes

from lambda_durable import (
    InvalidInputError,
    MisuseError,
    StepError,
    UnknownNameError,
    current_step,
    durable_execution,
)
from lambda_durable_concurrency import SagaError


class Shop:
    """What happened, in order, each thing as often as it did."""

    def __init__(self) -> None:
        self.done: list[Any] = []

    def undo(self, what: str) -> None:
        """Take something back."""
        self.done.append(what)

    async def undo_async(self, what: str) -> None:
        """Take something back, as `async def`."""
        await asyncio.sleep(0)
        self.done.append(what)

    def refuse(self, what: str) -> None:
        """Fail to take something back."""
        self.done.append(f"tried {what}")
        raise ConnectionError(what)


@pytest.fixture
def shop() -> Shop:
    """An empty shop."""
    return Shop()


def fail() -> None:
    """Fail, as a step."""
    raise LookupError("sold out")


def test_compensations_run_in_reverse_and_cleanups_last(
    flavour: Any, world: World, shop: Shop
) -> None:
    async def program(event: Any, ctx: Any) -> Any:
        try:
            async with ctx.saga() as saga:
                saga.add_cleanup(shop.undo, "first lock")
                await ctx.step(lambda: None, name="hotel")
                saga.add_compensation(shop.undo, "hotel")
                saga.add_cleanup(shop.undo, "second lock", name="unlock")
                saga.add_compensation(shop.undo_async, "flight", name="flight")
                await ctx.wait(5)
                await ctx.step(fail, name="car")
        except StepError as error:
            await ctx.wait(1)
            return repr(error.cause)

    assert world.value(flavour.handler(program)) == "LookupError('sold out')"
    assert shop.done == ["flight", "hotel", "second lock", "first lock"]
    assert world.names() == [
        "hotel",
        None,
        "car",
        "compensate flight",
        "compensate undo",
        "cleanup unlock",
        "cleanup undo",
        None,
    ]
    assert all("ParentId" not in record for record in world.records())


def test_a_block_that_succeeds_is_only_cleaned_up(flavour: Any, world: World, shop: Shop) -> None:
    async def program(event: Any, ctx: Any) -> Any:
        async with ctx.saga(name="trip") as saga:
            saga.add_compensation(shop.undo, "hotel")
            saga.add_cleanup(shop.undo, "lock")
            await ctx.wait(5)
        await ctx.wait(5)
        return await ctx.step(lambda: "sold", name="after")

    assert world.value(flavour.handler(program)) == "sold"
    assert shop.done == ["lock"]
    assert world.names() == [None, "trip cleanup undo", None, "after"]


def test_nothing_to_do_costs_nothing(flavour: Any, world: World) -> None:
    async def program(event: Any, ctx: Any) -> Any:
        with pytest.raises(LookupError):
            async with ctx.saga():
                raise LookupError("nothing was done yet")
        async with ctx.saga() as saga:
            saga.add_compensation(fail)
        return "done"

    assert world.value(flavour.handler(program)) == "done"
    assert world.records() == []


def test_compensations_are_retried_as_the_saga_or_they_say(
    flavour: Any, world: World, shop: Shop
) -> None:
    def flaky(until: int) -> None:
        shop.done.append(current_step().attempt)
        if current_step().attempt < until:
            raise ConnectionError("not yet")

    async def program(event: Any, ctx: Any) -> Any:
        async with ctx.saga(retry=lambda *_: 1) as saga:
            saga.add_compensation(flaky, 3)
            saga.add_compensation(flaky, 2, retry=lambda error, attempt, elapsed: None)
            raise LookupError("failed")

    finished = world.run(flavour.handler(program))
    assert finished.error is not None  # the one that may not be retried failed
    assert finished.error["ErrorType"].endswith("SagaError")
    assert shop.done == [1, 1, 2, 3]


class TestCompensationsThatFail:
    def test_the_others_run_and_all_is_told(self, flavour: Any, world: World, shop: Shop) -> None:
        seen = []

        async def program(event: Any, ctx: Any) -> Any:
            try:
                async with ctx.saga() as saga:
                    saga.add_compensation(shop.undo, "hotel", name="hotel")
                    saga.add_compensation(shop.refuse, "flight", name="flight")
                    saga.add_cleanup(shop.refuse, "lock", name="lock")
                    await ctx.step(fail, name="car")
            except SagaError as error:
                seen.append(
                    [
                        str(error),
                        repr(error.__cause__.__cause__) if error.__cause__ else None,
                        getattr(error.__cause__, "__notes__", None),
                        [type(each) for each in error.exceptions],
                        [repr(each.__cause__) for each in error.exceptions],
                        error.subgroup(StepError) is not None,
                        type(error.split(lambda each: "flight" in str(each))[0]),
                    ]
                )
            await ctx.wait(1)
            return await ctx.step(lambda: "reported", name="report")

        assert world.value(flavour.handler(program)) == "reported"
        assert shop.done == ["tried flight", "hotel", "tried lock"]
        first, again = seen
        assert first == again
        message, original, notes, types, causes, is_group, part = first
        assert message == (
            "2 of 3 steps at the end of a saga failed; "
            "step 'compensate flight' failed: ConnectionError: flight; "
            "step 'cleanup lock' failed: ConnectionError: lock; the block itself had failed with "
            "StepError: step 'car' failed: LookupError: sold out (2 sub-exceptions)"
        )
        assert original == "LookupError('sold out')"
        assert len(notes) == 2
        assert notes[0].startswith("compensate flight failed, too")
        assert types == [StepError, StepError]
        assert causes == ["ConnectionError('flight')", "ConnectionError('lock')"]
        assert is_group
        assert part is SagaError

    def test_a_cleanup_after_success(self, flavour: Any, world: World, shop: Shop) -> None:
        async def program(event: Any, ctx: Any) -> Any:
            async with ctx.saga() as saga:
                saga.add_cleanup(shop.refuse, "lock")

        finished = world.run(flavour.handler(program))
        assert finished.status == "FAILED"
        assert finished.error is not None
        assert finished.error["ErrorType"] == "lambda_durable_concurrency.errors.SagaError"


class TestWhatRunsNothing:
    def test_suspensions(self, flavour: Any, world: World, shop: Shop) -> None:
        async def program(event: Any, ctx: Any) -> Any:
            async with ctx.saga() as saga:
                saga.add_compensation(shop.undo, "never")
                saga.add_cleanup(shop.undo, "once")
                for number in range(3):
                    await ctx.wait(10, name=f"w{number}")
                shop.done.append("before the end")

        finished = world.run(flavour.handler(program))
        assert finished.status == "SUCCEEDED"
        assert finished.invocations == 4
        assert shop.done == ["before the end", "once"]

    def test_a_suspension_that_was_turned_into_an_error(
        self, flavour: Any, world: World, shop: Shop
    ) -> None:
        async def program(event: Any, ctx: Any) -> Any:
            async with ctx.saga() as saga:
                saga.add_compensation(shop.undo, "never")
                try:
                    await ctx.wait(10)
                except BaseException as error:
                    raise ValueError("caught what must pass") from error

        assert world.run(flavour.handler(program)).status == "SUCCEEDED"
        assert shop.done == []

    @pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit])
    def test_the_end_of_the_process(
        self, flavour: Any, world: World, shop: Shop, kind: type[BaseException]
    ) -> None:
        class Gone(kind):  # type: ignore[misc, valid-type]  # one of two classes
            pass

        async def program(event: Any, ctx: Any) -> Any:
            async with ctx.saga() as saga:
                saga.add_compensation(shop.undo, "never")
                saga.add_cleanup(shop.undo, "never")
                await ctx.step(lambda: None, name="done")
                raise Gone

        with pytest.raises(Gone):
            world.run(flavour.handler(program))
        assert shop.done == []

    def test_cancellation(self, world: World, shop: Shop) -> None:
        @durable_execution
        async def handler(event: Any, ctx: Any) -> Any:
            async def block() -> None:
                async with ctx.saga() as saga:
                    saga.add_compensation(shop.undo, "never")
                    saga.add_cleanup(shop.undo, "never")
                    raise asyncio.CancelledError

            task = asyncio.ensure_future(block())
            await asyncio.wait([task])
            return task.cancelled()

        assert world.value(handler) is True
        assert shop.done == []

    def test_non_determinism(self, flavour: Any, world: World, shop: Shop) -> None:
        runs = []

        async def program(event: Any, ctx: Any) -> Any:
            runs.append(1)
            async with ctx.saga() as saga:
                saga.add_compensation(shop.undo, "never")
                saga.add_cleanup(shop.undo, "never")
                await ctx.step(lambda: None, name=f"run {len(runs)}")
                await ctx.wait(1)

        finished = world.run(flavour.handler(program))
        assert finished.error is not None
        assert finished.error["ErrorType"].endswith("NonDeterminismError")
        assert shop.done == []


class TestNesting:
    def test_the_inner_one_ends_first(self, flavour: Any, world: World, shop: Shop) -> None:
        async def program(event: Any, ctx: Any) -> Any:
            async with ctx.saga(name="outer") as outer:
                outer.add_compensation(shop.undo, "outer")
                async with ctx.saga(name="inner") as inner:
                    inner.add_compensation(shop.undo, "inner")
                    await ctx.step(fail)

        finished = world.run(flavour.handler(program))
        assert finished.error is not None
        assert finished.error["ErrorMessage"] == "sold out"
        assert shop.done == ["inner", "outer"]

    def test_in_a_child_context(self, flavour: Any, world: World, shop: Shop) -> None:
        async def child(own: Any) -> None:
            async with own.saga() as saga:
                saga.add_compensation(shop.undo, "child")
                await own.wait(1)
                raise LookupError("in the child")

        async def program(event: Any, ctx: Any) -> Any:
            with pytest.raises(Exception, match="in the child"):
                await ctx.run_in_child_context(child, name="child")
            await ctx.wait(1)
            return "done"

        assert world.value(flavour.handler(program)) == "done"
        assert shop.done == ["child"]
        compensation = world.record("compensate undo")
        assert compensation["ParentId"] == world.record("child")["Id"]

    def test_compensations_wait_for_what_runs_beside(
        self, flavour: Any, world: World, shop: Shop
    ) -> None:
        async def child(own: Any, number: int) -> int:
            async with own.saga(name=f"saga {number}") as saga:
                saga.add_compensation(shop.undo, number, retry=lambda *_: 1)
                await own.wait(10 - number)
                if number % 2:
                    raise LookupError(f"odd {number}")
            return number

        async def program(event: Any, ctx: Any) -> Any:
            futures = [ctx.start.run_in_child_context(child, n, name=f"c{n}") for n in range(4)]
            batch = await ctx.settled(*futures)
            return [item.status for item in batch]

        assert world.value(flavour.handler(program)) == ["SUCCEEDED", "FAILED"] * 2
        assert sorted(shop.done) == [1, 3]


def test_stopped_at_every_checkpoint(flavour: Any) -> None:
    def flaky() -> None:
        if current_step().attempt < 2:
            raise ConnectionError("not yet")

    def refuse() -> None:
        raise ConnectionError("never")

    async def program(event: Any, ctx: Any) -> Any:
        found = []
        try:
            async with ctx.saga(name="order") as saga:
                saga.add_cleanup(flaky, name="unlock", retry=lambda *_: 2)
                await ctx.step(lambda: None, name="reserve")
                saga.add_compensation(flaky, name="release", retry=lambda *_: 2)
                await ctx.wait(5)
                saga.add_compensation(refuse, name="refund")
                await ctx.step(fail, name="ship")
        except SagaError as error:
            found = [str(error), repr(error.__cause__), [str(each) for each in error.exceptions]]
        await ctx.wait(1)
        return [found, await ctx.step(lambda: "after", name="after")]

    expected = None
    for world, finished in crashes(flavour.handler(program)):
        assert finished.status == "SUCCEEDED", finished.error
        expected = expected or finished.value
        assert finished.value == expected
        assert world.names().count("order compensate release") == 1
    assert expected is not None
    assert "'order compensate refund'" in expected[0][0]


class TestMisuse:
    def test_too_early_too_late_and_twice(self, flavour: Any, world: World, shop: Shop) -> None:
        async def program(event: Any, ctx: Any) -> Any:
            manager = ctx.saga()
            async with manager as saga:
                pass
            with pytest.raises(MisuseError, match="after its block had ended"):
                saga.add_compensation(shop.undo, "late")
            with pytest.raises(MisuseError, match="one block"):
                async with manager:
                    pass

        assert world.run(flavour.handler(program)).status == "SUCCEEDED"

    def test_without_a_block(self, world: World, shop: Shop) -> None:
        @durable_execution
        def handler(event: Any, ctx: Any) -> None:
            with pytest.raises(MisuseError, match="before its block was opened"):
                ctx.saga().add_cleanup(shop.undo, "early")

        assert world.run(handler).status == "SUCCEEDED"

    def test_the_wrong_keyword(self, world: World) -> None:
        @durable_execution
        def handler(event: Any, ctx: Any) -> None:
            with pytest.raises(MisuseError, match="`async with` in an `async def` one"):
                ctx.saga().__aenter__().send(None)
            with pytest.raises(MisuseError, match="opened on a _Starting"), ctx.start.saga():
                pass

        @durable_execution
        async def async_handler(event: Any, ctx: Any) -> None:
            with pytest.raises(MisuseError, match="in a `def` handler"), ctx.saga():
                pass

        assert world.run(handler).status == "SUCCEEDED"
        assert World().run(async_handler).status == "SUCCEEDED"

    def test_bad_arguments_are_told_when_they_are_given(
        self, flavour: Any, world: World, shop: Shop
    ) -> None:
        async def program(event: Any, ctx: Any) -> Any:
            with pytest.raises(InvalidInputError, match="printable ASCII"):
                ctx.saga(name="ünnamed")
            with pytest.raises(InvalidInputError, match="retry must be"):
                ctx.saga(retry=3)
            with pytest.raises(UnknownNameError, match="nobody"):
                ctx.saga(retry="nobody")
            async with ctx.saga() as saga:
                for add in (saga.add_compensation, saga.add_cleanup):
                    with pytest.raises(InvalidInputError, match="expected a function"):
                        add(shop.undo("called at once"))
                    with pytest.raises(InvalidInputError, match="name is empty"):
                        add(shop.undo, "x", name="")
                    with pytest.raises(UnknownNameError, match="nobody"):
                        add(shop.undo, "x", retry="nobody")
            return "told"

        assert world.value(flavour.handler(program)) == "told"
