"""Programs that are wrong, which no retry can help, and polling that goes on for long."""

from types import ModuleType
from typing import Any

import pytest
from behaviour.flavours import FLAVOURS
from behaviour.world import World

from lambda_durable_kernel import Simulation
from lambda_durable_retry import poll, wait_exponential

POLLS = 2_000


def test_a_block_that_is_not_deterministic_is_not_retried(flavour: Any, world: World) -> None:
    payments: list[int] = []
    entered: list[int] = []

    async def block(ctx: Any) -> str:
        entered.append(1)
        await ctx.step(payments.append, 100, name="pay")
        await ctx.wait(60, name="as deployed" if len(entered) == 1 else "as changed since")
        return "done"

    async def program(event: Any, ctx: Any) -> Any:
        return await ctx.with_retry(block, retry=lambda error, attempt, elapsed: 1.0, name="block")

    finished = world.run(flavour.handler(program))
    assert (finished.status, payments, len(entered)) == ("FAILED", [100], 2)
    assert finished.error["ErrorType"] == "lambda_durable.errors.NonDeterminismError"
    assert "as changed since" in finished.error["ErrorMessage"]


def test_officially_a_block_that_is_not_deterministic_is_retried(
    official: Any, sdk: ModuleType, world: World
) -> None:
    from aws_durable_execution_sdk_python.config import Duration
    from aws_durable_execution_sdk_python.retries import RetryDecision

    payments: list[int] = []
    entered: list[int] = []

    def block(ctx: Any, attempt: int) -> str:
        entered.append(attempt)
        ctx.step(lambda _: payments.append(100), name="pay")
        ctx.wait(Duration(60), name="as deployed" if len(entered) == 1 else "as changed since")
        return "done"

    def program(event: Any, ctx: Any) -> Any:
        retry = sdk.WithRetryConfig(retry_strategy=lambda *_: RetryDecision.retry(Duration(1)))
        return sdk.with_retry(ctx, block, retry, name="block")

    finished = world.run(official(program))
    # The mismatch is taken for an error like any other: the customer pays twice.
    assert (finished.value, payments) == ("done", [100, 100])


def test_a_step_inside_a_step_is_refused_at_once(flavour: Any, world: World) -> None:
    async def program(event: Any, ctx: Any) -> str:
        def outer() -> None:
            ctx.step(lambda: "inner", name="inner")

        await ctx.step(outer, name="outer")
        await ctx.wait(60)
        return "done"

    finished = world.run(flavour.handler(program))
    assert (finished.status, finished.invocations) == ("FAILED", 1)
    assert [record["Name"] for record in world.records()] == ["outer"]
    assert finished.error["ErrorType"] == "lambda_durable.errors.MisuseError"
    assert "inside the body of the step 'outer'" in finished.error["ErrorMessage"]


def test_officially_a_step_inside_a_step_breaks_the_replay(
    official: Any, sdk: ModuleType, world: World
) -> None:
    from aws_durable_execution_sdk_python.config import Duration

    def program(event: Any, ctx: Any) -> str:
        def outer(_: Any) -> Any:
            return ctx.step(lambda _: "inner", name="inner")

        ctx.step(outer, name="outer")
        ctx.wait(Duration(60))
        return "done"

    finished = world.run(official(program))
    # It works until the first replay, when the inner step is skipped and its id is the wait's.
    assert (finished.status, finished.invocations) == ("FAILED", 2)
    assert finished.error["ErrorType"].endswith(".NonDeterministicExecutionError")
    names = [record.get("Name") for record in world.records()]
    assert names == ["outer", "inner", None]


def polling(flavour: Any) -> Any:
    """Return a handler of ours that polls so often, its pauses growing to five minutes."""

    async def program(event: Any, ctx: Any) -> Any:
        return await ctx.wait_for_condition(
            lambda polls: polls + 1,
            0,
            until=lambda polls: polls == POLLS,
            strategy=poll(wait_exponential(initial=5, factor=1.5, maximum=300)),
            name="poll",
        )

    return flavour.handler(program)


@pytest.mark.timeout(600)
def test_a_condition_may_be_polled_two_thousand_times(flavour: Any, world: World) -> None:
    finished = world.run(polling(flavour))
    assert (finished.value, finished.invocations) == (POLLS, POLLS)
    assert world.record("poll")["StepDetails"]["Attempt"] == POLLS


@pytest.mark.timeout(600)
def test_officially_a_condition_fails_when_its_backoff_overflows(
    official: Any, sdk: ModuleType
) -> None:
    from aws_durable_execution_sdk_python.waits import (
        WaitForConditionConfig,
        WaitStrategyConfig,
        create_wait_strategy,
    )

    strategy: Any = create_wait_strategy(
        WaitStrategyConfig(should_continue_polling=lambda polls: polls < POLLS, max_attempts=9_999)
    )

    def program(event: Any, ctx: Any) -> Any:
        return ctx.wait_for_condition(
            lambda polls, _: polls + 1,
            WaitForConditionConfig(wait_strategy=strategy, initial_state=0),
            name="poll",
        )

    # Ours polls up to there, as the official one would take a tenth of a second each time.
    ours, theirs = polling(FLAVOURS[0]), official(program)
    simulation = Simulation()

    def host(_: str, event: Any, told: Any) -> Any:
        handler = ours if len(simulation.invocations) < POLLS - 2 else theirs
        return handler.run_invocation(event, None, service=told.service)

    simulation.register("main", host)
    finished = simulation.run("main")
    # 1.5 to the power of 1,998 is no float; the largest delay is applied too late.
    assert (finished.status, finished.invocations) == ("FAILED", POLLS - 1)
    assert finished.error["ErrorType"].endswith(".WaitForConditionError")
    assert "out of range" in finished.error["ErrorMessage"]
