"""What observers are told: one frozen value per hook, so that fields can be added.

Imported when somebody observes. A `record` is the operation as the service reports it: its status,
its times (read with `lambda_durable.protocol.epoch_seconds`) and the details of its type, in which
a step has its `Attempt`, its `Result` as text and its `Error`.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from .events import Invocation, OperationInfo
from .protocol import Operation, OperationUpdate


class InvocationFinished(NamedTuple):
    """How an invocation ended: with an output for the service, or with an error it will retry."""

    execution_arn: str
    status: str
    """SUCCEEDED, FAILED, PENDING, or ERROR: then the service invokes again."""
    error: BaseException | None
    """What was raised, for ERROR; how an execution FAILED is in the output."""
    invocation: Invocation
    """The invocation that ended, its operations as they are now."""
    output: Mapping[str, Any] | None
    """What the service is given: Status, and Result or Error; None for ERROR."""


class OperationStarted(NamedTuple):
    """An operation begins, or an invocation goes on with one that an earlier one has begun."""

    operation: OperationInfo
    replayed: bool
    """False once, when it begins; True when the handler comes to it again while it is open."""
    record: Operation | None
    """The operation as the service last reported it, None when it begins."""


class OperationSettled(NamedTuple):
    """An operation has ended; told once, not in the invocations that replay it."""

    operation: OperationInfo
    status: str
    replayed: bool
    """True when it ended before this invocation began: a timer, a callback, an invoke."""
    record: Operation
    """The operation as the service last reported it."""


class AttemptStarted(NamedTuple):
    """User code of an operation is about to run; `attempt` counts from 1."""

    operation: OperationInfo
    attempt: int
    started_at: float
    """Seconds since 1970, by the service's clock."""


class AttemptFinished(NamedTuple):
    """User code of an operation ran; `error` is what it raised, None when it returned."""

    operation: OperationInfo
    attempt: int
    error: BaseException | None
    started_at: float
    ended_at: float
    """Seconds since 1970, by the service's clock."""


class CheckpointAnswered(NamedTuple):
    """The service has saved a batch of updates."""

    execution_arn: str
    updates: Sequence[OperationUpdate]
    changed: Sequence[Operation]
    """What the service reported as changed, by this batch or by itself."""
    operations: Mapping[str, Operation]
    """All operations by id, as far as this invocation knows; a view that follows."""
