"""What can be asked about executions, in the service's shapes."""

from base64 import b64encode
from typing import Any

import pytest
from kernel_driver import NOW, Driver, step

from lambda_durable_kernel import DurableService, ExecutionQuery, FunctionSpec
from lambda_durable_kernel.errors import InvalidParameterValueError

MS = int(NOW * 1000)


def test_a_running_execution_is_described() -> None:
    driver = Driver(spec=FunctionSpec("f", execution_timeout=60, retention_days=3))
    name, id = driver.arn.split("/")[2:]
    function_arn = "arn:aws:lambda:us-east-1:123456789012:function:f:$LATEST"
    assert driver.service.describe(driver.arn) == {
        "DurableExecutionArn": f"{function_arn}/durable-execution/{name}/{id}",
        "DurableExecutionName": name,
        "FunctionArn": function_arn,
        "Status": "RUNNING",
        "StartTimestamp": MS,
        "Version": "$LATEST",
        "InputPayload": "1",
        "ExecutionDataIncluded": True,
        "DurableConfig": {"ExecutionTimeout": 60, "RetentionPeriodInDays": 3},
        "ExpectedExecutionTimeoutTimestamp": MS + 60_000,
    }


def test_an_execution_that_has_ended_is_described() -> None:
    driver = Driver()
    driver.now += 1.5
    driver.end({"Status": "SUCCEEDED", "Result": '"secret"'})
    described = driver.service.describe(driver.arn)
    assert described["Result"] == '"secret"'
    assert described["EndTimestamp"] == MS + 1500
    assert "ExpectedExecutionTimeoutTimestamp" not in described
    hidden = driver.service.describe(driver.arn, include_data=False)
    assert hidden["ExecutionDataIncluded"] is False
    assert not {"InputPayload", "Result"} & set(hidden)


def test_a_trace_header_is_described() -> None:
    driver = Driver()
    arn = driver.service.start("f", now=NOW, trace_header="x")
    assert driver.service.describe(arn)["TraceHeader"] == {"XAmznTraceId": "x"}


def test_history_comes_in_pages_from_both_ends() -> None:
    driver = Driver()
    for n in range(4):
        driver.send(step("START", str(n)))
    for reverse, expected in ((False, [1, 2, 3, 4, 5]), (True, [5, 4, 3, 2, 1])):
        found: list[int] = []
        marker: str | None = None
        sizes = []
        while True:
            page = driver.service.history(driver.arn, reverse=reverse, marker=marker, max_items=2)
            sizes.append(len(page["Events"]))
            found.extend(event["EventId"] for event in page["Events"])
            marker = page.get("NextMarker")
            if marker is None:
                break
        assert found == expected
        assert sizes == [2, 2, 1]


def test_a_history_page_has_a_hundred_events_unless_asked_otherwise() -> None:
    driver = Driver()
    driver.send(*(step("START", str(n)) for n in range(150)))
    assert len(driver.service.history(driver.arn)["Events"]) == 100
    assert len(driver.service.history(driver.arn, max_items=0)["Events"]) == 100
    assert len(driver.service.history(driver.arn, max_items=1000)["Events"]) == 151
    with pytest.raises(InvalidParameterValueError, match="MaxItems"):
        driver.service.history(driver.arn, max_items=1001)


@pytest.mark.parametrize("text", ["x", "1,2", "1e3", "9" * 19, "-" + "9" * 40, "\u0665"])
def test_what_is_no_marker_of_a_history_is_refused(text: str) -> None:
    driver = Driver()
    for marker in (text, b64encode(text.encode()).decode()):
        with pytest.raises(InvalidParameterValueError, match="Invalid marker"):
            driver.service.history(driver.arn, marker=marker)


@pytest.mark.parametrize("text", ["x", "1", "nan,arn", "inf,arn", "1e999,arn"])
def test_what_is_no_marker_of_a_list_is_refused(service: DurableService, text: str) -> None:
    with pytest.raises(InvalidParameterValueError, match="Invalid marker"):
        service.list(ExecutionQuery("f"), b64encode(text.encode()).decode())


@pytest.fixture
def service() -> DurableService:
    """Return a service with four executions of `f` and one of `g`, a second apart."""
    service = DurableService()
    for name in ("f", "g"):
        service.register(FunctionSpec(name))
    for n, function in enumerate("ffgff"):
        arn = service.start(function, now=NOW + n, name=f"e{n}")
        if n == 3:
            service.stop(arn, now=NOW + 3.5)
    return service


def names(page: dict[str, Any]) -> list[str]:
    return [entry["DurableExecutionName"] for entry in page["DurableExecutions"]]


def test_executions_are_listed_newest_first(service: DurableService) -> None:
    page = service.list(ExecutionQuery("f"))
    assert names(page) == ["e4", "e3", "e1", "e0"]
    assert "NextMarker" not in page
    entry = page["DurableExecutions"][1]
    assert set(entry) == {
        *("DurableExecutionArn", "DurableExecutionName", "FunctionArn"),
        *("Status", "StartTimestamp", "EndTimestamp"),
    }
    assert (entry["Status"], entry["EndTimestamp"]) == ("STOPPED", MS + 3500)


def test_executions_are_listed_by_conditions(service: DurableService) -> None:
    assert names(service.list(ExecutionQuery("f", oldest_first=True))) == ["e0", "e1", "e3", "e4"]
    assert names(service.list(ExecutionQuery("f", name="e1"))) == ["e1"]
    stopped = ExecutionQuery("f", statuses=frozenset({"STOPPED", "FAILED"}))
    assert names(service.list(stopped)) == ["e3"]
    between = ExecutionQuery("f", started_after=NOW, started_before=NOW + 4)
    assert names(service.list(between)) == ["e3", "e1"]
    assert names(service.list(ExecutionQuery("nobody"))) == []


@pytest.mark.parametrize("oldest_first", [True, False])
def test_lists_come_in_pages(service: DurableService, oldest_first: bool) -> None:
    query = ExecutionQuery("f", limit=3, oldest_first=oldest_first)
    first = service.list(query)
    second = service.list(query, first["NextMarker"])
    assert len(names(first)) == 3
    assert "NextMarker" not in second
    whole = names(service.list(ExecutionQuery("f", oldest_first=oldest_first)))
    assert names(first) + names(second) == whole


def test_executions_are_found_by_any_time_that_they_share() -> None:
    service = DurableService()
    service.register(FunctionSpec("f"))
    arns = {service.start("f", now=0.1 + 0.2) for _ in range(5)}
    found: set[str] = set()
    marker: str | None = None
    for _ in range(5):
        page = service.list(ExecutionQuery("f", limit=1), marker)
        found.update(entry["DurableExecutionArn"] for entry in page["DurableExecutions"])
        marker = page.get("NextMarker")
    assert marker is None
    assert found == arns
