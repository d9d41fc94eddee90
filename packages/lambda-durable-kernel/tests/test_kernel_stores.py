"""Stores: what every one promises, and that a service goes on from what is stored."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from kernel_driver import NOW, Driver, callback, context, invoke, step, update, wait

from lambda_durable_kernel import (
    DurableService,
    Errored,
    FunctionSpec,
    MemoryStore,
    Returned,
    ServiceFault,
    Store,
)
from lambda_durable_kernel.codec import dump, load_operation, load_progress, load_start
from lambda_durable_kernel.contract import StoreContract
from lambda_durable_kernel.execution import Execution
from lambda_durable_kernel.model import Change, Progress


class TextStore(MemoryStore):
    """A store that keeps what a file could keep: everything goes through JSON text."""

    def save(self, changes: Sequence[Change]) -> None:
        super().save(
            [
                Change(
                    load_start(dump(change.start)),
                    change.created,
                    load_progress(dump(change.progress)),
                    tuple(load_operation(dump(each)) for each in change.operations),
                    change.events,
                )
                for change in changes
            ]
        )


class TestMemoryStore(StoreContract):
    def make_store(self) -> Store:
        return MemoryStore()


class TestTextStore(StoreContract):
    def make_store(self) -> Store:
        return TextStore()


def restarted(driver: Driver, *functions: FunctionSpec) -> Driver:
    """Let a new service take over the driver's store, as after a kill."""
    service = DurableService(driver.service.store)
    for function in (FunctionSpec("f"), *functions):
        service.register(function)
    driver.service = service
    return driver


def test_timers_survive_a_restart() -> None:
    driver = Driver(DurableService(TextStore()), spec=FunctionSpec("f", execution_timeout=50))
    driver.send(wait(10, "w"), step("RETRY", "s"), callback("c", timeout=20, heartbeat=30))
    driver.end()
    restarted(driver)
    assert driver.service.next_event_at() == NOW + 5
    driver.later(20)
    assert [op["Status"] for op in driver.service.operations(driver.arn)] == [
        "SUCCEEDED",
        "READY",
        "TIMED_OUT",
    ]
    assert driver.begin()["UpdatedOperationIds"] == ["s", "w", "c"]
    driver.later(30)
    assert driver.status == "TIMED_OUT"


def test_a_lost_invocation_is_made_again_and_not_counted_as_a_failure() -> None:
    driver = Driver(DurableService(TextStore()))
    driver.send(step("START"), step("SUCCEED"))
    restarted(driver)
    assert not driver.is_due()
    assert driver.service.recover(driver.now) == 1
    assert driver.details("InvocationCompleted")["Error"]["Payload"]["ErrorType"] == (
        "ServiceException"
    )
    with pytest.raises(ServiceFault, match="Invalid checkpoint token"):
        driver.send()
    state = driver.begin()["InitialExecutionState"]
    assert state["Operations"][1]["Status"] == "SUCCEEDED"
    for _ in range(4):
        driver.end(Errored.crashed())
        driver.later(5).begin()
    assert driver.status == "RUNNING"


def test_an_invocation_that_outlives_the_service_can_go_on() -> None:
    driver = Driver(DurableService(TextStore()))
    driver.send(callback("c"))
    restarted(driver)
    driver.send(step("START"))
    assert driver.end() is True
    assert driver.status == "RUNNING"
    assert not driver.is_due()


def test_what_the_handler_has_not_seen_survives_a_restart() -> None:
    driver = Driver(DurableService(TextStore()))
    (op, _) = driver.send(callback("c"), callback("d"))
    driver.service.succeed_callback(op["CallbackDetails"]["CallbackId"], "1", now=driver.now)
    restarted(driver)
    (told,) = driver.send()
    assert told["Id"] == "c"


def test_a_retry_that_was_planned_survives_a_restart() -> None:
    driver = Driver(DurableService(TextStore()))
    driver.end(Errored.crashed())
    restarted(driver)
    assert not driver.is_due()
    assert driver.later(5).is_due()


