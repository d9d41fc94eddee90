"""Blocks of operations that are tried again: attempts, waits, giving up, and replay."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from retried_programs import World, crashes

from lambda_durable import (
    ChildContextError,
    InvalidInputError,
    MisuseError,
    PluginError,
    SerializationError,
    StepError,
    UnknownNameError,
)
from lambda_durable_retry import exponential, fixed

TWICE = fixed(timedelta(seconds=10), attempts=2)


class Attempts:
    """A block's outside world: steps that fail so many times."""

    def __init__(self, failures: int = 0) -> None:
        self.left = failures
        self.made: list[Any] = []

    def work(self, what: object = None) -> object:
        """Fail, or return what was asked for."""
        self.made.append(what)
        if self.left:
            self.left -= 1
            raise ConnectionError("reset")
        return what


def no_retry(*_: object) -> None:
    """Never try a step again."""


def test_each_attempt_makes_new_operations_in_one_context(handler_of: Any, world: World) -> None:
    outside = Attempts(failures=2)

    async def block(own: Any, key: str) -> Any:
        await own.step(lambda: None, name="prepare")
        return await own.step(outside.work, key, name="send", retry=no_retry)

    async def program(ctx: Any) -> Any:
        value = await ctx.with_retry(block, "k", retry=fixed(10, attempts=5), name="sending")
        await ctx.wait(1)
        return [value, await ctx.step(lambda: "after", name="after")]

    assert world.value(handler_of(program)) == ["k", "after"]
    assert outside.made == ["k"] * 3
    assert world.names() == [
        "sending",
        "prepare",
        "send",
        "sending-backoff-1",
        "prepare",
        "send",
        "sending-backoff-2",
        "prepare",
        "send",
        None,
        "after",
    ]
    records = world.records()
    context = records[0]
    assert (context["Type"], context["SubType"]) == ("CONTEXT", "RunInChildContext")
    assert {each.get("ParentId") for each in records[1:9]} == {context["Id"]}
    assert len({each["Id"] for each in records}) == len(records)


def test_the_wait_between_attempts_uses_no_compute(handler_of: Any, world: World) -> None:
    outside = Attempts(failures=1)

    async def block(own: Any) -> Any:
        return await own.step(outside.work, 1, name="send", retry=no_retry)

    async def program(ctx: Any) -> Any:
        return await ctx.with_retry(block, retry=fixed(3600, attempts=2))

    finished = world.run(handler_of(program))
    assert (finished.value, finished.invocations) == (1, 2)
    wait = next(each for each in world.records() if each["Type"] == "WAIT")
    assert wait["Name"] == "block-backoff-1"
    assert wait["EndTimestamp"] - wait["StartTimestamp"] == 3_600_000


def test_giving_up_is_the_same_on_replay(handler_of: Any, world: World) -> None:
    seen = []

    async def block(own: Any) -> Any:
        await own.step(Attempts(failures=1).work, name="send", retry=no_retry)

    async def program(ctx: Any) -> Any:
        try:
            await ctx.with_retry(block, retry=TWICE, name="block")
        except ChildContextError as error:
            seen.append([str(error), repr(error.cause), error.name, error.operation_id])
        await ctx.wait(1)

    assert world.value(handler_of(program)) is None
    first, again = seen
    assert first == again
    assert first[0] == "child context 'block' failed: ConnectionError: reset"
    assert first[1] == "ConnectionError('reset')"
    assert world.names().count("send") == 2


def test_the_strategy_is_asked_once_per_failure_and_told_what_a_step_s_is(
    handler_of: Any, world: World
) -> None:
    asked = []

    def strategy(error: Exception, attempt: int, elapsed: float) -> float | None:
        asked.append((type(error), repr(error.__cause__), attempt, round(elapsed)))
        return 100 if attempt < 3 else None

    async def block(own: Any) -> Any:
        await own.wait(20)
        await own.step(Attempts(failures=1).work, name="send", retry=no_retry)

    async def program(ctx: Any) -> Any:
        try:
            await ctx.with_retry(block, retry=strategy)
        except ChildContextError:
            await ctx.wait(5)
            return "given up"

    assert world.value(handler_of(program)) == "given up"
    cause = "ConnectionError('reset')"
    assert asked == [
        (StepError, cause, 1, 20),
        (StepError, cause, 2, 140),
        (StepError, cause, 3, 260),
    ]


