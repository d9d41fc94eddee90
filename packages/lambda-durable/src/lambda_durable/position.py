"""Where one operation stands: its id, its record, and how it is called on the wire."""

from collections.abc import Mapping
from typing import Any

from .effects import DurableOperation
from .events import Call, CallKind, OperationInfo
from .execution import Execution
from .protocol import CLOSED_STATUSES, Operation, OperationUpdate
from .running import RunningScope


class Position:
    """The position of one operation in its scope, and what can be said about it."""

    __slots__ = ("id", "number", "operation", "owner", "replayed", "scope", "time")

    def __init__(self, scope: RunningScope, operation: DurableOperation[Any], id: str) -> None:
        self.scope = scope
        self.operation = operation
        self.id = id
        self.number = scope.count
        self.time = scope.time
        """The time that the code around knew of when it came here."""
        record = self.record
        self.replayed = record is not None and record["Status"] in CLOSED_STATUSES
        """True when the operation had ended before this invocation came to it."""
        self.owner: object = None
        """Whose it is, once it is started; None: whoever is the first to want it driven."""

    @property
    def execution(self) -> Execution:
        """The execution this belongs to."""
        return self.scope.execution

    @property
    def record(self) -> Operation | None:
        """The operation as the service last reported it, None if it does not exist yet."""
        return self.scope.execution.history.records.get(self.id)

    @property
    def info(self) -> OperationInfo:
        """What events say about the operation."""
        operation = self.operation
        return OperationInfo(
            self.scope.execution.arn,
            self.id,
            self.scope.parent_id,
            operation.type,
            operation.subtype,
            operation.name,
        )

    @property
    def path(self) -> str:
        """The names from the handler down to here."""
        own = self.operation.name or f"#{self.number}"
        return f"{self.scope.path} > {own}" if self.scope.path else own

    @property
    def title(self) -> str:
        """Where this is, for messages."""
        return f"operation {self.number} of {self.scope.title} (id {self.id[:8]}...)"

    def update(self, action: str, members: Mapping[str, Any] | None = None) -> OperationUpdate:
        """Return an update of this operation with the members given."""
        operation = self.operation
        update: OperationUpdate = {"Id": self.id, "Type": operation.type, "Action": action}
        if self.scope.parent_id is not None:
            update["ParentId"] = self.scope.parent_id
        if operation.name is not None:
            update["Name"] = operation.name
        if operation.subtype is not None:
            update["SubType"] = operation.subtype
        if members:
            update.update(members)  # type: ignore[typeddict-item]  # its callers name wire members
        return update

    def call(self, kind: CallKind, attempt: int | None = None) -> Call:
        """Return the description of a call of user code by this operation."""
        return Call(kind, self.scope.execution.arn, self.info, attempt, self.scope.replaying)
