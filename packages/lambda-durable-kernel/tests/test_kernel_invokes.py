"""Chained invokes: of durable and of plain functions, and of functions that are not there."""

import pytest
from kernel_driver import Driver, invoke

from lambda_durable_kernel import (
    Errored,
    FunctionSpec,
    Invocation,
    Outcome,
    Quotas,
    Returned,
    Settings,
)


def caller(*, durable: bool, payload: str | None = "1", quotas: Quotas | None = None) -> Driver:
    """Return an execution that has invoked `g` and is suspended."""
    driver = Driver(settings=Settings(quotas=quotas or Quotas()))
    spec = FunctionSpec("g", durable=durable, timeout=3, execution_timeout=60, version="7")
    driver.service.register(spec)
    fields = {} if payload is None else {"Payload": payload}
    driver.send(invoke("g:7", options={"TenantId": "t", "XAmznTraceId": "x"}, **fields))
    driver.end()
    return driver


def target(driver: Driver) -> Invocation:
    """Begin the invocation of the target."""
    (task,) = driver.service.due(driver.now)
    begun = driver.service.begin(task, now=driver.now)
    assert begun is not None
    return begun


def settle(driver: Driver, outcome: Outcome) -> None:
    driver.service.finish(target(driver).id, outcome, now=driver.now)


def test_a_durable_target_is_an_execution_of_its_own() -> None:
    driver = caller(durable=True)
    begun = target(driver)
    child = begun.event["DurableExecutionArn"]
    assert begun.durable
    assert (begun.tenant_id, begun.trace_header) == ("t", "x")
    assert ":function:g:7/durable-execution/" in child
    (execution,) = begun.event["InitialExecutionState"]["Operations"]
    assert execution["ExecutionDetails"]["InputPayload"] == "1"
    assert driver.details("ChainedInvokeStarted") == {
        "FunctionName": "g:7",
        "Input": {"Payload": "1", "Truncated": False},
        "TenantId": "t",
        "ExecutedVersion": "7",
        "DurableExecutionArn": child,
    }
    assert driver.operation()["Status"] == "STARTED"
    output = {"Status": "SUCCEEDED", "Result": '"r"'}
    driver.service.finish(begun.id, Returned(output), now=driver.now)
    assert driver.operation()["Status"] == "SUCCEEDED"
    assert driver.operation()["ChainedInvokeDetails"] == {"Result": '"r"'}
    assert driver.is_due()
    assert driver.history()[1:] == [
        "ChainedInvokeStarted",
        "InvocationCompleted",
        "ChainedInvokeSucceeded",
    ]


def test_a_durable_target_that_fails_brings_its_error() -> None:
    driver = caller(durable=True)
    settle(driver, Returned({"Status": "FAILED", "Error": {"ErrorType": "E"}}))
    assert driver.operation()["Status"] == "FAILED"
    assert driver.operation()["ChainedInvokeDetails"] == {"Error": {"ErrorType": "E"}}


def test_a_durable_target_that_times_out() -> None:
    driver = caller(durable=True)
    target(driver)
    driver.later(60)
    assert driver.operation()["Status"] == "TIMED_OUT"
    assert driver.operation()["ChainedInvokeDetails"]["Error"] == {
        "ErrorType": "ChainedInvoke.Timeout",
        "ErrorMessage": "CHAINED_INVOKE timed out after 60 seconds.",
    }
    assert driver.history()[-1] == "ChainedInvokeTimedOut"


def test_a_durable_target_that_is_stopped() -> None:
    driver = caller(durable=True)
    child = target(driver).event["DurableExecutionArn"]
    driver.service.stop(child, now=driver.now, error={"ErrorType": "Stopped"})
    assert driver.operation()["Status"] == "STOPPED"
    assert driver.operation()["ChainedInvokeDetails"]["Error"] == {"ErrorType": "Stopped"}
    assert driver.history()[-1] == "ChainedInvokeStopped"


def test_a_target_goes_on_when_its_caller_has_ended() -> None:
    driver = caller(durable=True)
    begun = target(driver)
    driver.service.stop(driver.arn, now=driver.now)
    assert driver.service.finish(begun.id, Returned({"Status": "SUCCEEDED"}), now=driver.now)
    child = begun.event["DurableExecutionArn"]
    assert driver.service.describe(child)["Status"] == "SUCCEEDED"
    assert driver.operation()["Status"] == "STARTED"