def test_defaults_are_the_handler_s_and_then_the_plugin_s(handler_of: Any, world: World) -> None:
    outside = Attempts(failures=3)

    async def block(own: Any) -> Any:
        return await own.step(outside.work, "sent", name="send", retry=no_retry)

    async def program(ctx: Any) -> Any:
        return await ctx.with_retry(block)

    assert world.value(handler_of(program)) == "sent"
    assert outside.made == ["sent"] * 4

    outside.left = 3
    finished = World().run(handler_of(program, retry=TWICE))
    assert finished.error is not None
    assert finished.error["ErrorMessage"] == "reset"

    outside.left, outside.made = 1, []
    named = World().run(handler_of(program, retry="transient"))
    assert named.value == "sent"


def test_a_result_over_256_kib_comes_from_the_operations(handler_of: Any, world: World) -> None:
    outside = Attempts(failures=1)
    asked = []

    def strategy(error: Exception, attempt: int, elapsed: float) -> float | None:
        asked.append(attempt)
        return 1

    async def block(own: Any) -> Any:
        part = await own.step(outside.work, "x" * 200_000, name="part", retry=no_retry)
        return [part, part]

    async def program(ctx: Any) -> Any:
        parts = await ctx.with_retry(block, retry=strategy)
        await ctx.wait(1)
        return [len(part) for part in parts]

    assert world.value(handler_of(program)) == [200_000, 200_000]
    assert asked == [1]
    assert len(outside.made) == 2
    details = world.records()[0]["ContextDetails"]
    assert details["ReplayChildren"] is True


def test_what_a_failed_attempt_started_is_over(handler_of: Any, world: World) -> None:
    outside = Attempts(failures=1)
    entered = []
    is_begun = threading.Event()

    async def slow(own: Any) -> None:
        entered.append(len(outside.made))
        is_begun.set()
        await own.wait(1000)

    def send() -> object:
        assert is_begun.wait(10)  # so that both attempts have begun what they leave behind
        return outside.work("done")

    async def block(own: Any) -> Any:
        is_begun.clear()
        own.start.run_in_child_context(slow, name="slow")
        result = await own.step(send, name="send", retry=no_retry)
        await own.wait(5)
        return await own.step(lambda: result, name="last")

    async def program(ctx: Any) -> Any:
        return await ctx.with_retry(block, retry=fixed(5, attempts=2))

    finished = world.run(handler_of(program))
    assert finished.value == "done"
    assert world.names().count("slow") == 2
    # The first attempt's was entered in its own invocation alone.
    assert entered.count(0) == 1


