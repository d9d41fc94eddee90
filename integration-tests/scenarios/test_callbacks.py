"""Callbacks: their results, failures, time-outs and heartbeats."""

from conftest import Scenario


def callback_id(scenario: Scenario, arn: str) -> str:
    """Wait until an execution has created its callback, and return the id of that."""
    started = scenario.until(arn, "CallbackStarted", name="approval")
    return str(started["CallbackStartedDetails"]["CallbackId"])


def test_success(scenario: Scenario) -> None:
    """Another program completes a callback, while nothing runs."""
    arn = scenario.start("awaits")
    id = callback_id(scenario, arn)
    scenario.deployment.client.send_durable_execution_callback_success(
        CallbackId=id, Result=b'{"by": "ann"}'
    )
    done = scenario.finish(arn)
    assert done.result == {"by": "ann"}
    assert done.outline[-2:] == ["InvocationCompleted", "ExecutionSucceeded"]
    assert len(done.of("CallbackSucceeded", name="approval")) == 1


def test_failure(scenario: Scenario) -> None:
    """Another program fails a callback, and the handler gets its error."""
    arn = scenario.start("awaits")
    id = callback_id(scenario, arn)
    scenario.deployment.client.send_durable_execution_callback_failure(
        CallbackId=id, Error={"ErrorType": "Refused", "ErrorMessage": "too expensive"}
    )
    done = scenario.finish(arn)
    assert done.status == "FAILED"
    assert "too expensive" in done.error["ErrorMessage"]
    (failed,) = done.of("CallbackFailed")
    assert failed["CallbackFailedDetails"]["Error"]["Payload"]["ErrorType"] == "Refused"


def test_submitter(scenario: Scenario) -> None:
    """A submitter gives the id away, and is answered at once."""
    done = scenario.run("submits", "yes")
    assert done.result == "yes"
    assert len(done.of("ContextSucceeded", name="approval")) == 1
    assert len(done.of("CallbackSucceeded")) == 1
    assert len(done.of("StepStarted")) == 1


def test_time_out(scenario: Scenario) -> None:
    """Nobody answers in time."""
    done = scenario.run("awaits_in_vain", scenario.seconds(600, 3))
    assert done.result == "too late"
    assert done.outline == [
        "ExecutionStarted",
        "CallbackStarted approval",
        "InvocationCompleted",
        "CallbackTimedOut approval",
        "InvocationCompleted",
        "ExecutionSucceeded",
    ]


def test_heartbeats(scenario: Scenario) -> None:
    """Signs of life keep a callback open for longer than it may be silent."""
    timeout, interval = scenario.seconds(60, 20), scenario.seconds(40, 10)
    done = scenario.run("expects_heartbeats", {"timeout": timeout, "interval": interval})
    assert done.result == "alive"
    (started,), (succeeded,) = done.of("CallbackStarted"), done.of("CallbackSucceeded")
    assert started["CallbackStartedDetails"]["HeartbeatTimeout"] == timeout
    open_for = succeeded["EventTimestamp"] - started["EventTimestamp"]
    assert open_for.total_seconds() > timeout


def test_missing_heartbeat(scenario: Scenario) -> None:
    """Without a sign of life a callback times out."""
    done = scenario.run("misses_heartbeats", scenario.seconds(60, 3))
    assert done.result == "silent"
    (late,) = done.of("CallbackTimedOut")
    error = late["CallbackTimedOutDetails"]["Error"]["Payload"]
    assert error["ErrorType"] == "Callback.Heartbeat"