def test_a_plain_target_gets_the_payload_and_returns_its_response() -> None:
    driver = caller(durable=False)
    begun = target(driver)
    assert not begun.durable
    assert (begun.function, begun.event, begun.operation_id) == ("g", "1", "1")
    assert begun.deadline == driver.now + 3
    assert (begun.tenant_id, begun.trace_header) == ("t", "x")
    assert driver.service.due(driver.now) == []
    assert "DurableExecutionArn" not in driver.details("ChainedInvokeStarted")
    driver.service.finish(begun.id, Returned({"a": 1}), now=driver.now)
    assert driver.operation()["ChainedInvokeDetails"] == {"Result": '{"a": 1}'}
    assert driver.is_due()


@pytest.mark.parametrize("response", ['"\u00fc"', '"\u00fc"'.encode()])
def test_a_response_of_a_plain_target_may_be_text(response: str | bytes) -> None:
    driver = caller(durable=False)
    settle(driver, Returned(response))
    assert driver.operation()["ChainedInvokeDetails"] == {"Result": '"\u00fc"'}


def test_no_payload_is_an_empty_object_at_the_target() -> None:
    assert target(caller(durable=False, payload=None)).event == "{}"
    event = target(caller(durable=True, payload=None)).event
    (execution,) = event["InitialExecutionState"]["Operations"]
    assert execution["ExecutionDetails"]["InputPayload"] == "{}"


@pytest.mark.parametrize(
    "outcome", [Errored.crashed(), Errored.timed_out(3), Errored({"ErrorType": "E"})]
)
def test_a_plain_target_that_fails_is_not_retried(outcome: Errored) -> None:
    driver = caller(durable=False)
    settle(driver, outcome)
    assert driver.operation()["Status"] == "FAILED"
    assert driver.operation()["ChainedInvokeDetails"]["Error"] == outcome.error


@pytest.mark.parametrize("durable", [True, False])
def test_a_result_that_is_too_large_fails_the_invoke(durable: bool) -> None:
    driver = caller(durable=durable, quotas=Quotas(operation_payload_bytes=10))
    output = {"Status": "SUCCEEDED", "Result": "x" * 11}
    settle(driver, Returned(output if durable else "x" * 11))
    assert driver.operation()["Status"] == "FAILED"
    error = driver.operation()["ChainedInvokeDetails"]["Error"]
    assert error["ErrorType"] == "Function.ResponseSizeTooLarge"


def test_a_target_that_is_not_there_fails_in_the_same_answer() -> None:
    driver = Driver()
    (op,) = driver.send(invoke("nobody"))
    assert op["Status"] == "FAILED"
    assert op["ChainedInvokeDetails"]["Error"] == {
        "ErrorType": "ResourceNotFoundException",
        "ErrorMessage": "Function not found: nobody",
    }
    assert driver.send() == []
    assert driver.history()[1:] == ["ChainedInvokeStarted", "ChainedInvokeFailed"]


@pytest.mark.parametrize(
    "name",
    [
        "g",
        "g:$LATEST",
        "g:prod",
        "function:g",
        "123456789012:function:g",
        "arn:aws:lambda:us-east-1:123456789012:function:g",
        "arn:aws:lambda:us-east-1:123456789012:function:g:prod",
    ],
)
def test_a_target_may_be_named_in_many_ways(name: str) -> None:
    driver = Driver()
    driver.service.register(FunctionSpec("g"))
    (op,) = driver.send(invoke(name))
    assert op["Status"] == "STARTED"


def test_a_target_without_a_trace_header_gets_its_caller_s() -> None:
    driver = Driver(begin=False)
    driver.arn = driver.service.start("f", "1", now=driver.now, trace_header="mine")
    driver.begin()
    driver.send(invoke("f"))
    headers = []
    while tasks := driver.service.due(driver.now):
        begun = driver.service.begin(tasks[0], now=driver.now)
        assert begun is not None
        headers.append(begun.trace_header)
    assert headers == [None, "mine"]


def test_a_plain_target_of_a_stopped_execution_is_not_invoked() -> None:
    driver = caller(durable=False)
    driver.service.stop(driver.arn, now=driver.now)
    assert driver.service.due(driver.now) == []


def test_a_plain_target_may_end_after_its_execution() -> None:
    driver = caller(durable=False)
    begun = target(driver)
    driver.service.stop(driver.arn, now=driver.now)
    assert driver.service.finish(begun.id, Returned(1), now=driver.now) is False
    assert driver.history()[-1] == "ExecutionStopped"
