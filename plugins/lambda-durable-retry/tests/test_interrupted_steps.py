"""At-most-once steps that a crash interrupted: who tries them again."""

from typing import Any

import pytest
from retried_programs import World

from lambda_durable import StepInterruptedError, current_step
from lambda_durable_retry import exponential, fixed


@pytest.mark.parametrize("retry", [None, "default", "transient", "none"])
def test_nobody_tries_them_again_unasked(
    handler_of: Any, monkeypatch: pytest.MonkeyPatch, retry: str | None
) -> None:
    assert run(handler_of, monkeypatch, retry) == ("interrupted", [])


@pytest.mark.parametrize("retry", [fixed(1, attempts=2), exponential(attempts=3)], ids=repr)
def test_a_strategy_that_the_call_names_does(
    handler_of: Any, monkeypatch: pytest.MonkeyPatch, retry: Any
) -> None:
    assert run(handler_of, monkeypatch, retry) == ("charged", [2])


def run(handler_of: Any, monkeypatch: pytest.MonkeyPatch, retry: Any) -> tuple[str, list[int]]:
    """Crash once the step's start is recorded; return the result, and the attempts that ran."""
    monkeypatch.setenv("LAMBDA_DURABLE_PLUGINS", "lambda_durable_retry")
    ran: list[int] = []

    def charge() -> str:
        ran.append(current_step().attempt)
        return "charged"

    async def program(ctx: Any) -> Any:
        try:
            return await ctx.step(charge, semantics="at-most-once", retry=retry)
        except StepInterruptedError:
            return "interrupted"

    value: str = World(crash_at=(1, "after")).value(handler_of(program))
    return value, ran
