"""When a batch is complete and why, by policy; and that the reason is asked for once."""

from typing import Any

import pytest
from durable_programs import World

from lambda_durable import ChildContextError
from lambda_durable.batches import BatchProgress
from lambda_durable.errors import InvalidInputError
from lambda_durable_concurrency import (
    all_completed,
    all_successful,
    first_successful,
    min_successful,
    tolerated_failures,
)

# S and F: what the branches do, one after the other; then what becomes of them.
CASES = [
    (None, "SSS", "SSS", "ALL_COMPLETED"),
    (None, "SFS", "SF", "FAILURE_TOLERANCE_EXCEEDED"),
    (None, "SSF", "SSF", "FAILURE_TOLERANCE_EXCEEDED"),
    (all_successful(), "FSS", "F", "FAILURE_TOLERANCE_EXCEEDED"),
    (all_completed(), "FFF", "FFF", "ALL_COMPLETED"),
    (first_successful(), "FFS", "FFS", "ALL_COMPLETED"),
    (first_successful(), "FSSS", "FS", "MIN_SUCCESSFUL_REACHED"),
    (first_successful(), "FF", "FF", "ALL_COMPLETED"),
    (min_successful(2), "SSSS", "SS", "MIN_SUCCESSFUL_REACHED"),
    (min_successful(3), "SFS", "SFS", "ALL_COMPLETED"),
    (min_successful(2), "SS", "SS", "ALL_COMPLETED"),
    (tolerated_failures(count=1), "SFS", "SFS", "ALL_COMPLETED"),
    (tolerated_failures(count=1), "FFS", "FF", "FAILURE_TOLERANCE_EXCEEDED"),
    (tolerated_failures(count=3), "FFF", "FFF", "ALL_COMPLETED"),
    (tolerated_failures(percentage=25), "FSSS", "FSSS", "ALL_COMPLETED"),
    (tolerated_failures(percentage=25), "FFSS", "FF", "FAILURE_TOLERANCE_EXCEEDED"),
    (tolerated_failures(percentage=100 / 3), "FFS", "FF", "FAILURE_TOLERANCE_EXCEEDED"),
    (tolerated_failures(percentage=0), "SFS", "SF", "FAILURE_TOLERANCE_EXCEEDED"),
    (tolerated_failures(percentage=100), "FFF", "FFF", "ALL_COMPLETED"),
    (min_successful(2) | tolerated_failures(count=1), "FSFS", "FSF", "FAILURE_TOLERANCE_EXCEEDED"),
    (min_successful(2) | tolerated_failures(count=1), "FSSS", "FSS", "MIN_SUCCESSFUL_REACHED"),
    (min_successful(1) | all_successful(), "FS", "F", "FAILURE_TOLERANCE_EXCEEDED"),
    (lambda progress: None, "FS", "FS", "ALL_COMPLETED"),
    (
        lambda progress: "CUSTOM_COMPLETION_SUCCEEDED" if progress.succeeded == 2 else None,
        "FSSS",
        "FSS",
        "CUSTOM_COMPLETION_SUCCEEDED",
    ),
    (
        lambda progress: "CUSTOM_COMPLETION_FAILED" if progress.failed else None,
        "SFSS",
        "SF",
        "CUSTOM_COMPLETION_FAILED",
    ),
    (
        lambda progress: "CUSTOM_COMPLETION_SUCCEEDED" if progress.succeeded == 2 else None,
        "SS",
        "SS",
        "CUSTOM_COMPLETION_SUCCEEDED",
    ),
]


async def does(ctx: Any, what: str) -> str:
    if what == "F":
        raise ValueError("planned")
    return what


@pytest.mark.parametrize("nesting", ["nested", "flat"])
@pytest.mark.parametrize(("completion", "items", "expected", "reason"), CASES)
def test_why_a_batch_is_complete(
    flavour: Any,
    world: World,
    nesting: str,
    completion: Any,
    items: str,
    expected: str,
    reason: str,
) -> None:
    seen: list[Any] = []

    async def program(event: Any, ctx: Any) -> Any:
        batch = await ctx.map(
            items, does, max_concurrency=1, completion=completion, nesting=nesting
        )
        seen.append([[item.status[0] for item in batch], batch.completion_reason])
        await ctx.wait(1)
        return None

    world.value(flavour.handler(program))
    assert seen == [[list(expected), reason]] * 2


