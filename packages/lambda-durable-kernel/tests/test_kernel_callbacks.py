"""Callbacks: completed from outside, kept alive, or timed out."""

import json
from base64 import b64decode, b64encode

import pytest
from kernel_driver import NOW, Driver, callback, step

from lambda_durable.protocol import ErrorObject
from lambda_durable_kernel import Quotas, Settings
from lambda_durable_kernel.errors import (
    CallbackTimeoutError,
    InvalidParameterValueError,
    ResourceNotFoundError,
)
from lambda_durable_kernel.tokens import callback_id


def waiting(*, timeout: int = 0, heartbeat: int = 0) -> tuple[Driver, str]:
    """Return a suspended execution and the id of the callback it waits for."""
    driver = Driver(settings=Settings(quotas=Quotas(operation_payload_bytes=10, error_bytes=20)))
    (op,) = driver.send(callback(timeout=timeout, heartbeat=heartbeat))
    driver.end()
    return driver, op["CallbackDetails"]["CallbackId"]


def test_success_brings_the_text_as_it_was_sent() -> None:
    driver, id = waiting()
    driver.service.succeed_callback(id, "not json", now=driver.now)
    assert driver.operation()["Status"] == "SUCCEEDED"
    assert driver.operation()["CallbackDetails"] == {"CallbackId": id, "Result": "not json"}
    assert driver.history()[-1] == "CallbackSucceeded"
    assert driver.is_due()


def test_success_may_bring_nothing() -> None:
    driver, id = waiting()
    driver.service.succeed_callback(id, None, now=driver.now)
    assert driver.operation()["CallbackDetails"] == {"CallbackId": id}
    assert driver.details("CallbackSucceeded") == {"Result": {"Truncated": False}}


def test_failure_brings_an_error_perhaps_an_empty_one() -> None:
    driver, id = waiting()
    driver.service.fail_callback(id, {"ErrorType": "E"}, now=driver.now)
    assert driver.operation()["Status"] == "FAILED"
    assert driver.operation()["CallbackDetails"]["Error"] == {"ErrorType": "E"}
    driver, id = waiting()
    driver.service.fail_callback(id, None, now=driver.now)
    assert driver.operation()["CallbackDetails"]["Error"] == {}


def test_a_closed_callback_is_not_completed_again() -> None:
    driver, id = waiting()
    driver.service.succeed_callback(id, "1", now=driver.now)
    with pytest.raises(CallbackTimeoutError) as refused:
        driver.service.succeed_callback(id, "2", now=driver.now)
    assert (refused.value.code, refused.value.status) == ("CallbackTimeoutException", 400)
    with pytest.raises(CallbackTimeoutError):
        driver.service.fail_callback(id, None, now=driver.now)
    with pytest.raises(CallbackTimeoutError):
        driver.service.heartbeat_callback(id, now=driver.now)
    assert driver.operation()["CallbackDetails"]["Result"] == "1"


def test_a_callback_of_an_execution_that_has_ended_is_closed() -> None:
    driver, id = waiting()
    driver.service.stop(driver.arn, now=driver.now)
    with pytest.raises(CallbackTimeoutError):
        driver.service.succeed_callback(id, "1", now=driver.now)


def test_a_callback_times_out() -> None:
    driver, id = waiting(timeout=5)
    assert not driver.later(4.9).is_due()
    driver.later(0.1)
    assert driver.operation()["Status"] == "TIMED_OUT"
    assert driver.operation()["CallbackDetails"]["Error"] == {
        "ErrorType": "Callback.Timeout",
        "ErrorMessage": "Callback timed out",
    }
    assert driver.history()[-1] == "CallbackTimedOut"
    assert driver.is_due()
    with pytest.raises(CallbackTimeoutError):
        driver.service.succeed_callback(id, "1", now=driver.now)


def test_a_callback_that_is_overdue_is_not_completed_any_more() -> None:
    driver = Driver()
    (op,) = driver.send(callback(timeout=5))
    driver.now += 5  # while the handler runs nothing fires by itself
    with pytest.raises(CallbackTimeoutError):
        driver.service.succeed_callback(op["CallbackDetails"]["CallbackId"], "", now=driver.now)
    (closed,) = driver.send()
    assert closed["Status"] == "TIMED_OUT"


def test_heartbeats_keep_it_alive_until_its_other_time_is_up() -> None:
    driver, id = waiting(timeout=10, heartbeat=4)
    for _ in range(3):
        driver.later(3)
        driver.service.heartbeat_callback(id, now=driver.now)
    assert driver.operation()["Status"] == "STARTED"
    driver.later(1)
    error = driver.operation()["CallbackDetails"]["Error"]
    assert error["ErrorType"] == "Callback.Timeout"


