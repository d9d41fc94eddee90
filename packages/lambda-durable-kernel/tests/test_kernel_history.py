"""Histories: which events there are, in which order, and that they have the service's shapes."""

from datetime import UTC, datetime
from typing import Any

import botocore.session
import pytest
from botocore.model import ServiceModel
from botocore.validate import ParamValidator
from kernel_driver import NOW, Driver, callback, context, invoke, step, update, wait

from lambda_durable.protocol import EventType
from lambda_durable_kernel import Errored, FunctionSpec, Returned
from lambda_durable_kernel.history import without_data

MS = int(NOW * 1000)
DONE = {"Status": "SUCCEEDED", "Result": "1"}


def test_step_and_wait() -> None:
    driver = Driver()
    driver.send(step("START", Name="s", SubType="Step"), step("SUCCEED", Payload="1"))
    driver.send(wait(2, "2"))
    driver.end()
    driver.later(2).begin()
    driver.end(DONE)
    assert driver.history() == [
        "ExecutionStarted",
        "StepStarted",
        "StepSucceeded",
        "WaitStarted",
        "InvocationCompleted",
        "WaitSucceeded",
        "InvocationCompleted",
        "ExecutionSucceeded",
    ]
    events = driver.service.events(driver.arn)
    assert [event["EventId"] for event in events] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert events[2] == {
        "EventId": 3,
        "EventType": "StepSucceeded",
        "EventTimestamp": MS,
        "Id": "1",
        "Name": "s",
        "SubType": "Step",
        "StepSucceededDetails": {
            "Result": {"Payload": "1", "Truncated": False},
            "RetryDetails": {"CurrentAttempt": 1},
        },
    }
    assert driver.details("WaitStarted") == {"Duration": 2, "ScheduledEndTimestamp": MS + 2000}
    assert driver.details("WaitSucceeded") == {"Duration": 2}
    assert driver.details("ExecutionSucceeded")["Result"]["Payload"] == "1"


def test_a_wait_that_is_due_before_the_invocation_ends_follows_it() -> None:
    driver = Driver()
    driver.send(wait(2))
    driver.later(3).end()
    assert driver.history()[-2:] == ["InvocationCompleted", "WaitSucceeded"]


def test_a_retried_step_has_one_start_for_each_attempt() -> None:
    driver = Driver()
    driver.send(step("START"), step("RETRY", Error={"ErrorType": "E"}))
    driver.end()
    driver.later(5).begin()
    driver.send(step("START"), step("FAIL", Error={"ErrorType": "F"}))
    driver.end({"Status": "FAILED", "Error": {"ErrorType": "F"}})
    assert driver.history() == [
        "ExecutionStarted",
        "StepStarted",
        "StepFailed",
        "InvocationCompleted",
        "StepStarted",
        "StepFailed",
        "InvocationCompleted",
        "ExecutionFailed",
    ]
    first, last = (
        event["StepFailedDetails"]
        for event in driver.service.events(driver.arn)
        if event["EventType"] == "StepFailed"
    )
    assert first["RetryDetails"] == {"CurrentAttempt": 1, "NextAttemptDelaySeconds": 5}
    assert first["Error"] == {"Payload": {"ErrorType": "E"}, "Truncated": False}
    assert last["RetryDetails"] == {"CurrentAttempt": 2}


def test_a_poll_that_goes_on_is_a_step_that_succeeded() -> None:
    driver = Driver()
    driver.send(step("START"), step("RETRY", Payload="1"))
    details = driver.details("StepSucceeded")
    assert details["Result"]["Payload"] == "1"
    assert details["RetryDetails"] == {"CurrentAttempt": 1, "NextAttemptDelaySeconds": 5}


def test_an_interrupted_step_fails_in_the_next_invocation() -> None:
    driver = Driver()
    driver.send(step("START"))
    driver.end(Errored.crashed())
    driver.later(5).begin()
    driver.send(step("FAIL", Error={"ErrorType": "StepInterrupted"}))
    driver.end({"Status": "FAILED", "Error": {"ErrorType": "StepInterrupted"}})
    assert driver.history()[1:6] == [
        "StepStarted",
        "InvocationCompleted",
        "StepFailed",
        "InvocationCompleted",
        "ExecutionFailed",
    ]
    crashed = driver.service.events(driver.arn)[2]["InvocationCompletedDetails"]
    assert crashed["Error"]["Payload"]["ErrorType"] == "Runtime.ExitError"
    assert driver.details("StepFailed")["RetryDetails"] == {"CurrentAttempt": 1}


