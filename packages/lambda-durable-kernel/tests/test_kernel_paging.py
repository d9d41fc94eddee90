"""Pages of operations, and which operations a handler is spared."""

from typing import Any

import pytest
from kernel_driver import Driver, callback, context, ids, step, wait

from lambda_durable_kernel import Quotas, Settings
from lambda_durable_kernel.errors import InvalidParameterValueError


def pages(driver: Driver, marker: str, max_items: int | None = None) -> list[list[str]]:
    """Return the ids of all pages from a marker on."""
    found = []
    while True:
        page = driver.service.get_state(driver.arn, driver.token, marker, max_items=max_items)
        found.append(ids(page["Operations"]))
        marker = page.get("NextMarker", "")
        if not marker:
            return found


def envelope(driver: Driver) -> dict[str, Any]:
    driver.end()
    return driver.later(10).begin()["InitialExecutionState"]


def test_the_event_holds_the_execution_and_all_operations() -> None:
    driver = Driver(payload='{"a": 1}')
    driver.send(step("START", "s"), step("SUCCEED", "s"), wait(id="w"))
    driver.end()
    event = driver.later(10).begin()
    assert event["DurableExecutionArn"] == driver.arn
    assert event["UpdatedOperationIds"] == ["w"]
    state = event["InitialExecutionState"]
    assert state["NextMarker"] == ""
    assert ids(state["Operations"])[1:] == ["s", "w"]
    execution = state["Operations"][0]
    assert execution["Id"] == driver.arn.rsplit("/", 1)[1]
    assert execution["Type"] == "EXECUTION"
    assert execution["Status"] == "STARTED"
    assert execution["ExecutionDetails"] == {"InputPayload": '{"a": 1}'}


def test_state_comes_in_pages_of_so_many_items() -> None:
    driver = Driver()
    driver.send(*(step("START", str(n)) for n in range(5)))
    execution = driver.arn.rsplit("/", 1)[1]
    assert pages(driver, "", 4) == [[execution, "0", "1", "2"], ["3", "4"]]
    assert pages(driver, "", 6) == [[execution, "0", "1", "2", "3", "4"]]
    assert pages(driver, "", 0) == [[execution, "0", "1", "2", "3", "4"]]


def test_without_a_number_a_page_of_the_state_has_a_hundred() -> None:
    driver = Driver()
    driver.send(*(step("START", str(n)) for n in range(150)))
    assert [len(page) for page in pages(driver, "")] == [100, 51]
    assert [len(page) for page in pages(driver, "", 1000)] == [151]


def test_pages_hold_so_many_bytes_and_at_least_one_operation() -> None:
    driver = Driver(settings=Settings(quotas=Quotas(page_bytes=5000)))
    for n in range(6):
        driver.send(step("SUCCEED", str(n), Payload="x" * 2000))
    driver.send(step("SUCCEED", "large", Payload="x" * 9000), wait(id="w"))
    state = envelope(driver)
    assert ids(state["Operations"])[1:] == ["0"]
    rest = pages(driver, state["NextMarker"], 1000)
    assert rest == [["1", "2"], ["3", "4"], ["5"], ["large"], ["w"]]


def test_the_first_page_may_be_empty_where_the_input_is_large() -> None:
    driver = Driver(
        settings=Settings(quotas=Quotas(page_bytes=1000)), payload="1" * 900, begin=False
    )
    state = driver.begin()["InitialExecutionState"]
    assert state["Operations"] == []
    (page,) = pages(driver, state["NextMarker"])
    assert len(page) == 1


def test_the_bytes_of_escaped_text_count() -> None:
    driver = Driver(settings=Settings(quotas=Quotas(page_bytes=5000)))
    for n in range(4):
        driver.send(step("SUCCEED", str(n), Payload='"' * 1500), step("FAIL", f"e{n}"))
    driver.send(wait(id="w"))
    assert ids(envelope(driver)["Operations"])[1:] == ["0", "e0"]