def test_a_policy_is_not_asked_on_replay(flavour: Any, world: World) -> None:
    asked: list[BatchProgress] = []

    def policy(progress: BatchProgress) -> Any:
        asked.append(progress)
        return "CUSTOM_COMPLETION_SUCCEEDED" if progress.succeeded == 2 else None

    async def program(event: Any, ctx: Any) -> Any:
        batch = await ctx.map("SSS", does, max_concurrency=1, completion=policy)
        await ctx.wait(1)
        return [len(batch), batch.completion_reason]

    assert world.value(flavour.handler(program)) == [2, "CUSTOM_COMPLETION_SUCCEEDED"]
    assert asked == [BatchProgress(3, 1, 1, 0), BatchProgress(3, 2, 2, 0)]


def test_a_policy_that_changes_does_not_change_a_finished_batch(flavour: Any, world: World) -> None:
    async def program(event: Any, ctx: Any) -> Any:
        completion = min_successful(1) if world.invocations == 0 else all_completed()
        batch = await ctx.map("SFS", does, max_concurrency=1, completion=completion)
        await ctx.wait(1)
        return [len(batch), batch.completion_reason]

    assert world.value(flavour.handler(program)) == [1, "MIN_SUCCESSFUL_REACHED"]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (True, "it must return None to go on, or one of ALL_COMPLETED"),
        ("DONE", "returned 'DONE'; it must return None"),
    ],
)
def test_a_policy_with_a_wrong_answer_fails_the_batch_for_good(
    flavour: Any, world: World, answer: Any, said: str
) -> None:
    async def program(event: Any, ctx: Any) -> Any:
        try:
            await ctx.map("SSS", does, completion=lambda progress: answer, name="batch")
        except ChildContextError as error:
            await ctx.wait(1)
            return [type(error.__cause__).__name__, str(error)]

    cause, text = world.value(flavour.handler(program))
    assert cause == "InvalidInputError"
    assert said in text
    assert world.record("batch")["Status"] == "FAILED"


def test_a_policy_that_raises_fails_the_batch_for_good(flavour: Any, world: World) -> None:
    asked: list[int] = []

    def raises(progress: BatchProgress) -> None:
        asked.append(1)
        raise KeyError("limit")

    async def program(event: Any, ctx: Any) -> Any:
        try:
            await ctx.map("SS", does, completion=raises, max_concurrency=1)
        except ChildContextError as error:
            await ctx.wait(1)
            return repr(error.__cause__)

    assert world.value(flavour.handler(program)) == "KeyError('limit')"
    assert asked == [1]


def test_an_async_policy_is_refused(flavour: Any, world: World) -> None:
    async def policy(progress: BatchProgress) -> None:
        return None

    async def program(event: Any, ctx: Any) -> Any:
        try:
            await ctx.map("SS", does, completion=policy, max_concurrency=1)
        except ChildContextError as error:
            return str(error)

    assert "it must be a plain function" in world.value(flavour.handler(program))


def test_policies_are_values() -> None:
    assert min_successful(2) == min_successful(2)
    assert len({all_successful(), tolerated_failures(count=0), all_completed()}) == 2
    both = min_successful(2) | tolerated_failures(count=1)
    assert both == tolerated_failures(count=1) | min_successful(2)
    assert both | all_completed() == both
    assert both | both == both


def test_limits_that_contradict_each_other() -> None:
    with pytest.raises(InvalidInputError, match="two limits for min_successful, 1 and 2"):
        min_successful(1) | min_successful(2)
    with pytest.raises(TypeError):
        min_successful(1) | 5  # type: ignore[operator]  # this is what is tested


@pytest.mark.parametrize("count", [0, -1, True, 1.0, "2", None])
def test_min_successful_takes_a_number(count: Any) -> None:
    with pytest.raises(InvalidInputError, match="a whole number of at least 1"):
        min_successful(count)


@pytest.mark.parametrize("count", [-1, False, 0.5, "2"])
def test_tolerated_failures_takes_a_count(count: Any) -> None:
    with pytest.raises(InvalidInputError, match="a whole number of at least 0"):
        tolerated_failures(count=count)


@pytest.mark.parametrize("percentage", [-1, 100.5, True, "5", float("nan")])
def test_tolerated_failures_takes_a_percentage(percentage: Any) -> None:
    with pytest.raises(InvalidInputError, match="a number from 0 to 100"):
        tolerated_failures(percentage=percentage)


def test_tolerated_failures_takes_something() -> None:
    with pytest.raises(InvalidInputError, match="all_completed"):
        tolerated_failures()
