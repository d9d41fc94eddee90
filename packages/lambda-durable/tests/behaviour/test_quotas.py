"""The warning before an execution meets a quota of the service."""

import logging
from collections.abc import Callable
from typing import Any

import pytest

from lambda_durable import StepError
from lambda_durable.protocol import Limits
from lambda_durable_kernel import Quotas, Settings

from .world import World

Warnings = Callable[[], list[str]]


@pytest.fixture
def warnings(caplog: pytest.LogCaptureFixture) -> Warnings:
    """Return the warnings about quotas, so far."""
    caplog.set_level(logging.WARNING, "lambda_durable")
    return lambda: [r.getMessage() for r in caplog.records if "the service takes" in r.message]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A service that takes 50 operations, and 100 KiB of data."""
    monkeypatch.setattr(Limits, "EXECUTION_OPERATIONS", 50)
    monkeypatch.setattr(Limits, "EXECUTION_DATA_BYTES", 100 * 1024)


@pytest.mark.usefixtures("small")
class TestWarnings:
    def test_nothing_is_said_below_80_percent(
        self, flavour: Any, world: World, warnings: Warnings
    ) -> None:
        async def program(event: Any, ctx: Any) -> None:
            for number in range(39):
                await ctx.step(lambda: "x" * 2000, name=f"step {number}")

        assert world.run(flavour.handler(program)).status == "SUCCEEDED"
        assert warnings() == []

    def test_the_operations_that_are_most_are_named_once_per_invocation(
        self, flavour: Any, world: World, warnings: Warnings
    ) -> None:
        async def program(event: Any, ctx: Any) -> None:
            await ctx.step(lambda: "large" * 1000, name="large")
            for number in range(40):
                await ctx.step(lambda: None, name=f"ship {number} of 40")
            await ctx.wait(1)
            await ctx.step(lambda: None, name="last")

        assert world.run(flavour.handler(program)).status == "SUCCEEDED"
        first, second = warnings()
        arn = world.simulation.invocations[-1].execution_arn
        assert first.startswith(f"execution {arn} has 40 operations and 5 KiB of data")
        assert "the service takes 50 and 100 KiB" in first
        assert "39 x Step 'ship * of *' (0 KiB); 1 x Step 'large' (5 KiB)" in first
        assert "40 x Step 'ship * of *'" in second

    def test_data_is_counted_in_bytes_as_they_are_written(
        self, flavour: Any, world: World, warnings: Warnings
    ) -> None:
        async def program(event: Any, ctx: Any) -> None:
            for number in range(9):
                await ctx.step(lambda: None, name=f"small {number}")
            for number in range(3):
                await ctx.wait(1)
                await ctx.step(lambda: "€" * 9_500, name=f"large {number}")

        assert world.run(flavour.handler(program)).status == "SUCCEEDED"
        (told,) = warnings()
        assert "has 15 operations and 84 KiB of data" in told
        assert "Most of it: 3 x Step 'large *' (84 KiB); " in told

    def test_errors_and_attempts_that_failed_count(
        self, flavour: Any, world: World, warnings: Warnings
    ) -> None:
        def fail() -> None:
            raise LookupError("x" * 20_000)

        async def program(event: Any, ctx: Any) -> Any:
            try:
                await ctx.step(fail, retry=lambda error, attempt, elapsed: (1, 1, 1, None)[attempt])
            except StepError:
                return "failed"

        retried = world.run(flavour.handler(program))
        assert retried.status == "SUCCEEDED"
        assert warnings() == []  # three errors of 20 KB

        async def more(event: Any, ctx: Any) -> Any:
            futures = [ctx.start.step(fail, name=f"f{n}") for n in range(5)]
            for future in futures:
                try:
                    await future
                except StepError:
                    continue

        World().run(flavour.handler(more))
        assert len(warnings()) == 1
        assert "5 x Step 'f*'" in warnings()[0]


def test_the_quotas_are_those_of_the_service() -> None:
    quotas = Settings().quotas
    assert isinstance(quotas, Quotas)
    assert quotas.operations == Limits.EXECUTION_OPERATIONS
    assert quotas.data_bytes == Limits.EXECUTION_DATA_BYTES
