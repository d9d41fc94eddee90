"""Invocations that end too early, and a result that is too large for their response."""

import json
from typing import Any

from conftest import Scenario
from executions import Execution

EVENT = {"exits": False}


def interrupted(scenario: Scenario, function: str) -> Execution:
    """Run a function whose environment is killed in mid-step, or ends itself where none can be."""
    if not scenario.deployment.kills:
        return scenario.run(function, {"exits": True})
    arn = scenario.start(function, EVENT)
    scenario.until(arn, "StepStarted", name="interrupted")
    scenario.kill(function)
    return scenario.finish(arn)


def errors(done: Execution) -> list[dict[str, Any]]:
    """Return the errors that invocations ended in."""
    ended = [each["InvocationCompletedDetails"] for each in done.of("InvocationCompleted")]
    return [each["Error"]["Payload"] for each in ended if "Error" in each]


def test_crash_in_mid_step(scenario: Scenario) -> None:
    """A step that was killed is run again; what was before it is not."""
    done = interrupted(scenario, "is_interrupted")
    assert done.status == "SUCCEEDED"
    (before,) = done.of("StepSucceeded", name="before")
    token = json.loads(before["StepSucceededDetails"]["Result"]["Payload"])
    assert done.result == f"{token} done"
    assert done.outline == [
        "ExecutionStarted",
        "StepStarted before",
        "StepSucceeded before",
        "StepStarted interrupted",
        "InvocationCompleted Runtime.ExitError",
        "StepSucceeded interrupted",
        "InvocationCompleted",
        "ExecutionSucceeded",
    ]
    (error,) = errors(done)
    how = "signal: killed" if scenario.deployment.kills else "exit status 1"
    assert error["ErrorMessage"].endswith(how)


def test_crash_at_most_once(scenario: Scenario) -> None:
    """A step that may run once at most has used up an attempt when it was killed."""
    done = interrupted(scenario, "is_interrupted_at_most_once")
    assert done.result == "done at attempt 2"
    assert done.outline == [
        "ExecutionStarted",
        "StepStarted interrupted",
        "InvocationCompleted Runtime.ExitError",
        "StepFailed interrupted",
        "InvocationCompleted",
        "StepStarted interrupted",
        "StepSucceeded interrupted",
        "InvocationCompleted",
        "ExecutionSucceeded",
    ]


def test_invocation_time_out(scenario: Scenario) -> None:
    """An invocation whose time is up is killed, and another one goes on."""
    done = scenario.run("overruns")
    assert done.status == "SUCCEEDED"
    (before,) = done.of("StepSucceeded", name="before")
    token = json.loads(before["StepSucceededDetails"]["Result"]["Payload"])
    assert done.result == f"{token} done"
    assert "InvocationCompleted Sandbox.Timedout" in done.outline
    assert len(done.of("StepStarted", name="before")) == 1


def test_result_over_6_mb(scenario: Scenario) -> None:
    """A result that no response could hold is recorded whole, and ends the execution once."""
    done = scenario.run("returns_much")
    assert done.status == "SUCCEEDED"
    assert len(done.result) == 6 * 1024 * 1024 - 2
    assert set(done.result) == {"x"}
    assert done.outline[-1] == "ExecutionSucceeded"
    assert len(done.of("ExecutionSucceeded")) == 1