def test_without_a_heartbeat_it_times_out() -> None:
    driver, id = waiting(timeout=10, heartbeat=4)
    driver.later(3)
    driver.service.heartbeat_callback(id, now=driver.now)
    driver.later(4)
    assert driver.operation()["Status"] == "TIMED_OUT"
    assert driver.operation()["CallbackDetails"]["Error"] == {
        "ErrorType": "Callback.Heartbeat",
        "ErrorMessage": "Callback timed out on heartbeat",
    }


def test_a_heartbeat_changes_nothing_a_handler_sees() -> None:
    driver, id = waiting(heartbeat=4)
    history = driver.history()
    driver.service.heartbeat_callback(id, now=driver.now)
    assert driver.history() == history
    assert not driver.is_due()


def test_a_heartbeat_for_a_callback_that_needs_none_is_accepted() -> None:
    driver, id = waiting()
    driver.service.heartbeat_callback(id, now=driver.now)
    assert driver.service.next_event_at() is None


@pytest.mark.parametrize(
    "id",
    ["", "x", "\u00fc", *(b64encode(it).decode() for it in (b'"a"', b"1", b'["a"]', b'["a", 1]'))],
)
def test_what_is_no_callback_id_is_refused(id: str) -> None:
    driver = Driver()
    with pytest.raises(InvalidParameterValueError, match="Invalid callback id"):
        driver.service.succeed_callback(id, "1", now=driver.now)


@pytest.mark.parametrize("place", range(3))
def test_half_a_character_is_in_no_callback_id(place: int) -> None:
    driver, id = waiting()
    parts = json.loads(b64decode(id))
    parts[place] = "\ud800"
    forged = b64encode(json.dumps(parts).encode()).decode()
    with pytest.raises(InvalidParameterValueError, match="Invalid callback id"):
        driver.service.succeed_callback(forged, "1", now=driver.now)


def test_an_error_may_hold_half_a_character() -> None:
    error: ErrorObject = {"ErrorMessage": "\ud800", "StackTrace": ["\udfff"]}
    driver, id = waiting()
    driver.service.fail_callback(id, error, now=driver.now)
    assert driver.operation()["CallbackDetails"]["Error"] == error
    driver = Driver()
    driver.send(step("START"), step("FAIL", Error=error))
    assert driver.operation()["StepDetails"]["Error"] == error


def test_a_callback_of_an_unknown_execution_is_not_found() -> None:
    nowhere = b64encode(b'["arn", "1", "proof"]').decode()
    with pytest.raises(ResourceNotFoundError):
        waiting()[0].service.succeed_callback(nowhere, "1", now=NOW)


@pytest.mark.parametrize("closed", [False, True])
def test_a_callback_id_cannot_be_made_up(*, closed: bool) -> None:
    driver, id = waiting()
    arn, operation, proof = json.loads(b64decode(id))
    _, _, other_proof = json.loads(b64decode(waiting()[1]))
    assert other_proof != proof
    if closed:
        driver.service.stop(driver.arn, now=NOW)
    for parts in ([arn, operation, ""], [arn, operation, other_proof], [arn, "x", proof]):
        made_up = b64encode(json.dumps(parts).encode()).decode()
        with pytest.raises(InvalidParameterValueError, match="^Invalid callback id$"):
            driver.service.succeed_callback(made_up, "1", now=NOW)


def test_a_step_is_no_callback() -> None:
    driver = Driver()
    driver.send(step("START"))
    row = driver.service.store.execution(driver.arn)
    assert row is not None
    with pytest.raises(ResourceNotFoundError):
        driver.service.succeed_callback(callback_id(row.start, "1"), "1", now=driver.now)


def test_what_is_sent_has_a_size() -> None:
    driver, id = waiting()
    with pytest.raises(InvalidParameterValueError, match="less than or equal to 10 bytes"):
        driver.service.succeed_callback(id, "x" * 11, now=driver.now)
    with pytest.raises(InvalidParameterValueError, match="less than 20 bytes"):
        driver.service.fail_callback(id, {"ErrorMessage": "x" * 21}, now=driver.now)
    with pytest.raises(InvalidParameterValueError, match="wrong type"):
        driver.service.fail_callback(id, {"ErrorMessage": 1}, now=driver.now)  # type: ignore[typeddict-item]  # on purpose
    driver.service.succeed_callback(id, "x" * 10, now=driver.now)
