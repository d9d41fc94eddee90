"""Steps: results, retries, semantics, names."""

import asyncio
import functools
import threading
from concurrent import futures
from typing import Any
from unittest.mock import Mock

import pytest

from lambda_durable import StepError, StepInterruptedError, current_step

from .world import World


def test_a_step_runs_once_and_is_answered_from_its_record(flavour: Any, world: World) -> None:
    runs = []

    async def program(event: Any, ctx: Any) -> Any:
        first = await ctx.step(lambda: runs.append(1) or len(runs), name="count")
        await ctx.wait(10)
        return [first, await ctx.step(lambda: runs.append(1) or len(runs), name="again")]

    assert world.run(flavour.handler(program)).value == [1, 2]
    assert runs == [1, 1]


@pytest.mark.usefixtures("unhurried")
def test_a_sequential_step_makes_one_request_and_replay_none(flavour: Any, world: World) -> None:
    async def program(event: Any, ctx: Any) -> Any:
        for number in range(20):
            await ctx.step(lambda n=number: n, name=f"s{number}")
        await ctx.wait(1)
        return None

    world.run(flavour.handler(program))
    assert world.requests == 21
    assert world.simulation.invocations[-1].checkpoints == 0


class Shop:
    def price(self, item: str) -> int:
        return len(item)


async def fetched(x: int) -> int:
    return x + 1


def test_names_come_from_the_function(flavour: Any, world: World) -> None:
    async def program(event: Any, ctx: Any) -> Any:
        return [
            await ctx.step(Shop().price, "tea"),
            await ctx.step(functools.partial(pow, 2), 3),
            await ctx.step(fetched, 1),
            await ctx.step(lambda: 5),
            await ctx.step(len, [1, 2], name="size"),
        ]

    assert world.run(flavour.handler(program)).value == [3, 8, 2, 5, 2]
    assert [o.get("Name") for o in world.records()] == [
        "price",
        "pow",
        "fetched",
        "<lambda>",
        "size",
    ]
    assert {o["SubType"] for o in world.records()} == {"Step"}


def test_a_retried_step_waits_at_the_service_between_attempts(flavour: Any, world: World) -> None:
    attempts = []

    def flaky() -> str:
        attempts.append(current_step().attempt)
        if len(attempts) < 3:
            raise ConnectionError("no line")
        return "through"

    async def program(event: Any, ctx: Any) -> Any:
        return await ctx.step(flaky, retry=lambda error, attempt, elapsed: 7)

    started = world.simulation.now
    finished = world.run(flavour.handler(program))
    assert (finished.value, finished.invocations) == ("through", 3)
    assert attempts == [1, 2, 3]
    assert world.simulation.now == pytest.approx(started + 14)
    assert world.record("flaky")["StepDetails"]["Attempt"] == 3


def test_the_strategy_is_told_error_attempt_and_elapsed_time(flavour: Any, world: World) -> None:
    told = []

    def strategy(error: Exception, attempt: int, elapsed: float) -> float | None:
        told.append((str(error), attempt, round(elapsed)))
        return 30 if attempt < 3 else None

    def fails() -> None:
        raise ValueError(f"no {current_step().attempt}")

    async def program(event: Any, ctx: Any) -> Any:
        await ctx.step(fails, retry=strategy)

    finished = world.run(flavour.handler(program))
    assert told == [("no 1", 1, 0), ("no 2", 2, 30), ("no 3", 3, 60)]
    assert finished.status == "FAILED"
    assert finished.error is not None
    assert finished.error["ErrorType"] == "ValueError"
    assert finished.error["ErrorMessage"] == "no 3"


def test_a_failed_step_raises_the_same_on_its_first_run_and_on_replay(
    flavour: Any, world: World
) -> None:
    caught = []

    def fails() -> None:
        raise KeyError("gone")

    async def program(event: Any, ctx: Any) -> Any:
        try:
            await ctx.step(fails)
        except StepError as error:
            caught.append((str(error), error.error_type, error.error_message, repr(error.cause)))
        await ctx.wait(5)
        return "went on"

    assert world.run(flavour.handler(program)).value == "went on"
    assert caught[0] == caught[1]
    assert caught[0] == (
        "step 'fails' failed: KeyError: gone",
        "KeyError",
        "gone",
        "KeyError('gone')",
    )


@pytest.mark.parametrize("retries", [None, 1])
def test_an_interrupted_at_most_once_attempt_is_not_run_again(flavour: Any, retries: Any) -> None:
    world = World(crash_at=(1, "after"))
    bodies: list[int] = []

    async def program(event: Any, ctx: Any) -> Any:
        try:
            return await ctx.step(
                lambda: bodies.append(current_step().attempt),
                name="charge",
                semantics="at-most-once",
                retry=lambda error, attempt, elapsed: retries,
            )
        except StepInterruptedError as error:
            return f"interrupted: {error.name}"

    finished = world.run(flavour.handler(program))
    if retries is None:
        assert finished.value == "interrupted: charge"
        assert bodies == []
    else:
        assert finished.value is None
        assert bodies == [2]


