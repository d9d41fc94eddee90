"""Invocations: when the handler is invoked, and what it means how that ended."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kernel_driver import NOW, Driver, callback, invoke, step, wait

from lambda_durable_kernel import Errored, FunctionSpec, Quotas, Retries, Returned, Settings
from lambda_durable_kernel.errors import InvalidParameterValueError

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=5,
)
STATUSES = st.sampled_from(["SUCCEEDED", "FAILED", "PENDING", "OTHER"])
OUTPUTS = st.fixed_dictionaries(
    {"Status": STATUSES | JSON}, optional={"Result": JSON, "Error": JSON}
)

CRASH = Errored.crashed()
NOTHING_PENDING = "Cannot return PENDING status with no pending operations."


def test_an_invocation_is_due_once() -> None:
    driver = Driver(begin=False)
    (task,) = driver.service.due(driver.now)
    assert task.function == "f"
    assert driver.service.begin(task, now=driver.now) is not None
    assert driver.service.due(driver.now) == []
    assert driver.service.begin(task, now=driver.now) is None


def test_an_invocation_has_a_deadline_and_what_came_with_the_start() -> None:
    driver = Driver(spec=FunctionSpec("f", timeout=30))
    assert driver.invocation is not None
    assert driver.invocation.deadline == driver.now + 30
    arn = driver.service.start("f", "1", now=driver.now, tenant_id="t", trace_header="x")
    (task,) = driver.service.due(driver.now)
    begun = driver.service.begin(task, now=driver.now)
    assert begun is not None
    assert (begun.execution_arn, begun.tenant_id, begun.trace_header) == (arn, "t", "x")


def test_a_handler_is_invoked_again_when_a_wait_has_elapsed() -> None:
    driver = Driver()
    driver.send(wait(10))
    driver.end()
    assert driver.service.next_event_at() == driver.now + 10
    assert not driver.later(9.999).is_due()
    assert driver.later(0.001).is_due()


def test_a_handler_is_invoked_again_when_a_step_is_ready() -> None:
    driver = Driver()
    driver.send(step("RETRY"))
    driver.end()
    event = driver.later(5).begin()
    assert event["InitialExecutionState"]["Operations"][1]["Status"] == "READY"
    assert event["UpdatedOperationIds"] == ["1"]


def test_changes_while_it_runs_cause_one_further_invocation() -> None:
    driver = Driver()
    callbacks = driver.send(callback("a"), callback("b"), callback("c"))
    for op in callbacks[:2]:
        driver.service.succeed_callback(op["CallbackDetails"]["CallbackId"], "1", now=driver.now)
    assert not driver.is_due()
    driver.end()
    assert driver.begin()["UpdatedOperationIds"] == ["a", "b"]
    driver.end()
    assert not driver.is_due()


def test_changes_that_it_has_seen_cause_none() -> None:
    driver = Driver()
    first, _ = driver.send(callback("a"), callback("b"))
    driver.service.succeed_callback(first["CallbackDetails"]["CallbackId"], "1", now=driver.now)
    assert len(driver.send()) == 1
    driver.end()
    assert not driver.is_due()


@pytest.mark.parametrize(
    "outcome",
    [
        CRASH,
        Errored.timed_out(3),
        Errored.raised(ValueError("x")),
        Errored.responded({"errorType": "E", "errorMessage": "x", "stackTrace": ["a"]}),
    ],
)
def test_a_failed_invocation_is_retried_five_times_then_the_execution_fails(
    outcome: Errored,
) -> None:
    driver = Driver()
    for _ in range(4):
        driver.end(outcome)
        assert driver.status == "RUNNING"
        assert driver.service.next_event_at() == driver.now + 5
        assert not driver.later(4.9).is_due()
        driver.later(0.1).begin()
    driver.end(outcome)
    assert (driver.status, driver.error) == ("FAILED", outcome.error)
    assert driver.history() == [
        "ExecutionStarted",
        *["InvocationCompleted"] * 5,
        "ExecutionFailed",
    ]


def test_errors_are_told_as_lambda_tells_them() -> None:
    assert Errored.timed_out(3).error == {
        "ErrorType": "Sandbox.Timedout",
        "ErrorMessage": "Task timed out after 3.00 seconds",
    }
    assert Errored.raised(ValueError("x")).error == {
        "ErrorType": "ValueError",
        "ErrorMessage": "x",
    }
    body = {"errorType": "E", "errorMessage": "x", "stackTrace": ["a"], "requestId": "r"}
    assert Errored.responded(body).error == {
        "ErrorType": "E",
        "ErrorMessage": "x",
        "StackTrace": ["a"],
    }


def test_a_clean_invocation_sets_the_count_of_failures_back() -> None:
    driver = Driver(settings=Settings(retries=Retries(attempts=2, delay=1)))
    driver.end(CRASH)
    driver.later(1).begin()
    driver.send(wait(1))
    driver.end()
    driver.later(1).begin()
    driver.end(CRASH)
    assert driver.status == "RUNNING"
    driver.later(1).begin()
    driver.end(CRASH)
    assert driver.status == "FAILED"


def test_completed_checkpoints_survive_a_crash() -> None:
    driver = Driver()
    driver.send(step("START"), step("SUCCEED", Payload="1"), step("START", "2"))
    driver.end(CRASH)
    operations = driver.later(5).begin()["InitialExecutionState"]["Operations"]
    assert [op["Status"] for op in operations[1:]] == ["SUCCEEDED", "STARTED"]


def test_a_change_does_not_shorten_the_time_before_a_retry() -> None:
    driver = Driver()
    driver.send(wait(2))
    driver.end(CRASH)
    assert not driver.later(2).is_due()
    assert driver.operation()["Status"] == "SUCCEEDED"
    assert driver.later(3).is_due()


def test_pending_with_nothing_pending_is_tried_three_times() -> None:
    driver = Driver()
    for _ in range(2):
        driver.end()
        assert driver.status == "RUNNING"
        driver.later(5).begin()
    driver.end()
    assert driver.status == "FAILED"
    assert driver.error == {
        "ErrorType": "InvalidParameterValueException",
        "ErrorMessage": NOTHING_PENDING,
    }
    completed = driver.service.events(driver.arn)[1]["InvocationCompletedDetails"]
    assert completed["Error"]["Payload"] == driver.error


def test_a_clean_invocation_sets_the_count_of_idle_answers_back() -> None:
    driver = Driver()
    for _ in range(2):
        driver.end()
        driver.later(5).begin()
    driver.send(wait(1))
    driver.end()
    driver.later(1).begin()
    driver.end()
    assert driver.status == "RUNNING"


@pytest.mark.parametrize("pending", [step("RETRY"), wait(), callback()])
def test_what_entitles_to_pending(pending: dict[str, Any]) -> None:
    driver = Driver()
    driver.send(pending)
    driver.end()
    assert driver.status == "RUNNING"
    assert not driver.is_due()


def test_a_step_in_progress_does_not_entitle_to_pending() -> None:
    driver = Driver()
    driver.send(step("START"))
    driver.end()
    assert driver.details("InvocationCompleted")["Error"]["Payload"]["ErrorMessage"] == (
        NOTHING_PENDING
    )


@pytest.mark.parametrize(
    ("output", "message"),
    [
        ({"Status": "FAILED", "Result": "1"}, "Cannot provide a Result for FAILED status."),
        (
            {"Status": "SUCCEEDED", "Error": {"ErrorType": "E"}},
            "Cannot provide an Error for SUCCEEDED status.",
        ),
        ("no json", "Invalid output: the response is not a JSON document."),
        (b"[1]", "Invalid output: the response of a durable function is a JSON object."),
        (None, "Invalid output: the response of a durable function is a JSON object."),
        ({"Status": "DONE"}, "Invalid output: 'DONE' is not a status."),
        (
            {"Status": "SUCCEEDED", "Result": 1},
            "Invalid output: Result is a string that holds JSON.",
        ),
        ({"Status": "FAILED", "Error": "x"}, "Invalid output: Error is an error object."),
    ],
)
def test_an_answer_that_is_not_understood_fails_the_execution(output: Any, message: str) -> None:
    driver = Driver()
    driver.end(Returned(output))
    assert driver.status == "FAILED"
    assert driver.error == {
        "ErrorType": "InvalidParameterValueException",
        "ErrorMessage": message,
    }
    assert driver.history() == ["ExecutionStarted", "InvocationCompleted", "ExecutionFailed"]


@pytest.mark.parametrize("output", ['{"Status": "SUCCEEDED"}', b'{"Status": "SUCCEEDED"}'])
def test_an_answer_may_be_text_and_needs_no_result(output: object) -> None:
    driver = Driver()
    driver.end(Returned(output))
    described = driver.service.describe(driver.arn)
    assert described["Status"] == "SUCCEEDED"
    assert "Result" not in described


def test_an_answer_that_is_too_large_is_an_error_of_the_invocation() -> None:
    driver = Driver(settings=Settings(quotas=Quotas(execution_payload_bytes=10)))
    driver.end({"Status": "SUCCEEDED", "Result": "x" * 11})
    assert driver.status == "RUNNING"
    error = driver.details("InvocationCompleted")["Error"]["Payload"]
    assert error["ErrorType"] == "Function.ResponseSizeTooLarge"


def test_an_execution_times_out_with_its_operations_in_progress() -> None:
    driver = Driver(spec=FunctionSpec("f", execution_timeout=60))
    driver.send(wait(100), callback("c"))
    driver.end()
    driver.later(60)
    assert driver.status == "TIMED_OUT"
    assert driver.error == {"ErrorMessage": "Execution timed out after 60 seconds."}
    assert driver.operation()["Status"] == "STARTED"
    assert driver.service.next_event_at() is None
    assert driver.history()[-1] == "ExecutionTimedOut"


def test_an_execution_that_times_out_while_it_runs_takes_no_more_checkpoints() -> None:
    driver = Driver(spec=FunctionSpec("f", execution_timeout=60))
    driver.later(60)
    with pytest.raises(InvalidParameterValueError, match=r"^Invalid checkpoint token$"):
        driver.send(step("START"))
    assert driver.end({"Status": "SUCCEEDED"}) is False
    assert driver.status == "TIMED_OUT"


def test_an_invocation_ends_once() -> None:
    driver = Driver()
    driver.send(wait())
    assert driver.end() is True
    assert driver.end() is False
    assert driver.history().count("InvocationCompleted") == 1


@pytest.mark.parametrize("durable", [True, False])
@given(output=st.binary(max_size=60) | st.text(max_size=60) | OUTPUTS)
def test_whatever_a_function_answers_ends_its_invocation(output: Any, durable: bool) -> None:
    driver = Driver()
    if durable:
        driver.end(Returned(output))
    else:
        driver.service.register(FunctionSpec("g", durable=False))
        driver.send(invoke("g"))
        (task,) = driver.service.due(NOW)
        call = driver.service.begin(task, now=NOW)
        assert call is not None
        assert driver.service.finish(call.id, Returned(output), now=NOW)
        assert driver.operation()["Status"] == "SUCCEEDED"
    assert json.dumps(driver.service.describe(driver.arn))


@given(body=st.dictionaries(st.sampled_from(["errorMessage", "errorType", "stackTrace"]), JSON))
def test_whatever_a_runtime_reports_ends_its_invocation(body: Any) -> None:
    driver = Driver()
    driver.end(Errored.responded(body))
    assert driver.status == "RUNNING"
    assert driver.is_due() is False


def test_an_answer_that_is_nested_too_deeply_is_refused() -> None:
    driver = Driver()
    driver.end(Returned("[" * 100_000))
    assert driver.status == "FAILED"
    assert driver.error["ErrorType"] == "InvalidParameterValueException"


def test_an_error_object_with_wrong_members_is_refused() -> None:
    driver = Driver()
    driver.end({"Status": "FAILED", "Error": {"ErrorMessage": 5}})
    assert driver.error["ErrorMessage"] == (
        "Invalid output: Value '5' at 'ErrorMessage' has a wrong type."
    )