def test_an_answer_comes_in_pages_too_under_the_new_token() -> None:
    driver = Driver(settings=Settings(quotas=Quotas(page_items=2)))
    driver.send(step("START", "old"))
    answer = driver.service.checkpoint(
        driver.arn, driver.token, [step("START", str(n)) for n in range(5)], now=driver.now
    )
    driver.token = answer["CheckpointToken"]
    state = answer["NewExecutionState"]
    assert ids(state["Operations"]) == ["0", "1"]
    assert pages(driver, state["NextMarker"]) == [["2", "3"], ["4"]]
    assert driver.send() == []


def test_the_pages_of_an_answer_show_closed_contexts_whole() -> None:
    driver = Driver(settings=Settings(quotas=Quotas(page_items=1)))
    answer = driver.service.checkpoint(
        driver.arn,
        driver.token,
        [context("START", "c"), step("START", "s", ParentId="c"), context("SUCCEED", "c")],
        now=driver.now,
    )
    driver.token = answer["CheckpointToken"]
    assert ids(answer["NewExecutionState"]["Operations"]) == ["c"]
    assert pages(driver, answer["NewExecutionState"]["NextMarker"]) == [["s"]]


@pytest.mark.parametrize("marker", ["x", "MSwyLDM=", "MQ==", "YSxi", "MS41LDE=", "\u00fc"])
def test_what_is_no_marker_is_refused(marker: str) -> None:
    driver = Driver()
    with pytest.raises(InvalidParameterValueError, match="Invalid marker"):
        driver.service.get_state(driver.arn, driver.token, marker)


@pytest.mark.parametrize("items", [-1, 1001])
def test_a_page_has_at_most_a_thousand_items(items: int) -> None:
    driver = Driver()
    with pytest.raises(InvalidParameterValueError, match="MaxItems"):
        driver.service.get_state(driver.arn, driver.token, max_items=items)


@pytest.mark.parametrize("close", ["SUCCEED", "FAIL"])
def test_children_of_a_closed_context_are_left_out(close: str) -> None:
    driver = Driver()
    driver.send(
        context("START", "outer"),
        context("START", "inner", ParentId="outer"),
        step("START", "deep", ParentId="inner"),
        step("START", "after"),
    )
    assert ids(driver.state())[1:] == ["outer", "inner", "deep", "after"]
    driver.send(context(close, "inner"))
    assert ids(driver.state())[1:] == ["outer", "inner", "after"]
    driver.send(context(close, "outer"), wait(id="w"))
    assert ids(driver.state())[1:] == ["outer", "after", "w"]
    assert ids(envelope(driver)["Operations"])[1:] == ["outer", "after", "w"]
    assert len(driver.service.operations(driver.arn)) == 5


def test_children_that_are_to_be_replayed_stay() -> None:
    driver = Driver()
    driver.send(
        context("START", "outer"),
        context("START", "inner", ParentId="outer"),
        step("START", "s", ParentId="inner"),
    )
    replay = {"ContextOptions": {"ReplayChildren": True}}
    driver.send(context("SUCCEED", "inner", **replay))
    assert ids(driver.state())[1:] == ["outer", "inner", "s"]
    driver.send(context("SUCCEED", "outer", ContextOptions={"ReplayChildren": False}))
    assert ids(driver.state())[1:] == ["outer"]


def test_children_that_come_late_are_left_out_too() -> None:
    driver = Driver()
    driver.send(context("SUCCEED", "c"))
    driver.send(context("START", "d", ParentId="c"), step("START", "s", ParentId="d"))
    assert ids(driver.state())[1:] == ["c"]


def test_left_out_operations_still_wake_the_handler() -> None:
    driver = Driver()
    driver.send(context("START", "c"), callback("cb", timeout=5, ParentId="c"))
    driver.send(context("SUCCEED", "c"))
    driver.end()
    assert driver.later(5).begin()["UpdatedOperationIds"] == ["cb"]
