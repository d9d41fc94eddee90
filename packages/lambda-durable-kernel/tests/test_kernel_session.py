"""The client of a handler in the same process: core's protocol, and how failures are classified."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from kernel_driver import NOW, Driver, callback, step

from lambda_durable.abc import Service
from lambda_durable.errors import ServiceError
from lambda_durable.protocol.classification import classify
from lambda_durable_kernel import CheckpointMoment, FunctionSpec, Session
from lambda_durable_kernel.errors import (
    InvalidParameterValueError,
    ResourceNotFoundError,
    ServiceFault,
    TooManyRequestsError,
)


def session_of(driver: Driver) -> Service:
    return Session(driver.service, lambda: driver.now)


def test_it_passes_checkpoints_and_pages_on() -> None:
    driver = Driver()
    service = session_of(driver)
    answer = service.checkpoint(driver.arn, driver.token, [step("START")])  # type: ignore[list-item]  # a plain dict
    assert answer["NewExecutionState"]["Operations"][0]["StartTimestamp"] == NOW * 1000
    page = service.get_state(driver.arn, answer["CheckpointToken"], "")
    assert len(page["Operations"]) == 2


def test_a_stale_token_is_worth_another_invocation() -> None:
    driver = Driver()
    service = session_of(driver)
    for call in (
        lambda: service.checkpoint(driver.arn, "x", []),
        lambda: service.get_state(driver.arn, "x", ""),
    ):
        with pytest.raises(ServiceError, match=r"^Invalid checkpoint token$") as failed:
            call()
        assert failed.value.code == "InvalidParameterValueException"
        assert failed.value.status == 400
        assert failed.value.retryable


def test_a_broken_rule_is_not() -> None:
    driver = Driver()
    driver.send(step("SUCCEED"))
    with pytest.raises(ServiceError, match="Invalid current STEP state") as failed:
        session_of(driver).checkpoint(driver.arn, driver.token, [step("FAIL")])  # type: ignore[list-item]  # a plain dict
    assert not failed.value.retryable


class _KmsError(ServiceFault):
    code = "KMSAccessDeniedException"
    status = 502


@pytest.mark.parametrize(
    ("fault", "retryable"),
    [
        (TooManyRequestsError("slow down"), True),
        (ServiceFault("broken"), True),
        (InvalidParameterValueError("Invalid Checkpoint Token: x"), True),
        (InvalidParameterValueError("Invalid marker"), False),
        (ResourceNotFoundError("x"), False),
        (_KmsError("no key"), False),
    ],
)
def test_what_is_worth_another_invocation(fault: ServiceFault, retryable: bool) -> None:
    assert classify(fault.code, fault.status, fault.message) is retryable


class Kill(BaseException):
    pass


@pytest.mark.parametrize(("phase", "saved"), [("before", False), ("after", True)])
def test_a_crash_can_be_put_before_or_after_any_checkpoint(phase: str, saved: bool) -> None:
    driver = Driver()
    moments: list[CheckpointMoment] = []

    def kill(moment: CheckpointMoment) -> None:
        moments.append(moment)
        if (moment.phase, moment.number) == (phase, 2):
            raise Kill

    service = Session(driver.service, lambda: driver.now, kill)
    answer = service.checkpoint(driver.arn, driver.token, [])
    with pytest.raises(Kill):
        service.checkpoint(driver.arn, answer["CheckpointToken"], [step("START")])  # type: ignore[list-item]  # a plain dict
    assert bool(driver.service.operations(driver.arn)) is saved
    assert moments[-1].execution_arn == driver.arn
    assert [update["Id"] for update in moments[-1].updates] == ["1"]
    with pytest.raises(Kill):
        service.checkpoint(driver.arn, answer["CheckpointToken"], [])
    with pytest.raises(Kill):
        service.get_state(driver.arn, answer["CheckpointToken"], "")
    assert isinstance(service.crash, Kill)


def test_many_threads_may_call_the_service() -> None:
    driver = Driver(spec=FunctionSpec("f"))
    ops = driver.send(*(callback(str(n)) for n in range(40)))
    ids = [op["CallbackDetails"]["CallbackId"] for op in ops]

    def complete(id: str) -> None:
        driver.service.succeed_callback(id, "1", now=NOW)

    with ThreadPoolExecutor(4) as threads:
        assert len(list(threads.map(complete, ids))) == 40
    events = driver.service.events(driver.arn)
    assert [event["EventId"] for event in events] == list(range(1, len(events) + 1))
    assert len(driver.send()) == 40
