"""What every store must pass: a test class to inherit from, one method for each promise.

    class TestMyStore(StoreContract):
        def make_store(self) -> Store:
            return MyStore(...)

It needs no test framework of its own; pytest collects it.
"""

from lambda_durable.protocol import ExecutionStatus

from .model import (
    Change,
    Event,
    ExecutionQuery,
    FunctionSpec,
    InFlight,
    InvokeTarget,
    ParentLink,
    Pause,
    Progress,
    Start,
    StoredOperation,
)
from .store import Store


class StoreContract:
    """The promises of `Store`."""

    def make_store(self) -> Store:
        """Return an empty store."""
        raise NotImplementedError

    def reopen(self, store: Store) -> Store:
        """Return the store as a new process finds it; in memory there is only the same."""
        return store

    def test_keeps_a_new_execution(self) -> None:
        """What is saved as created can be read, in full."""
        store = self.make_store()
        start = _start("a", parent=ParentLink("arn-parent", "op"), tenant_id="t", trace_header="x")
        progress = Progress(
            in_flight=InFlight("i", 1.5, 2.5, revoked=True),
            pause=Pause(3.25, "why", timeout_paused=True),
            error={"ErrorMessage": "\u00fc\U0001f600"},
        )
        store.save([Change(start, True, progress, (), ())])
        row = self.reopen(store).execution(start.arn)
        assert row is not None
        assert row.start == start
        assert row.progress == progress
        assert store.execution("arn-unknown") is None

    def test_replaces_progress_and_operations(self) -> None:
        """A later save replaces what an earlier one wrote, and leaves the rest."""
        store = self.make_store()
        start = _start("a")
        first, second = _operation("1", 1), _operation("2", 2)
        store.save([Change(start, True, Progress(), (first, second), ())])
        target = InvokeTarget("f", "{}", None, "tenant", "trace")
        changed = _operation("1", 1, status="SUCCEEDED", target=target)
        third = _operation("3", 3)
        store.save([Change(start, False, Progress(failures=2), (third, changed), ())])
        store = self.reopen(store)
        row = store.execution(start.arn)
        assert row is not None
        assert row.progress.failures == 2
        assert list(store.operations(start.arn)) == [changed, second, third]

    def test_saves_several_executions_at_once(self) -> None:
        """One save may change many executions."""
        store = self.make_store()
        starts = [_start("a"), _start("b")]
        store.save([Change(start, True, Progress(), (), ()) for start in starts])
        assert list(self.reopen(store).open_executions()) == [start.arn for start in starts]

    def test_closed_executions_are_not_open(self) -> None:
        """An execution leaves the open ones with the change that closes it."""
        store = self.make_store()
        first, second = _start("a"), _start("b")
        store.save([Change(start, True, Progress(), (), ()) for start in (first, second)])
        closed = Progress(status=ExecutionStatus.SUCCEEDED, ended_at=9.0, result="1")
        store.save([Change(first, False, closed, (), ())])
        store = self.reopen(store)
        assert list(store.open_executions()) == [second.arn]
        row = store.execution(first.arn)
        assert row is not None
        assert row.progress == closed

    def test_appends_events(self) -> None:
        """Events are read from both ends, in pages."""
        store = self.make_store()
        start = _start("a")
        store.save([Change(start, True, Progress(), (), (_event(1), _event(2)))])
        store.save([Change(start, False, Progress(), (), (_event(3),))])
        store = self.reopen(store)
        arn = start.arn
        assert list(store.events(arn, 0, None, reverse=False)) == [_event(n) for n in (1, 2, 3)]
        assert list(store.events(arn, 1, 1, reverse=False)) == [_event(2)]
        assert list(store.events(arn, 3, 5, reverse=False)) == []
        assert list(store.events(arn, 0, 2, reverse=True)) == [_event(3), _event(2)]
        assert list(store.events(arn, 2, None, reverse=True)) == [_event(1)]
        assert list(store.events(arn, 1, 5, reverse=True)) == []

    def test_finds_by_name(self) -> None:
        """A name is known for its function only."""
        store = self.make_store()
        start = _start("a")
        store.save([Change(start, True, Progress(), (), ())])
        assert self.reopen(store).find("f", "a") == start.arn
        assert store.find("g", "a") is None

    def test_lists_in_order(self) -> None:
        """Lists go by start time and ARN, newest first unless asked otherwise."""
        store = self.make_store()
        for name, at in (("c", 2.0), ("a", 1.0), ("b", 1.0)):
            store.save([Change(_start(name, at=at), True, Progress(), (), ())])
        store = self.reopen(store)

        def names(**conditions: object) -> list[str]:
            query = ExecutionQuery("f", **conditions)  # type: ignore[arg-type]  # as the tests below say
            return [row.start.name for row in store.executions(query)]

        assert names() == ["c", "b", "a"]
        assert names(oldest_first=True) == ["a", "b", "c"]
        assert names(limit=1) == ["c"]
        assert names(after=(1.0, "arn-b")) == ["a"]
        assert names(after=(1.0, "arn-b"), oldest_first=True) == ["c"]
        assert names(name="b") == ["b"]
        assert names(statuses=frozenset({"FAILED"})) == []
        assert names(statuses=frozenset({"RUNNING"}), started_after=1.0) == ["c"]
        assert names(started_before=2.0) == ["b", "a"]
        assert list(store.executions(ExecutionQuery("g"))) == []

    def test_knows_what_to_forget_first(self) -> None:
        """Closed executions are known by the time at which they are to be forgotten."""
        store = self.make_store()
        starts = [_start(name) for name in ("a", "b", "c")]
        store.save([Change(start, True, Progress(), (), ()) for start in starts])
        for start, at in zip(starts[:2], (20.0, 10.0), strict=True):
            closed = Progress(status=ExecutionStatus.FAILED, forget_at=at)
            store.save([Change(start, False, closed, (), ())])
        assert list(store.expiring(5)) == [(10.0, "arn-b"), (20.0, "arn-a")]
        deleting = Progress(status=ExecutionStatus.DELETING, forget_at=5.0)
        store.save([Change(starts[0], False, deleting, (), ())])
        assert list(store.expiring(1)) == [(5.0, "arn-a")]
        store.delete("arn-a")
        assert list(self.reopen(store).expiring(5)) == [(10.0, "arn-b")]

    def test_deletes(self) -> None:
        """Nothing is left of a deleted execution, and its name is free."""
        store = self.make_store()
        start = _start("a")
        store.save([Change(start, True, Progress(), (_operation("1", 1),), (_event(1),))])
        store.delete(start.arn)
        store = self.reopen(store)
        assert store.execution(start.arn) is None
        assert store.find("f", "a") is None
        assert list(store.open_executions()) == []
        assert list(store.executions(ExecutionQuery("f"))) == []


def _start(
    name: str,
    at: float = 1.0,
    parent: ParentLink | None = None,
    tenant_id: str | None = None,
    trace_header: str | None = None,
) -> Start:
    function = FunctionSpec("f", timeout=3.5, execution_timeout=60)
    return Start(
        f"arn-{name}",
        name,
        name,
        function,
        "arn-f",
        '{"a": 1}',
        at,
        parent,
        tenant_id,
        trace_header,
    )


def _operation(
    id: str, position: int, *, status: str = "STARTED", target: InvokeTarget | None = None
) -> StoredOperation:
    return StoredOperation(
        {"Id": id, "Type": "CALLBACK", "Status": status, "CallbackDetails": {"Result": "\u00fc"}},
        position,
        position,
        100,
        due_at=1.25,
        heartbeat_seconds=3,
        heartbeat_at=4.5,
        target=target,
    )


def _event(number: int) -> Event:
    return {"EventId": number, "EventType": "StepStarted", "StepStartedDetails": {}}
