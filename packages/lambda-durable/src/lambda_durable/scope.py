"""Where an operation stands: scopes hand out places, places match the history.

A scope is the inside of one context: the handler's, a child's, a branch's. A place is the position
of one operation in it, and all that a flow knows about where it is.
"""

from collections.abc import Mapping
from typing import Any, Protocol, TypeVar

from .branch import Branch
from .effects import Flow
from .errors import MisuseError, NonDeterminismError, Unwinding
from .events import Call, CallKind, OperationInfo
from .execution import Execution
from .identity import branch_id, operation_id
from .mismatch import difference, explain
from .misuse import misuse
from .own_log import own_log
from .protocol import CLOSED_STATUSES, Operation, OperationUpdate
from .running import RUNNING

T_co = TypeVar("T_co", covariant=True)


class DurableOperation(Protocol[T_co]):
    """An operation: what it is on the wire, and the flow that carries it out.

    Any object with these members can be run with `ctx.run(operation)`, in both flavours. Its flow
    awaits effects only; it may be run again from its start at any time and must then come to the
    same result from its record.
    """

    @property
    def type(self) -> str:
        """The operation's type, one of the service's."""
        ...

    @property
    def subtype(self) -> str | None:
        """The operation's subtype: 1-32 letters, digits, `-` and `_`."""
        ...

    @property
    def name(self) -> str | None:
        """The operation's name: 1-256 printable ASCII characters, or None."""
        ...

    def flow(self, here: "Place", /) -> Flow[T_co]:
        """Return a new flow that carries the operation out at `here`."""
        ...


class Scope:
    """The inside of one context: it counts the operations and knows whether they are replayed."""

    __slots__ = (
        "branch",
        "closed",
        "count",
        "execution",
        "outer",
        "parent_id",
        "past",
        "path",
        "prefix",
        "replaying",
    )

    def __init__(
        self,
        execution: Execution,
        *,
        prefix: str | None = None,
        parent_id: str | None = None,
        path: str = "",
        branch: Branch | None = None,
        replaying: bool | None = None,
        past: bool = False,
        outer: "Scope | None" = None,
    ) -> None:
        self.execution = execution
        self.prefix = prefix
        self.parent_id = parent_id
        self.path = path
        self.branch = branch or Branch()
        self.count = 0
        self.closed = False
        self.past = past
        """True when its context has ended before, so that all in it is replay."""
        self.outer = outer
        """The scope around a virtual context, which has no record that tells whether it ended."""
        if replaying is None:
            replaying = past or (self.is_begun(1) if prefix else len(execution.history) > 0)
        self.replaying = replaying

    @property
    def title(self) -> str:
        """What this scope is called in messages."""
        return f"child context {self.path!r}" if self.path else "the handler"

    def reserve(self, operation: DurableOperation[Any]) -> "Place":
        """Return the place of the next operation; this fixes its id.

        Called synchronously by every durable call. Raises what ends the branch if it is ending,
        MisuseError where no durable call is possible, and ends the execution with a
        NonDeterminismError when the history holds another operation at this place.
        """
        self._check_usable(operation)
        self.count += 1
        return self.occupy(operation, operation_id(self.prefix, self.count))

    def occupy(self, operation: DurableOperation[Any], id: str) -> "Place":
        """Return the place with the id given, once the history agrees with it."""
        place = Place(self, operation, id)
        record = place.record
        if record is None:
            if not getattr(operation, "virtual", False):
                self.replaying = False
        else:
            if record["Status"] not in CLOSED_STATUSES and operation.type != "CONTEXT":
                self.replaying = False  # it goes on from here
            wrong = difference(record, place.info)
            if wrong:
                error = NonDeterminismError(explain(record, place.info, place.title, wrong))
                raise self.execution.abort(error)
        return place

    def ending(self) -> Unwinding | None:
        """Return what every durable call here has to raise, None while all is well."""
        ending: Unwinding | None = self.execution.ending
        branch: Branch | None = self.branch
        while ending is None and branch is not None:
            ending, branch = branch.suspension, branch.parent
        return ending

    def check_going_on(self) -> None:
        """Raise what ends the branch, if it is ending."""
        ending = self.ending()
        if ending is not None:
            raise ending

    def concluded(self, *, caught: bool) -> None:
        """Note that the context's function ended; raise what ends the branch, if it is ending.

        `caught` says that the function did not let that pass, so its outcome does not count.
        """
        self.closed = True
        ending = self.ending()
        if ending is not None:
            if caught:
                own_log().warning(
                    "%s caught what ends its invocation (%s) and went on; its outcome is not "
                    "used. Let BaseException pass: write `except Exception`",
                    self.title,
                    ending,
                )
            raise ending

    def passed(self, place: "Place") -> None:
        """Note that an operation's outcome was handed over; what follows may be new ground."""
        if self.replaying and place.number == self.count:
            self.replaying = self.past or self.is_begun(self.count + 1)

    def is_begun(self, number: int) -> bool:
        """Return whether operation `number` was begun before, or what follows a virtual scope."""
        id, records = operation_id(self.prefix, number), self.execution.history.records
        if id in records or operation_id(id, 1) in records:  # or the first one of a virtual context
            return True
        return self.outer is not None and self.outer.is_begun(self.outer.count + 1)

    def _check_usable(self, operation: DurableOperation[Any]) -> None:
        current = RUNNING.get()
        if current is not None and current.scope.execution is self.execution:
            self.check_going_on()  # first of all: an abandoned branch, after the end, is no misuse
            if current.scope is self and current.call.kind != "attempt" and not self.closed:
                return
        name = operation.name
        call = f"durable operation {name!r}" if name else f"a durable {operation.type} operation"
        raise MisuseError(misuse(call, self, closed=self.closed))


