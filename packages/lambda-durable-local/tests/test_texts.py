"""Durations, times and names as people read them."""

import pytest

from lambda_durable.protocol import Operation
from lambda_durable_local.report import as_tree, body_runs
from lambda_durable_local.targets import parse
from lambda_durable_local.views.texts import duration, kind, since


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0042, "4 ms"),
        (1, "1 s"),
        (1.25, "1.2 s"),
        (60, "1 min"),
        (7_200, "2 h"),
        (7_503, "2 h 5 min"),
        (86_400 * 366, "366 d"),
        (90_061, "1 d 1 h"),
        (86_401, "1 d"),
    ],
)
def test_duration(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_since() -> None:
    assert since(1_000, 1_000) == "0:00:00.000"
    assert since(0, 2 * 3_600_000 + 61_002) == "2:01:01.002"
    assert since(0, 48 * 3_600_000 + 61_002) == "48:01:01"


@pytest.mark.parametrize(
    ("type", "subtype", "text"),
    [
        ("STEP", "Step", "step"),
        ("STEP", None, "step"),
        ("CHAINED_INVOKE", None, "chained invoke"),
        ("CONTEXT", "RunInChildContext", "context"),
        ("CONTEXT", "WaitForCallback", "wait-for-callback"),
    ],
)
def test_kind(type: str, subtype: str | None, text: str) -> None:
    assert kind(type, subtype) == text


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("orders:handler", "orders"),
        ("shop.orders:handler", "orders"),
        ("shop.handler:handler", "shop"),
        ("orders:cancel", "orders-cancel"),
        ("orders:orders", "orders"),
    ],
)
def test_function_names(target: str, name: str) -> None:
    assert parse(target).function_name == name


def test_body_runs() -> None:
    def step(type: str, **details: object) -> dict[str, object]:
        return {"EventType": type, "Id": "a", f"{type}Details": details}

    ended = {"EventType": "InvocationCompleted", "InvocationCompletedDetails": {}}
    crashed = {"EventType": "InvocationCompleted", "InvocationCompletedDetails": {"Error": {}}}
    start, done = step("StepStarted"), step("StepSucceeded")
    failed = step("StepFailed", Error={"Payload": {"ErrorType": "ValueError"}})
    lost = step("StepFailed", Error={"Payload": {"ErrorType": "x.StepInterruptedError"}})
    assert body_runs([start, done, ended]) == {"a": 1}
    assert body_runs([start, failed, ended, start, done]) == {"a": 2}
    assert body_runs([start, crashed, crashed, done]) == {"a": 3}
    assert body_runs([start, crashed, lost]) == {"a": 1}
    assert body_runs([start, crashed]) == {"a": 1}


def test_operations_stand_under_their_context_however_they_started() -> None:
    def operation(id: str, parent: str | None = None) -> Operation:
        record: Operation = {"Id": id, "Type": "STEP", "Status": "STARTED"}
        if parent is not None:
            record["ParentId"] = parent
        return record

    started = [
        operation("a"),
        operation("b"),
        operation("a1", "a"),
        operation("b1", "b"),
        operation("a2", "a"),
        operation("a11", "a1"),
        operation("c"),
    ]
    assert [each["Id"] for each in as_tree(started)] == ["a", "a1", "a11", "a2", "b", "b1", "c"]
