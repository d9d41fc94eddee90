"""Tests of the approval: days pass at once, and the test answers for the approvers."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import expense_approval
import expense_approval_async
import pytest

from lambda_durable import DurableHandler
from lambda_durable_testing import LocalRunner, crash_everywhere
from lambda_durable_testing.abc import Execution

CLAIM = json.loads(Path(__file__).with_name("event.json").read_text(encoding="utf-8"))
BOTH = [expense_approval.handler, expense_approval_async.handler]


@pytest.mark.parametrize("handler", BOTH)
def test_the_manager_decides(handler: DurableHandler[Any, Any]) -> None:
    execution = LocalRunner(handler).start(CLAIM)
    execution.callback("ask ann@example.com").succeed({"approved": True, "by": "ann"})
    assert execution.finish().result == {"approved": True, "by": "ann"}


def test_the_director_is_asked_when_the_manager_is_silent() -> None:
    execution = LocalRunner(expense_approval.handler).start(CLAIM)
    execution.callback("ask ann@example.com")
    execution.advance(timedelta(days=2))
    execution.callback("ask director@example.com").succeed({"approved": False, "by": "director"})
    result = execution.finish()
    assert result.result == {"approved": False, "by": "director"}
    assert result.messages == ["ann@example.com did not answer in time"]


@pytest.mark.parametrize(
    ("handler", "days"), [(expense_approval.handler, 4), (expense_approval_async.handler, 2)]
)
def test_nobody_answers(handler: DurableHandler[Any, Any], days: int) -> None:
    result = LocalRunner(handler).run(CLAIM)
    assert result.result == {"approved": False, "by": "nobody"}
    assert result.duration == timedelta(days=days)


def test_who_answers_first_counts() -> None:
    execution = LocalRunner(expense_approval_async.handler).start(CLAIM)
    execution.callback("ask director@example.com").succeed({"approved": True, "by": "director"})
    assert execution.finish().result == {"approved": True, "by": "director"}


@pytest.mark.parametrize("handler", BOTH)
def test_it_survives_every_crash(handler: DurableHandler[Any, Any]) -> None:
    def approve(execution: Execution) -> None:
        execution.callback("ask ann@example.com").succeed({"approved": True, "by": "ann"})

    crash_everywhere(handler, CLAIM, script=approve, interleavings=10)
    crash_everywhere(handler, CLAIM, interleavings=10)  # nobody answers