@pytest.mark.parametrize(
    "error",
    [
        MisuseError("wrong"),
        InvalidInputError("wrong"),
        UnknownNameError("wrong"),
        SerializationError("wrong"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_that_say_the_program_is_wrong_are_not_retried(
    handler_of: Any, world: World, error: Exception
) -> None:
    runs = []

    async def block(own: Any) -> Any:
        runs.append(1)
        raise error

    async def program(ctx: Any) -> Any:
        try:
            await ctx.with_retry(block, retry=lambda *_: 1)
        except ChildContextError as failed:
            return failed.error_type

    assert world.value(handler_of(program)) == f"lambda_durable.errors.{type(error).__name__}"
    assert runs == [1]


def test_a_missing_plugin_is_not_retried(handler_of: Any, world: World) -> None:
    async def block(own: Any) -> Any:
        await own.parallel([])

    async def program(ctx: Any) -> Any:
        return await ctx.with_retry(block, retry=lambda *_: 1)

    finished = world.run(handler_of(program))
    assert finished.error is not None
    assert finished.error["ErrorType"] == "lambda_durable.errors.MissingPluginError"


def test_non_determinism_is_not_retried(handler_of: Any, world: World) -> None:
    runs = []

    async def block(own: Any) -> Any:
        runs.append(1)
        await own.step(lambda: None, name=f"run {len(runs)}")
        await own.wait(1)

    async def program(ctx: Any) -> Any:
        return await ctx.with_retry(block, retry=lambda *_: 1)

    finished = world.run(handler_of(program))
    assert finished.error is not None
    assert finished.error["ErrorType"].endswith("NonDeterminismError")
    assert len(runs) == 2


def test_a_broken_strategy_ends_the_execution(handler_of: Any, world: World) -> None:
    async def block(own: Any) -> Any:
        raise LookupError("failed")

    async def program(ctx: Any) -> Any:
        try:
            await ctx.with_retry(block, retry=lambda *_: 1 / 0)
        except ChildContextError:
            return "caught"

    finished = world.run(handler_of(program))
    assert finished.error is not None
    assert finished.error["ErrorType"].endswith(PluginError.__name__)


def test_a_store_out_of_reach_is_the_invocation_s_to_retry(handler_of: Any, world: World) -> None:
    tries = []

    class Torn:
        def dumps(self, value: Any, where: Any, /) -> str:
            tries.append(1)
            if len(tries) == 1:
                raise SerializationError("no store", retryable=True)
            return '"kept"'

        def loads(self, text: str, type: Any, where: Any, /) -> Any:
            return "kept"

    async def block(own: Any) -> Any:
        return await own.step(lambda: 1, name="one", serializer=Torn(), retry=no_retry)

    async def program(ctx: Any) -> Any:
        return await ctx.with_retry(block, retry=lambda *_: None)

    finished = world.run(handler_of(program))
    assert (finished.value, finished.invocations) == ("kept", 2)


def test_blocks_in_blocks_and_beside_each_other(handler_of: Any, world: World) -> None:
    outside = {name: Attempts(failures=1) for name in "ab"}

    async def inner(own: Any, name: str) -> Any:
        return await own.step(outside[name].work, name, name=f"send {name}", retry=no_retry)

    async def outer(own: Any, name: str) -> Any:
        await own.wait(1)
        return await own.with_retry(inner, name, retry=TWICE, name=f"inner {name}")

    async def program(ctx: Any) -> Any:
        futures = [ctx.start.with_retry(outer, n, retry=TWICE, name=f"outer {n}") for n in "ab"]
        return [await future for future in futures]

    assert world.value(handler_of(program)) == ["a", "b"]
    assert world.names().count("inner a-backoff-1") == 1


def test_stopped_at_every_checkpoint(handler_of: Any, world: World) -> None:
    async def program(ctx: Any) -> Any:
        entered = []

        async def block(own: Any) -> Any:
            entered.append(1)
            number = await own.step(lambda: len(entered), name="count")
            await own.wait(1)
            if number < 3:
                await own.step(Attempts(failures=1).work, name="send", retry=no_retry)
            return await own.step(lambda: "sent", name="last")

        value = await ctx.with_retry(block, retry=exponential(attempts=9, initial=1))
        await ctx.wait(1)
        return value

    for world_of_it, finished in crashes(handler_of(program)):
        assert finished.value == "sent", finished.error
        names = world_of_it.names()
        backoffs = [name for name in names if name and "backoff" in name]
        assert backoffs == [f"block-backoff-{n + 1}" for n in range(len(backoffs))]
        assert names.count("count") == len(backoffs) + 1


class TestBadInput:
    def test_it_is_told_at_the_call(self, handler_of: Any, world: World) -> None:
        async def block(own: Any) -> None: ...

        async def program(ctx: Any) -> Any:
            with pytest.raises(InvalidInputError, match="expected a function"):
                await ctx.with_retry(42)
            with pytest.raises(InvalidInputError, match="retry must be a name or a function"):
                await ctx.with_retry(block, retry=3)
            with pytest.raises(InvalidInputError, match="printable ASCII"):
                await ctx.with_retry(block, name="ünnamed")
            with pytest.raises(UnknownNameError, match="nobody"):
                await ctx.with_retry(block, retry="nobody")
            return "told"

        assert world.value(handler_of(program)) == "told"

    def test_a_long_name_still_has_its_waits(self, handler_of: Any, world: World) -> None:
        outside = Attempts(failures=1)

        async def block(own: Any) -> Any:
            return await own.step(outside.work, 1, name="send", retry=no_retry)

        async def program(ctx: Any) -> Any:
            return await ctx.with_retry(block, retry=TWICE, name="n" * 256)

        assert world.value(handler_of(program)) == 1
        (wait,) = [each for each in world.records() if each["Type"] == "WAIT"]
        assert wait["Name"] == "n" * 246 + "-backoff-1"