@pytest.mark.parametrize("begun", [True, False])
def test_a_plain_target_survives_a_restart(begun: bool) -> None:
    driver = Driver(DurableService(TextStore()))
    plain = FunctionSpec("g", durable=False)
    driver.service.register(plain)
    driver.send(invoke("g", Payload='"p"'))
    driver.end()
    if begun:
        assert driver.service.begin(driver.service.due(NOW)[0], now=NOW) is not None
        assert driver.service.due(NOW) == []
    restarted(driver, plain)
    (task,) = driver.service.due(NOW)
    again = driver.service.begin(task, now=NOW)
    assert again is not None
    assert again.event == '"p"'
    driver.service.finish(again.id, Returned(2), now=NOW)
    assert driver.operation()["ChainedInvokeDetails"] == {"Result": "2"}


def test_recovering_makes_a_lost_plain_target_due_again() -> None:
    driver = Driver()
    driver.service.register(FunctionSpec("g", durable=False))
    driver.send(invoke("g"))
    driver.end()
    (task,) = driver.service.due(NOW)
    assert driver.service.begin(task, now=NOW) is not None
    assert driver.service.recover(NOW) == 1
    assert driver.service.due(NOW) == [task]


def test_a_durable_target_completes_its_caller_after_a_restart() -> None:
    driver = Driver(DurableService(TextStore()))
    driver.send(invoke("f"))
    driver.end()
    restarted(driver)
    (task,) = driver.service.due(NOW)
    child = driver.service.begin(task, now=NOW)
    assert child is not None
    restarted(driver)
    driver.service.finish(child.id, Returned({"Status": "SUCCEEDED", "Result": "1"}), now=NOW)
    assert driver.operation()["Status"] == "SUCCEEDED"
    assert driver.is_due()


def test_ended_executions_are_not_read_again() -> None:
    driver = Driver(DurableService(TextStore()))
    driver.end({"Status": "SUCCEEDED"})
    restarted(driver)
    assert driver.service.next_event_at() is None
    assert driver.status == "SUCCEEDED"


class FullDisk(Exception):
    pass


class UnreliableStore(TextStore):
    """A store that can be full."""

    full = False

    def save(self, changes: Sequence[Change]) -> None:
        if self.full:
            raise FullDisk
        super().save(changes)


def test_what_could_not_be_saved_has_not_happened() -> None:
    store = UnreliableStore()
    driver = Driver(DurableService(store))
    (op,) = driver.send(callback("c"))
    token, history = driver.token, driver.history()
    store.full = True
    with pytest.raises(FullDisk):
        driver.send(step("START"))
    with pytest.raises(FullDisk):
        driver.end()
    with pytest.raises(FullDisk):
        driver.service.succeed_callback(op["CallbackDetails"]["CallbackId"], "", now=NOW)
    with pytest.raises(FullDisk):
        driver.service.start("f", now=NOW, name="new")
    store.full = False
    assert driver.history() == history
    assert driver.token == token
    assert [op["Id"] for op in driver.send(step("START"))] == ["1"]
    assert driver.end() is True
    assert driver.service.start("f", "2", now=NOW, name="new")


def test_an_invocation_that_could_not_be_saved_is_still_due() -> None:
    store = UnreliableStore()
    driver = Driver(DurableService(store), begin=False)
    store.full = True
    with pytest.raises(FullDisk):
        driver.begin()
    store.full = False
    driver.begin()


def test_changes_are_told_once_they_are_saved() -> None:
    seen: list[Change] = []
    service = DurableService(on_change=seen.extend)
    driver = Driver(service)
    driver.send(step("START"), step("SUCCEED"))
    with pytest.raises(ServiceFault):
        driver.send(step("START"))
    driver.end({"Status": "SUCCEEDED"})
    types = [event["EventType"] for change in seen for event in change.events]
    assert types == driver.history()
    assert [change.created for change in seen] == [True, False, False, False]
    assert seen[-1].progress.closed


