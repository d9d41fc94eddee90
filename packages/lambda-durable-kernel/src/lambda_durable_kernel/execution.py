"""An open execution in memory: its operations, what the handler has not seen, what it waits for.

Everything here is either stored as it is, or recomputed from that when it is loaded. A change is
noted when it is made, so that saving costs what has changed and not what there is.
"""

from collections.abc import Iterable
from typing import Any, Final

from lambda_durable.protocol import (
    CLOSED_STATUSES,
    EventType,
    Operation,
    OperationStatus,
    OperationType,
)

from . import history
from .model import Change, Event, Progress, Start, StoredOperation, milliseconds
from .repeats import Answers
from .timers import TimerQueue

_PENDING: Final = frozenset(
    {
        (OperationType.STEP, OperationStatus.PENDING),
        (OperationType.WAIT, OperationStatus.STARTED),
        (OperationType.CALLBACK, OperationStatus.STARTED),
        (OperationType.CHAINED_INVOKE, OperationStatus.STARTED),
    }
)
"""What entitles a handler to answer PENDING."""


class Execution:
    """The one place where an execution's state lives while it is open."""

    __slots__ = (
        "_changed",
        "_children",
        "_created",
        "_events",
        "answers",
        "issued",
        "operations",
        "pending",
        "progress",
        "record",
        "start",
        "timers",
        "unseen",
        "visible",
    )

    def __init__(
        self, start: Start, progress: Progress, operations: Iterable[StoredOperation] = ()
    ) -> None:
        self.start = start
        self.progress = progress
        self.record = execution_record(start)
        self.operations: dict[str, StoredOperation] = {}
        self.visible: dict[str, StoredOperation] = {}
        """Operations that a handler still needs, in start order."""
        self.unseen: dict[str, None] = {}
        """Ids of operations that changed since the handler was last told."""
        self.pending: dict[str, None] = {}
        """Ids of operations that will bring the handler back."""
        self.timers: TimerQueue[str] = TimerQueue()
        self.answers = Answers()
        """What checkpoints were answered; not stored, since a restart ends their invocation."""
        self.issued: tuple[str, int, str] = ("", 0, "")
        """The token that was made last, and for which invocation and place."""
        self._children: dict[str, list[str]] = {}
        self._changed: dict[str, StoredOperation] = {}
        self._events: list[Event] = []
        self._created = False
        for operation in operations:
            self._place(operation)
            if operation.version > progress.seen:
                self.unseen[operation.record["Id"]] = None

    def create(self) -> None:
        """Note that the execution is new, so that its start is written with the next change."""
        self._created = True

    def put(self, operation: StoredOperation, *, by_service: bool) -> None:
        """Keep a new or changed operation.

        A change `by_service` is one the handler has not asked for: it brings it back. If it is
        running, its end decides anew: what it was told in the meantime needs no invocation.
        """
        self._place(operation)
        id = operation.record["Id"]
        self._changed[id] = operation
        self.unseen[id] = None
        if by_service:
            self.progress.wanted = True

    def keep(self, operation: StoredOperation) -> None:
        """Keep an operation whose record has not changed, only what the service knows of it."""
        self._place(operation)
        self._changed[operation.record["Id"]] = operation

    def log(
        self,
        type: EventType,
        now: float,
        details: dict[str, Any],
        record: Operation | None = None,
    ) -> None:
        """Append an event to the history."""
        self.progress.last_event_id += 1
        number = self.progress.last_event_id
        self._events.append(history.event(number, type, milliseconds(now), details, record))

    def next_version(self) -> int:
        """Count one more change of an operation."""
        self.progress.version += 1
        return self.progress.version

    def tell(self) -> list[StoredOperation]:
        """Return the operations that the handler has not seen, in start order, as told from now."""
        told = [self.operations[id] for id in self.unseen]
        told.sort(key=_position)
        self.unseen.clear()
        self.progress.seen = self.progress.version
        return told

    def take_change(self) -> Change:
        """Return what has changed since the last call, and forget that it did."""
        change = Change(
            self.start,
            self._created,
            self.progress.copy(),
            tuple(self._changed.values()),
            tuple(self._events),
        )
        self._created = False
        self._changed.clear()
        self._events.clear()
        return change

    def _place(self, operation: StoredOperation) -> None:
        record = operation.record
        id, status, parent = record["Id"], record["Status"], record.get("ParentId")
        is_new = id not in self.operations
        self.operations[id] = operation
        if is_new and parent is not None:
            self._children.setdefault(parent, []).append(id)
        if id in self.visible or (is_new and self._is_needed(parent)):
            self.visible[id] = operation
        if record["Type"] == OperationType.CONTEXT and status in CLOSED_STATUSES:
            if not record.get("ContextDetails", {}).get("ReplayChildren"):
                self._hide_children(id)
        else:
            self.timers.set(id, operation.timer)
            if (record["Type"], status) in _PENDING:
                self.pending[id] = None
            else:
                self.pending.pop(id, None)

    def _is_needed(self, parent: str | None) -> bool:
        if parent is None:
            return True
        if parent not in self.visible:
            return False
        record = self.operations[parent].record
        closed = record["Status"] in CLOSED_STATUSES
        return not closed or bool(record.get("ContextDetails", {}).get("ReplayChildren"))

    def _hide_children(self, id: str) -> None:
        hidden = [id]
        while hidden:
            children = self._children.get(hidden.pop(), ())
            hidden.extend(id for id in children if self.visible.pop(id, None) is not None)


def execution_record(start: Start) -> Operation:
    """Return the EXECUTION operation, which holds the input and stands before all others."""
    return {
        "Id": start.id,
        "Type": OperationType.EXECUTION,
        "Name": start.name,
        "Status": OperationStatus.STARTED,
        "StartTimestamp": milliseconds(start.started_at),
        "ExecutionDetails": {"InputPayload": start.input},
    }


def _position(operation: StoredOperation) -> int:
    return operation.position