def test_an_interrupted_at_least_once_attempt_runs_again_without_a_second_start(
    flavour: Any,
) -> None:
    world = World(crash_at=(2, "before"))
    runs = []

    async def program(event: Any, ctx: Any) -> Any:
        await ctx.step(lambda: 1, name="first")
        return await ctx.step(lambda: runs.append(1) or len(runs), name="second")

    assert world.run(flavour.handler(program)).value == 2
    assert world.history().count("StepStarted") == 2


def test_a_900_kb_result_works_and_a_larger_one_says_what_to_do(flavour: Any, world: World) -> None:
    async def program(event: Any, ctx: Any) -> Any:
        size = len(await ctx.step(lambda: "é" * 450_000, name="large"))
        try:
            await ctx.step(lambda: "x" * 1_048_577, name="huge")
        except StepError as error:
            return [size, str(error)]

    size, message = world.run(flavour.handler(program)).value
    assert size == 450_000
    assert "'huge'" in message
    assert "1048579 bytes" in message
    assert "S3" in message


def test_the_first_run_returns_what_a_replay_would(flavour: Any, world: World) -> None:
    seen = []

    async def program(event: Any, ctx: Any) -> Any:
        seen.append(await ctx.step(lambda: {1: (2, 3)}, name="odd"))
        await ctx.wait(1)

    world.run(flavour.handler(program))
    assert seen == [{"1": [2, 3]}] * 2


def test_a_body_that_runs_long_is_seen_to_have_started(flavour: Any, world: World) -> None:
    seen = threading.Event()

    def watch(moment: Any) -> None:
        if moment.phase == "after" and [u["Action"] for u in moment.updates] == ["START"]:
            seen.set()

    world.simulation.on_checkpoint = watch

    async def program(event: Any, ctx: Any) -> Any:
        return await ctx.step(lambda: seen.wait(20), name="long")

    assert world.run(flavour.handler(program)).value is True


class Unhashable:
    """A callable object that is equal to nothing and no key."""

    __hash__ = None  # type: ignore[assignment]  # the point of the test

    def __init__(self, function: Any) -> None:
        functools.update_wrapper(self, function)

    def __call__(self) -> int:
        return 3


def postponed() -> "int":
    return 3


@pytest.mark.parametrize("function", [Mock(return_value=3), Unhashable(postponed)])
def test_unusual_callables_are_steps_too(flavour: Any, world: World, function: Any) -> None:
    async def program(event: Any, ctx: Any) -> Any:
        return await ctx.step(function, name="odd")

    assert world.run(flavour.handler(program)).value == 3


async def cancelled() -> None:
    raise asyncio.CancelledError


@pytest.mark.parametrize("body", [lambda: next(iter([])), lambda: futures.Future().result(0)])
def test_exceptions_that_mean_something_to_python_fail_a_step(
    flavour: Any, world: World, body: Any
) -> None:
    async def program(event: Any, ctx: Any) -> Any:
        try:
            await ctx.step(body, name="odd")
        except StepError as error:
            return error.name

    assert world.run(flavour.handler(program)).value == "odd"


@pytest.mark.parametrize("body", [cancelled, lambda: asyncio.run(cancelled())])
def test_a_body_that_cancels_itself_fails_its_step(flavour: Any, world: World, body: Any) -> None:
    async def program(event: Any, ctx: Any) -> Any:
        try:
            await ctx.step(body, name="odd")
        except StepError as error:
            return str(error)

    message = world.run(flavour.handler(program)).value
    assert "cancelled from inside" in message


def test_async_steps_share_the_loop_that_module_level_clients_live_on(
    flavour: Any, world: World
) -> None:
    loops = []

    async def body() -> None:
        loops.append(asyncio.get_running_loop())

    async def program(event: Any, ctx: Any) -> Any:
        await ctx.step(body)
        await ctx.wait(1)
        await ctx.step(body)

    world.run(flavour.handler(program))
    assert loops[0] is loops[1]


def test_an_error_with_lone_surrogates_can_be_kept(flavour: Any, world: World) -> None:
    def body() -> None:
        raise OSError("no file \udcff.txt")

    async def program(event: Any, ctx: Any) -> Any:
        await ctx.step(body)

    finished = world.run(flavour.handler(program))
    assert finished.error is not None
    assert finished.error["ErrorMessage"] == "no file \\udcff.txt"
