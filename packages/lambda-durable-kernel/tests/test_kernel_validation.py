"""Every rule for a batch, with its message; a batch is accepted whole, or leaves no trace."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kernel_driver import NOW, Driver, callback, context, invoke, step, update, wait

from lambda_durable.lifecycle import SDK_TRANSITIONS, next_status
from lambda_durable.protocol import OperationAction, OperationStatus, OperationType
from lambda_durable_kernel import Quotas, ServiceFault, Settings
from lambda_durable_kernel.errors import InvalidParameterValueError

SMALL = Quotas(
    operations=3,
    operation_payload_bytes=10,
    execution_payload_bytes=20,
    error_bytes=32_768,
    request_updates=4,
)

_ERROR = {"ErrorMessage": "no", "ErrorType": "E"}

_ARN = "arn:aws:lambda:{}:{}:function:g:1"
EARLIER = [
    context("START", "open", Name="c", SubType="Map"),
    context("START", "closed"),
    context("SUCCEED", "closed"),
]

REFUSED: list[tuple[str, list[dict[str, Any]], list[dict[str, Any]], str]] = [
    (
        "two executions",
        [],
        [update("EXECUTION", "SUCCEED", "a"), update("EXECUTION", "SUCCEED", "b")],
        "Cannot checkpoint multiple EXECUTION updates.",
    ),
    (
        "execution first",
        [],
        [update("EXECUTION", "SUCCEED", "a"), step("START")],
        "EXECUTION checkpoint must be the last update.",
    ),
    (
        "execution started",
        [],
        [update("EXECUTION", "START", "a")],
        "Invalid action for the given operation type.",
    ),
    (
        "same id",
        [],
        [step("SUCCEED"), step("SUCCEED")],
        "Cannot checkpoint multiple operations with the same ID.",
    ),
    (
        "same id, two starts",
        [],
        [context("START"), context("START")],
        "Cannot checkpoint multiple operations with the same ID.",
    ),
    (
        "same id, three times",
        [],
        [step("START"), step("RETRY"), step("SUCCEED")],
        "Cannot checkpoint multiple operations with the same ID.",
    ),
    (
        "same id of a wait",
        [],
        [wait(), update("WAIT", "CANCEL")],
        "Cannot checkpoint multiple operations with the same ID.",
    ),
    ("no parent", [], [step("START", ParentId="x")], "Invalid parent operation id."),
    (
        "parent is a step",
        [step("START", "s")],
        [step("START", ParentId="s")],
        "Invalid parent operation id.",
    ),
    (
        "parent later in the batch",
        [],
        [step("START", ParentId="c"), context("START", "c")],
        "Invalid parent operation id.",
    ),
    (
        "parent not started in the batch",
        [],
        [context("SUCCEED", "c"), step("START", ParentId="c")],
        "Invalid parent operation id.",
    ),
    ("other type", [wait()], [step("START")], "Inconsistent operation type."),
    (
        "other subtype",
        [context("START", SubType="Map")],
        [context("SUCCEED", SubType="Parallel")],
        "Inconsistent operation subtype.",
    ),
    (
        "other name",
        [step("START", Name="a")],
        [step("SUCCEED", Name="b")],
        "Inconsistent operation name.",
    ),
    (
        "other name in the batch",
        [],
        [step("START", Name="a"), step("SUCCEED", Name="b")],
        "Inconsistent operation name.",
    ),
    (
        "a name where there was none",
        [step("START")],
        [step("SUCCEED", Name="b")],
        "Inconsistent operation name.",
    ),
    (
        "other parent",
        [context("START", "c"), step("START")],
        [step("SUCCEED", ParentId="c")],
        "Inconsistent parent operation id.",
    ),
    ("unknown type", [], [update("JUMP", "START")], "Invalid action for the given operation type."),
    (
        "retry a context",
        [],
        [context("RETRY")],
        "Invalid action for the given operation type.",
    ),
    (
        "start a started step",
        [step("START")],
        [step("START")],
        "Invalid current STEP state to start.",
    ),
    (
        "start a pending step",
        [step("RETRY")],
        [step("START")],
        "Invalid current STEP state to start.",
    ),
    (
        "close a closed step",
        [step("SUCCEED")],
        [step("FAIL")],
        "Invalid current STEP state to close.",
    ),
    (
        "close a pending step",
        [step("RETRY")],
        [step("SUCCEED")],
        "Invalid current STEP state to close.",
    ),
    (
        "retry a closed step",
        [step("FAIL")],
        [step("RETRY")],
        "Invalid current STEP state to re-attempt.",
    ),
    (
        "retry without options",
        [],
        [update("STEP", "RETRY")],
        "Invalid StepOptions for the given action.",
    ),
    (
        "retry without a delay",
        [],
        [step("RETRY", StepOptions={})],
        "Invalid StepOptions for the given action.",
    ),
    (
        "retry with both",
        [],
        [step("RETRY", Payload="1", Error=_ERROR)],
        "Cannot provide both error and payload to RETRY a STEP.",
    ),
    (
        "fail with payload",
        [],
        [step("FAIL", Payload="1")],
        "Cannot provide a Payload for FAIL action.",
    ),
    (
        "succeed with error",
        [],
        [context("SUCCEED", Error=_ERROR)],
        "Cannot provide an Error for SUCCEED action.",
    ),
    (
        "start a context again",
        EARLIER,
        [context("START", "open")],
        "Cannot start a CONTEXT that already exist.",
    ),
    ("start a wait again", [wait()], [wait()], "Cannot start a WAIT that already exist."),
    (
        "start a callback again",
        [callback()],
        [callback()],
        "Cannot start a CALLBACK that already exist.",
    ),
    (
        "start an invoke again",
        [invoke()],
        [invoke()],
        "Cannot start a CHAINED_INVOKE operation that already exists.",
    ),
    (
        "close a closed context",
        EARLIER,
        [context("FAIL", "closed")],
        "Invalid current CONTEXT state to close.",
    ),
    (
        "cancel no wait",
        [],
        [update("WAIT", "CANCEL")],
        "Cannot cancel a WAIT that does not exist or has already completed.",
    ),
    (
        "cancel a cancelled wait",
        [wait(), update("WAIT", "CANCEL", "2")],
        [],
        "Cannot cancel a WAIT that does not exist or has already completed.",
    ),
    (
        "invoke nothing",
        [],
        [update("CHAINED_INVOKE", "START")],
        "Update for CHAINED_INVOKE operation requires ChainedInvokeOptions.",
    ),
    ("invoke a bad name", [], [invoke("a b")], "Invalid function ARN 'a b'"),
    (
        "invoke in another account",
        [],
        [invoke(_ARN.format("us-east-1", "999999999999"))],
        "Cannot start a CHAINED_INVOKE on a function in another account.",
    ),
    (
        "invoke in another region",
        [],
        [invoke(_ARN.format("eu-west-1", "123456789012"))],
        "Cannot start a CHAINED_INVOKE on a function in another region.",
    ),
    (
        "large invoke",
        [],
        [invoke(Payload="x" * 11)],
        "CHAINED_INVOKE payload size must be less than or equal to 10 bytes.",
    ),
    (
        "large step, in bytes",
        [],
        [step("SUCCEED", Payload="\u00fc" * 6)],
        "STEP payload size must be less than or equal to 10 bytes.",
    ),
    (
        "large execution",
        [],
        [update("EXECUTION", "SUCCEED", "x", Payload="x" * 21)],
        "EXECUTION payload size must be less than or equal to 20 bytes.",
    ),
    (
        "large error",
        [],
        [step("FAIL", Error={"ErrorMessage": "x" * 30_000, "StackTrace": ["y" * 3_000]})],
        "Error object size must be less than 32768 bytes.",
    ),
    (
        "many operations",
        EARLIER[:2],
        [step("START", "1"), step("START", "2")],
        "Cannot have more than 3 operations in an execution.",
    ),
    (
        "many updates",
        [],
        [step("START", str(n)) for n in range(5)],
        "Cannot checkpoint more than 4 updates at once.",
    ),
    ("no wait time", [], [update("WAIT", "START")], "Invalid WaitOptions for the given action."),
]


@pytest.mark.parametrize(
    ("earlier", "batch", "message"),
    [case[1:] for case in REFUSED],
    ids=[case[0] for case in REFUSED],
)
def test_a_broken_rule_refuses_the_whole_batch(
    earlier: list[dict[str, Any]], batch: list[dict[str, Any]], message: str
) -> None:
    driver = Driver(settings=Settings(quotas=SMALL))
    if not batch:
        earlier, batch = earlier[:-1], earlier[-1:]
    for each in earlier:
        driver.send(each)
    operations = driver.service.operations(driver.arn)
    history = driver.history()
    good = [] if len(batch) > 2 else [callback("good")]
    with pytest.raises(InvalidParameterValueError) as refused:
        driver.send(*good, *batch)
    assert str(refused.value) == message
    assert (refused.value.code, refused.value.status) == ("InvalidParameterValueException", 400)
    assert driver.service.operations(driver.arn) == operations
    assert driver.history() == history
    driver.send()  # the token is still good


@pytest.mark.parametrize(
    "broken",
    [
        step("START", "x" * 65),
        step("START", "a b"),
        step("START", ""),
        step("START", Name="\u00fc"),
        step("START", Name="x" * 257),
        step("START", SubType="a.b"),
        step("START", SubType="x" * 33),
        step("START", ParentId="a b"),
        step("SUCCEED", Payload={"a": 1}),
        step("FAIL", Error="no"),
        step("FAIL", Error={"ErrorMessage": 1}),
        step("FAIL", Error={"StackTrace": "line"}),
        {"Type": "STEP", "Action": "START"},
        {"Id": "1", "Type": None, "Action": "START"},
        {"Id": "1", "Type": ["STEP"], "Action": "START"},
        wait(0),
        wait(31_622_401),
        wait(True),  # type: ignore[arg-type]  # a boolean is no number of seconds
        step("RETRY", StepOptions={"NextAttemptDelaySeconds": 0}),
        step("RETRY", StepOptions={"NextAttemptDelaySeconds": 1.5}),
        step("RETRY", StepOptions=[5]),
        callback(timeout=-1),
        callback(heartbeat=100_000_000),
        invoke(options={"TenantId": "a#b"}),
        invoke(options={"TenantId": ""}),
        invoke(options={"XAmznTraceId": "x" * 8193}),
    ],
)
def test_a_field_out_of_its_range_is_refused(broken: dict[str, Any]) -> None:
    driver = Driver()
    with pytest.raises(InvalidParameterValueError):
        driver.send(broken)
    assert driver.service.operations(driver.arn) == []


def test_the_execution_s_own_id_is_taken() -> None:
    driver = Driver()
    with pytest.raises(InvalidParameterValueError, match="Inconsistent operation type"):
        driver.send(step("START", driver.arn.rsplit("/", 1)[1]))


def test_quotas_can_be_lifted() -> None:
    many = [step("SUCCEED", str(n)) for n in range(3001)]
    many[0]["Payload"] = "x" * 1_048_577
    for batch in (many[:1], many[1:]):
        with pytest.raises(InvalidParameterValueError):
            Driver().send(*batch)
    driver = Driver(settings=Settings(quotas=Quotas.lifted()))
    driver.send(*many)
    assert len(driver.service.operations(driver.arn)) == 3001


def test_by_default_an_execution_has_three_thousand_operations() -> None:
    driver = Driver()
    for n in range(15):
        driver.send(*(step("SUCCEED", f"{n}-{k}") for k in range(200)))
    with pytest.raises(InvalidParameterValueError, match="more than 3000 operations"):
        driver.send(step("START", "one-more"))


def test_fields_at_the_end_of_their_range_are_accepted() -> None:
    driver = Driver()
    driver.send(
        step("START", "x" * 64, Name=" " * 256, SubType="x" * 32),
        wait(31_622_400, "2"),
        callback("3", timeout=99_999_999, heartbeat=99_999_999),
    )
    assert len(driver.service.operations(driver.arn)) == 3


def test_payloads_of_exactly_the_limit_are_accepted() -> None:
    driver = Driver(settings=Settings(quotas=SMALL))
    driver.send(step("SUCCEED", Payload="\u00fc" * 5))
    driver.end({"Status": "SUCCEEDED", "Result": "x" * 20})
    assert driver.status == "SUCCEEDED"


def test_names_that_are_not_repeated_are_not_compared() -> None:
    driver = Driver()
    driver.send(context("START", "c"), step("START", Name="a", SubType="Step", ParentId="c"))
    driver.send(step("SUCCEED"))
    assert driver.operation()["Name"] == "a"


# How an operation of each type comes to each status: batches, and a time to let pass.
_REACH: dict[tuple[str, str | None], list[Any]] = {
    ("CONTEXT", None): [],
    ("CONTEXT", "STARTED"): [context("START")],
    ("CONTEXT", "SUCCEEDED"): [context("SUCCEED")],
    ("CONTEXT", "FAILED"): [context("FAIL")],
    ("STEP", None): [],
    ("STEP", "STARTED"): [step("START")],
    ("STEP", "PENDING"): [step("RETRY")],
    ("STEP", "READY"): [step("RETRY"), 5],
    ("STEP", "SUCCEEDED"): [step("SUCCEED")],
    ("STEP", "FAILED"): [step("FAIL")],
    ("WAIT", None): [],
    ("WAIT", "STARTED"): [wait()],
    ("WAIT", "SUCCEEDED"): [wait(), 10],
    ("WAIT", "CANCELLED"): [wait(), update("WAIT", "CANCEL")],
    ("CALLBACK", None): [],
    ("CALLBACK", "STARTED"): [callback(timeout=5)],
    ("CALLBACK", "TIMED_OUT"): [callback(timeout=5), 5],
    ("CHAINED_INVOKE", None): [],
    ("CHAINED_INVOKE", "STARTED"): [invoke("f")],
    ("CHAINED_INVOKE", "FAILED"): [invoke("nobody")],
}

_OPTIONS: dict[tuple[str, str], dict[str, Any]] = {
    ("STEP", "RETRY"): {"StepOptions": {"NextAttemptDelaySeconds": 1}},
    ("WAIT", "START"): {"WaitOptions": {"WaitSeconds": 1}},
    ("CHAINED_INVOKE", "START"): {"ChainedInvokeOptions": {"FunctionName": "f"}},
}


@pytest.mark.parametrize("action", [action.value for action in OperationAction])
@pytest.mark.parametrize(("type", "status"), _REACH)
def test_the_lifecycle_table_is_obeyed(type: str, status: str | None, action: str) -> None:
    driver = Driver()
    for each in _REACH[type, status]:
        if isinstance(each, int):
            driver.now += each
            driver.send()
        else:
            driver.send(each)
    if status is not None:
        assert driver.operation()["Status"] == status
    expected = next_status(
        OperationType(type),
        None if status is None else OperationStatus(status),
        OperationAction(action),
    )
    attempt = update(type, action, **_OPTIONS.get((type, action), {}))
    if expected is None:
        with pytest.raises(InvalidParameterValueError):
            driver.send(attempt)
    else:
        driver.send(attempt)
        assert driver.operation()["Status"] == expected


def test_every_status_of_the_lifecycle_table_was_tried() -> None:
    wanted = {
        (type.value, None if status is None else status.value)
        for type, rows in SDK_TRANSITIONS.items()
        for status in rows
        if type is not OperationType.EXECUTION
    }
    assert wanted <= set(_REACH)


_SCALARS = st.none() | st.booleans() | st.integers(-5, 10) | st.sampled_from(["1", "2", "c", "a b"])
_KEYS = [
    *("WaitSeconds", "NextAttemptDelaySeconds", "TimeoutSeconds", "HeartbeatTimeoutSeconds"),
    *("FunctionName", "TenantId", "XAmznTraceId", "ReplayChildren", "ErrorMessage", "StackTrace"),
]
_ANYTHING = (
    _SCALARS
    | st.lists(_SCALARS, max_size=2)
    | st.dictionaries(st.sampled_from(_KEYS), _SCALARS, max_size=3)
)
_FIELDS = [
    *("Id", "ParentId", "Name", "SubType", "Payload", "Error", "StepOptions", "WaitOptions"),
    *("CallbackOptions", "ChainedInvokeOptions", "ContextOptions"),
]


@st.composite
def _garbage(draw: st.DrawFn) -> dict[str, Any]:
    made = draw(st.dictionaries(st.sampled_from(_FIELDS), _ANYTHING, max_size=4))
    return {
        "Id": draw(st.sampled_from(["1", "2", "c"])),
        "Type": draw(st.sampled_from([*(type.value for type in OperationType), "X"])),
        "Action": draw(st.sampled_from([*(action.value for action in OperationAction), "X"])),
        **made,
    }


@given(st.lists(_garbage(), max_size=3))
def test_whatever_is_sent_is_accepted_or_refused_with_a_fault(updates: list[dict]) -> None:
    driver = Driver(now=NOW)
    driver.send(context("START", "c"), step("START", "2"))
    before = driver.service.operations(driver.arn)
    try:
        driver.send(*updates)
    except ServiceFault:
        assert driver.service.operations(driver.arn) == before