_ID = st.sampled_from(["a", "b", "c", "d"])
_UPDATES = st.one_of(
    st.builds(step, st.sampled_from(["START", "SUCCEED", "FAIL", "RETRY"]), _ID),
    st.builds(context, st.sampled_from(["START", "SUCCEED", "FAIL"]), _ID),
    st.builds(
        lambda action, id, parent: context(action, id, ParentId=parent),
        st.sampled_from(["START", "SUCCEED"]),
        _ID,
        _ID,
    ),
    st.builds(lambda id, parent: step("START", id, ParentId=parent), _ID, _ID),
    st.builds(wait, st.sampled_from([1, 10]), _ID),
    st.builds(lambda id: callback(id, timeout=7, heartbeat=3), _ID),
    st.builds(lambda id: invoke("f", id), _ID),
    st.builds(lambda id: update("WAIT", "CANCEL", id), _ID),
)
_MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("send"), st.lists(_UPDATES, max_size=3)),
        st.tuples(st.just("pass"), st.sampled_from([1, 5])),
        st.tuples(st.just("end"), st.sampled_from(["PENDING", "CRASH"])),
        st.tuples(st.sampled_from(["begin", "pause", "resume"]), st.none()),
    ),
    max_size=12,
)


def _move(driver: Driver, kind: str, what: Any) -> None:
    if kind == "send":
        driver.send(*what)
    elif kind == "pass":
        driver.later(what)
    elif kind == "end":
        driver.end(Errored.crashed() if what == "CRASH" else None)
    elif kind == "pause":
        driver.service.pause(driver.arn, now=driver.now)
    elif kind == "resume":
        driver.service.resume(driver.arn, now=driver.now)
    elif driver.is_due():
        driver.begin()


def _shown(execution: Execution | None) -> Any:
    """Return all of an execution that is recomputed when it is read."""
    if execution is None:
        return None
    return (
        execution.progress,
        execution.operations,
        list(execution.visible),
        set(execution.unseen),
        set(execution.pending),
        execution.timers.next_at(),
    )


@given(_MOVES)
@hypothesis_settings(deadline=None)
def test_what_is_read_again_is_what_was_there(moves: list[tuple[str, Any]]) -> None:
    driver = Driver(DurableService(TextStore()))
    for kind, what in moves:
        try:
            _move(driver, kind, what)
        except ServiceFault:
            continue
        old, new = driver.service, DurableService(driver.service.store)
        assert _shown(old._executions.find(driver.arn)) == _shown(new._executions.find(driver.arn))
        assert set(old.due(driver.now)) == set(new.due(driver.now))
        assert old.next_event_at() == new.next_event_at()


@given(_MOVES)
@hypothesis_settings(deadline=None)
def test_events_are_numbered_and_ordered_and_statuses_agree(moves: list[Any]) -> None:
    driver = Driver()
    for kind, what in moves:
        try:
            _move(driver, kind, what)
        except ServiceFault:
            continue
    events = driver.service.events(driver.arn)
    assert [event["EventId"] for event in events] == list(range(1, len(events) + 1))
    times = [event["EventTimestamp"] for event in events]
    assert times == sorted(times)
    progress = driver.service.store.execution(driver.arn)
    assert progress is not None
    assert isinstance(progress.progress, Progress)
    for operation in driver.service.operations(driver.arn):
        ended = [
            event["EventType"]
            for event in events
            if event.get("Id") == operation["Id"]
            and event["EventType"].endswith(("Succeeded", "Failed", "TimedOut", "Cancelled"))
            and "NextAttemptDelaySeconds"
            not in event[f"{event['EventType']}Details"].get("RetryDetails", {})
        ]
        closed = operation["Status"] in {"SUCCEEDED", "FAILED", "TIMED_OUT", "CANCELLED"}
        assert len(ended) == (1 if closed else 0)