class Place:
    """The position of one operation, and what its flow may know: its id, its record, its scope."""

    __slots__ = ("id", "number", "operation", "replayed", "scope")

    def __init__(self, scope: Scope, operation: DurableOperation[Any], id: str) -> None:
        self.scope = scope
        self.operation = operation
        self.id = id
        self.number = scope.count
        record = self.record
        self.replayed = record is not None and record["Status"] in CLOSED_STATUSES

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

    def inner_scope(self, *, virtual: bool = False) -> Scope:
        """Return the scope of a context inside this operation.

        A virtual one has no operation of its own: what runs in it reports the nearest real
        context as its parent.
        """
        outer = self.scope if virtual else None
        return Scope(
            self.scope.execution,
            prefix=self.id,
            parent_id=self.scope.parent_id if virtual else self.id,
            path=self.path,
            branch=self.scope.branch,
            past=self.replayed,
            outer=outer,
        )

    def branch(self, index: int, operation: DurableOperation[Any]) -> "Place":
        """Return the place of branch `index`, from 0, of this operation."""
        scope = Scope(
            self.scope.execution,
            prefix=self.id,
            parent_id=self.id,
            path=self.path,
            branch=Branch(self.scope.branch),
            replaying=self.scope.replaying,
        )
        return scope.occupy(operation, branch_id(self.id, index))

    def settled(self) -> None:
        """Note that the operation's outcome is handed to the handler now, and tell observers."""
        plugins = self.scope.execution.plugins
        if "durable_operation_settled" in plugins.observed:
            record = self.record
            status = record["Status"] if record else "SUCCEEDED"
            from .observations import OperationSettled

            event = OperationSettled(self.info, status, self.replayed, record)
            plugins.tell("durable_operation_settled", event)
        self.scope.passed(self)

    def call(self, kind: CallKind, attempt: int | None = None) -> Call:
        """Return the description of a call of user code by this operation."""
        return Call(kind, self.scope.execution.arn, self.info, attempt, self.scope.replaying)
