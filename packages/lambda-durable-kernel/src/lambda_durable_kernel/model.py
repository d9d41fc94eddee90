"""What the service keeps: executions, their operations, events and invocations.

All of it is plain data, made to be stored: strings, numbers, booleans, None and the wire's own
dicts. Times are seconds since 1970; the timestamps inside wire dicts are whole milliseconds.
A wire dict is never changed once it is stored or answered; a change makes a new one.
"""

from dataclasses import dataclass, field, fields
from typing import Any, TypeAlias

from lambda_durable.protocol import (
    CLOSED_STATUSES,
    ErrorObject,
    ExecutionStatus,
    Limits,
    Operation,
)

Event: TypeAlias = dict[str, Any]
"""One entry of a history, in the service's shape."""


def milliseconds(at: float) -> int:
    """Return a time in the unit of the wire."""
    return round(at * 1000)


@dataclass(frozen=True, slots=True)
class FunctionSpec:
    """A function that can be invoked, durable or plain."""

    name: str
    durable: bool = True
    timeout: float = 900.0
    """Seconds that one invocation may take."""
    execution_timeout: int | None = None
    """Seconds that one execution may take; without a limit the service's longest is shown."""
    retention_days: int = 14
    version: str = "$LATEST"
    aliases: tuple[str, ...] | None = None
    """What else stands for this version; None is every alias, but no number of another version."""

    def has(self, qualifier: str | None) -> bool:
        """Whether a qualifier means this version; none at all means the only one there is."""
        if qualifier is None or qualifier == self.version:
            return True
        if self.aliases is None:
            return not qualifier.isdecimal() and not qualifier.startswith("$")
        return qualifier in self.aliases

    @property
    def shown_execution_timeout(self) -> int:
        """The seconds that descriptions and histories give."""
        return self.execution_timeout or Limits.EXECUTION_TIMEOUT_SECONDS


@dataclass(frozen=True, slots=True)
class ParentLink:
    """Which CHAINED_INVOKE operation an execution was started by."""

    execution_arn: str
    operation_id: str


@dataclass(frozen=True, slots=True)
class Start:
    """What is settled when an execution starts, and written once."""

    arn: str
    id: str
    """The last part of the ARN, and the id of the EXECUTION operation."""
    name: str
    function: FunctionSpec
    function_arn: str
    input: str
    started_at: float
    parent: ParentLink | None = None
    tenant_id: str | None = None
    trace_header: str | None = None
    secret: str = ""
    """What its tokens and callback ids are signed with; it is never answered."""


@dataclass(frozen=True, slots=True)
class InFlight:
    """The invocation that is running now."""

    id: str
    started_at: float
    deadline: float
    revoked: bool = False
    """True once a pause has taken its right to checkpoint."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A pause that was asked for; `at` is when."""

    at: float
    reason: str | None
    timeout_paused: bool


@dataclass(slots=True)
class Progress:
    """How far an execution has come: small, and written with every change."""

    status: str = ExecutionStatus.RUNNING
    ended_at: float | None = None
    result: str | None = None
    error: ErrorObject | None = None
    times_out_at: float | None = None
    in_flight: InFlight | None = None
    wanted: bool = True
    """Whether the handler has to be invoked (again)."""
    retry_at: float | None = None
    """Before this the handler is not invoked again, after a failure."""
    invocations: int = 0
    failures: int = 0
    """Invocations in a row that ended in an error."""
    idle_answers: int = 0
    """Answers PENDING in a row with nothing pending."""
    token_number: int = 0
    version: int = 0
    """Counts the changes of operations."""
    seen: int = 0
    """The version that the handler has been told of."""
    last_event_id: int = 0
    pause: Pause | None = None
    pause_tokens: dict[str, float] = field(default_factory=dict)
    """The client tokens of pauses that were asked for, and when; so for `resume_tokens`."""
    resume_tokens: dict[str, float] = field(default_factory=dict)
    data_bytes: int = 0
    """Bytes of the payloads and errors that checkpoints have written."""
    forget_at: float | None = None
    """When it is forgotten, once it has ended."""

    def copy(self) -> "Progress":
        """Return the same; once for each request, so it is not `dataclasses.replace`."""
        other = object.__new__(Progress)
        for name in _PROGRESS_FIELDS:
            setattr(other, name, getattr(self, name))
        return other

    @property
    def closed(self) -> bool:
        """Whether the execution has ended."""
        return self.status in CLOSED_STATUSES or self.status == ExecutionStatus.DELETING


_PROGRESS_FIELDS = tuple(each.name for each in fields(Progress))


@dataclass(frozen=True, slots=True)
class InvokeTarget:
    """What a CHAINED_INVOKE operation runs."""

    function: str
    payload: str
    child_arn: str | None
    """The execution it started; None for a plain function."""
    tenant_id: str | None = None
    trace_header: str | None = None


@dataclass(frozen=True, slots=True)
class StoredOperation:
    """An operation: the record that travels, and what only the service knows about it."""

    record: Operation
    position: int
    """Its place in start order, from 1; the EXECUTION operation stands at 0."""
    version: int
    """The execution's version when it last changed."""
    size: int
    """Bytes that the record takes in a page, about."""
    due_at: float | None = None
    """When a wait or a retry is due, or a callback times out."""
    heartbeat_seconds: int = 0
    heartbeat_at: float | None = None
    """When a callback times out unless there is a heartbeat before."""
    target: InvokeTarget | None = None

    @property
    def timer(self) -> float | None:
        """When the service has to do something about it, if ever."""
        if self.heartbeat_at is None:
            return self.due_at
        return self.heartbeat_at if self.due_at is None else min(self.due_at, self.heartbeat_at)


@dataclass(frozen=True, slots=True)
class Invocation:
    """An invocation to make: of a durable function for an execution, or of a plain one."""

    id: str
    function: str
    durable: bool
    event: Any
    """The event of a durable function, as a dict; of a plain one the payload, as JSON text."""
    execution_arn: str
    """The execution that is advanced, or whose chained invoke the plain function is."""
    operation_id: str | None
    """The chained invoke's operation, for a plain function."""
    started_at: float
    deadline: float
    tenant_id: str | None = None
    trace_header: str | None = None


@dataclass(frozen=True, slots=True)
class ExecutionRow:
    """An execution without its operations."""

    start: Start
    progress: Progress


@dataclass(frozen=True, slots=True)
class Change:
    """What one request changed about one execution: exactly what has to be written."""

    start: Start
    created: bool
    """True the first time: `start` has to be written too."""
    progress: Progress
    operations: tuple[StoredOperation, ...]
    """The operations that are new or changed, as they are now."""
    events: tuple[Event, ...]
    """The events to append."""


@dataclass(frozen=True, slots=True)
class ExecutionQuery:
    """Which executions to list; every condition that is given must hold."""

    function: str
    name: str | None = None
    statuses: frozenset[str] = frozenset()
    started_after: float | None = None
    started_before: float | None = None
    oldest_first: bool = False
    after: tuple[float, str] | None = None
    """Start time and ARN of the last one that is known already."""
    limit: int = Limits.DEFAULT_PAGE_ITEMS
