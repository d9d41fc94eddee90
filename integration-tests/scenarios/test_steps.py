"""Steps: their results, retries and replay."""

import json

from conftest import Scenario


def test_step_wait_step(scenario: Scenario) -> None:
    """What is before a wait is not done again after it."""
    event = {"items": ["tea", "pot"], "seconds": scenario.seconds(600, 2)}
    done = scenario.run("step_wait_step", event)
    assert done.result == "shipped tea+pot"
    assert done.outline == [
        "ExecutionStarted",
        "StepStarted reserve",
        "StepSucceeded reserve",
        "WaitStarted warehouse",
        "InvocationCompleted",
        "WaitSucceeded warehouse",
        "StepStarted ship",
        "StepSucceeded ship",
        "InvocationCompleted",
        "ExecutionSucceeded",
    ]


def test_multiple_steps(scenario: Scenario) -> None:
    """Many steps run in one invocation, in order."""
    done = scenario.run("multiple_steps", 5)
    assert done.result == [0, 2, 4, 6, 8]
    assert done.invocations == 1
    names = [f"double-{number}" for number in range(5)]
    assert [each["Name"] for each in done.of("StepSucceeded")] == names


def test_replay_determinism(scenario: Scenario) -> None:
    """Every invocation sees the results that were recorded, and no step is run twice."""
    done = scenario.run("replays")
    assert done.invocations == 3
    recorded = [
        json.loads(each["StepSucceededDetails"]["Result"]["Payload"])
        for each in done.of("StepSucceeded")
    ]
    assert done.result == recorded
    assert len(set(recorded)) == 3
    assert [each["Name"] for each in done.of("StepStarted")] == ["first", "second", "third"]


def test_a_handler_that_does_otherwise_on_replay(scenario: Scenario) -> None:
    """It fails, and says so, before it does anything twice."""
    done = scenario.run("changes")
    assert done.status == "FAILED"
    assert "NonDeterminismError" in done.error["ErrorType"]
    assert len(done.of("StepStarted")) == 1


def test_step_fails(scenario: Scenario) -> None:
    """A step that is not retried fails the execution with its error."""
    done = scenario.run("fails")
    assert done.status == "FAILED"
    assert "always fails" in done.error["ErrorMessage"]
    assert done.outline == [
        "ExecutionStarted",
        "StepStarted fail",
        "StepFailed fail",
        "InvocationCompleted",
        "ExecutionFailed",
    ]


def test_retry_succeeds(scenario: Scenario) -> None:
    """Attempts that fail are recorded with the delay to the next, which is another invocation."""
    seconds = scenario.seconds(60, 1)
    done = scenario.run("retries", seconds)
    assert done.result == "succeeded at attempt 3"
    failed = [each["StepFailedDetails"] for each in done.of("StepFailed")]
    assert [each["RetryDetails"]["CurrentAttempt"] for each in failed] == [1, 2]
    assert [each["RetryDetails"]["NextAttemptDelaySeconds"] for each in failed] == [seconds] * 2
    assert "attempt 1 failed" in failed[0]["Error"]["Payload"]["ErrorMessage"]
    (succeeded,) = done.of("StepSucceeded")
    assert succeeded["StepSucceededDetails"]["RetryDetails"]["CurrentAttempt"] == 3
    assert len(done.of("StepStarted")) == 3


def test_retry_exhausts(scenario: Scenario) -> None:
    """After the last attempt the step has failed for good."""
    done = scenario.run("gives_up", scenario.seconds(60, 1))
    assert done.status == "FAILED"
    assert "always fails" in done.error["ErrorMessage"]
    details = [each["StepFailedDetails"]["RetryDetails"] for each in done.of("StepFailed")]
    assert [each["CurrentAttempt"] for each in details] == [1, 2, 3]
    assert "NextAttemptDelaySeconds" not in details[-1]
