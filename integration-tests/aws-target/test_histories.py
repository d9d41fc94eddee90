"""Two services' histories are equal where what happened is, and what differs is named."""

import json
from pathlib import Path
from typing import Any

import pytest
from histories import compare, differences, normalised


def history(id: str, *, fails: bool = False, invocations: int = 1) -> list[dict[str, Any]]:
    """Return what one service recorded of a step in a child context, beside another step."""
    child = {"Id": f"{id}-1", "Name": "pay", "SubType": "RunInChildContext"}
    step = {"Id": f"{id}-2", "Name": "charge", "SubType": "Step", "ParentId": f"{id}-1"}
    retried = {
        "Error": {"Payload": {"ErrorType": "IOError"}},
        "RetryDetails": {"CurrentAttempt": 1},
    }
    failed = [{"EventType": "StepFailed", **step, "StepFailedDetails": retried}] if fails else []
    events: list[dict[str, Any]] = [
        {"EventType": "ExecutionStarted", "Id": f"{id}-0", "Name": id},
        {"EventType": "ContextStarted", **child},
        {"EventType": "StepStarted", **step},
        *failed,
        *[{"EventType": "InvocationCompleted", "InvocationCompletedDetails": {}}] * invocations,
        {"EventType": "StepSucceeded", **step, "StepSucceededDetails": {"Result": {"Payload": id}}},
        {"EventType": "ContextSucceeded", **child},
        {"EventType": "ExecutionSucceeded", "Id": f"{id}-0", "Name": id},
    ]
    return [{**event, "EventId": number} for number, event in enumerate(events, 1)]


def test_what_differs_from_run_to_run_is_left_out() -> None:
    one, other = normalised(history("a")), normalised(history("b", invocations=3))
    assert one == {
        "(execution)": ["ExecutionStarted", "ExecutionSucceeded"],
        "/pay (RunInChildContext)": ["ContextStarted", "ContextSucceeded"],
        "/pay (RunInChildContext)/charge (Step)": ["StepStarted", "StepSucceeded"],
    }
    assert differences(one, other) == []


def test_what_happened_otherwise_is_named(tmp_path: Path) -> None:
    file = tmp_path / "scenario-1.json"
    file.write_text(json.dumps({"events": history("a")}))
    compare(file, history("b"))
    with pytest.raises(AssertionError, match=r"scenario-1\.json was recorded otherwise") as caught:
        compare(file, history("b", fails=True))
    assert "charge (Step): ['StepStarted', 'StepSucceeded'] and ['StepStarted', " in str(
        caught.value
    )
    assert "StepFailed attempt 1 IOError" in str(caught.value)


def test_an_error_of_an_invocation_is_compared() -> None:
    crashed = history("a")
    crashed[3]["InvocationCompletedDetails"] = {
        "Error": {"Payload": {"ErrorType": "Runtime.ExitError"}}
    }
    (line,) = differences(normalised(history("b")), normalised(crashed))
    assert "InvocationCompleted Runtime.ExitError" in line