def test_a_child_context_with_a_wait_inside() -> None:
    driver = Driver()
    driver.send(context("START", "c", SubType="RunInChildContext", Name="n"))
    driver.send(wait(1, "w", ParentId="c", SubType="Wait"))
    driver.end()
    driver.later(1).begin()
    driver.send(context("SUCCEED", "c", Payload='"x"'))
    driver.send(step("START", "s"), step("SUCCEED", "s", Payload='"x"'))
    driver.end(DONE)
    assert driver.history()[1:] == [
        "ContextStarted",
        "WaitStarted",
        "InvocationCompleted",
        "WaitSucceeded",
        "ContextSucceeded",
        "StepStarted",
        "StepSucceeded",
        "InvocationCompleted",
        "ExecutionSucceeded",
    ]
    assert driver.event("WaitSucceeded")["ParentId"] == "c"
    closed = driver.event("ContextSucceeded")
    assert (closed["Name"], closed["SubType"]) == ("n", "RunInChildContext")


def test_callback_events_tell_the_id_and_the_times() -> None:
    driver = Driver()
    (op,) = driver.send(callback(timeout=5, heartbeat=2, Name="cb"))
    assert driver.details("CallbackStarted") == {
        "CallbackId": op["CallbackDetails"]["CallbackId"],
        "Timeout": 5,
        "HeartbeatTimeout": 2,
    }


def test_data_can_be_left_out() -> None:
    driver = Driver(payload='{"secret": 1}')
    driver.send(step("START"), step("SUCCEED", Payload="secret"))
    driver.send(step("FAIL", "2", Error={"ErrorMessage": "secret"}))
    page = driver.service.history(driver.arn, include_data=False)
    assert "secret" not in repr(page)
    assert page["Events"][2]["StepSucceededDetails"]["Result"] == {"Truncated": True}
    assert "secret" in repr(driver.service.history(driver.arn))


def _everything() -> list[dict]:
    """Return events of every type."""
    driver = Driver()
    service = driver.service
    for name in ("g", "h"):
        service.register(FunctionSpec(name, durable=name == "h", execution_timeout=60))
    driver.send(context("START", "c"), context("FAIL", "c", Error={"ErrorMessage": "e"}))
    driver.send(context("SUCCEED", "d"), step("START"), step("FAIL", Error={}))
    driver.send(wait(5, "w"), wait(5, "x"), *(callback(f"c{n}", timeout=9) for n in range(3)))
    driver.send(update("WAIT", "CANCEL", "x", Error={"ErrorMessage": "e"}))
    driver.send(*(invoke("g", f"g{n}", Payload="1", options={"TenantId": "t"}) for n in range(2)))
    driver.send(*(invoke("h", f"h{n}") for n in range(2)))
    driver.send(step("START", "s"), step("SUCCEED", "s", Payload="1"))
    callback_ids = [driver.operation(f"c{n}")["CallbackDetails"]["CallbackId"] for n in range(2)]
    service.succeed_callback(callback_ids[0], "1", now=driver.now)
    service.fail_callback(callback_ids[1], {"ErrorMessage": "e"}, now=driver.now)
    outcomes = iter([Returned(1), Errored.crashed()])
    for task in service.due(driver.now):
        if task.function == "g":
            begun = service.begin(task, now=driver.now)
            assert begun is not None
            service.finish(begun.id, next(outcomes), now=driver.now)
        elif task.function == "h" and task == service.due(driver.now)[-1]:
            service.stop(task.execution_arn, now=driver.now)
    driver.end(Errored.crashed())
    service.pause(driver.arn, now=driver.now, reason="why")
    driver.later(10)
    service.resume(driver.arn, now=driver.now, reason="go on")
    driver.later(60).begin()
    driver.end(DONE)
    others = [Driver(service) for _ in range(2)]
    others.append(Driver(service, spec=FunctionSpec("f", execution_timeout=60)))
    others[0].end({"Status": "FAILED", "Error": {"ErrorMessage": "e"}})
    service.stop(others[1].arn, now=driver.now)
    others[2].later(60)
    return [
        event
        for arn in [driver.arn, *(other.arn for other in others)]
        for event in service.events(arn)
    ]


def _with_datetimes(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {
        key: datetime.fromtimestamp(item / 1000, UTC)
        if key.endswith("Timestamp")
        else _with_datetimes(item)
        for key, item in value.items()
    }


@pytest.fixture(scope="module")
def model() -> ServiceModel:
    return botocore.session.get_session().get_service_model("lambda")


def test_every_event_has_the_service_s_shape(model: ServiceModel) -> None:
    events = _everything()
    assert {event["EventType"] for event in events} == set(EventType)
    validator = ParamValidator()
    for event in [*events, *(without_data(event) for event in events)]:
        report = validator.validate(_with_datetimes(event), model.shape_for("Event"))
        assert not report.has_errors(), report.generate_report()
