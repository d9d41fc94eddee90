"""The determinism check finds what depends on the clock, on chance or on hashes."""

import time
from datetime import UTC, datetime
from typing import Any

import determinism_programs as programs
import pytest

from lambda_durable import DurableContext, durable_execution
from lambda_durable_testing import LocalRunner
from lambda_durable_testing.determinism import NotDeterministicError, check_determinism
from lambda_durable_testing.determinism.surroundings import Surroundings, within


@pytest.mark.parametrize(
    ("handler", "shown"),
    [
        (programs.by_date, "'this year'"),
        (programs.by_time, "'day "),
        (programs.by_hash, "> new       step '"),
        (programs.by_chance, "'number "),
        (programs.async_by_date, "'until "),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_what_depends_on_the_surroundings(handler: Any, shown: str) -> None:
    with pytest.raises(NotDeterministicError) as caught:
        check_determinism(handler, datetime.now(UTC).year)
    print(caught.value)
    assert shown in str(caught.value)


@pytest.mark.parametrize(
    "handler", [programs.by_steps, programs.async_by_steps, programs.in_a_result]
)
def test_what_does_not(handler: Any) -> None:
    found = check_determinism(handler)
    assert found.prefixes > 4
    assert found.in_own_processes


def test_a_handler_in_a_function_stays_in_this_process() -> None:
    @durable_execution
    def by_date(event: Any, ctx: DurableContext) -> None:
        ctx.step(programs.fetch, name=f"in {datetime.now(UTC).year}")

    @durable_execution
    def steady(event: Any, ctx: DurableContext) -> None:
        ctx.step(programs.fetch)

    with pytest.raises(NotDeterministicError, match="is not deterministic"):
        check_determinism(by_date)
    assert not check_determinism(steady).in_own_processes


def test_a_runner_brings_its_stand_ins() -> None:
    runner = LocalRunner(programs.by_steps)
    runner.step("year").returns(1999)
    assert check_determinism(runner).prefixes > 5


def test_the_clock_is_put_back() -> None:
    before = datetime.now(UTC)
    with within(Surroundings(400.0, 1)):
        assert (datetime.now(UTC) - before).days >= 400
        assert type(datetime.now(UTC)) is datetime
        assert datetime.now(UTC).timestamp() - time.time() < 1
    assert (datetime.now(UTC) - before).days == 0
    assert time.time() - before.timestamp() < 86_400
