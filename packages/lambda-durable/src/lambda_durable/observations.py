"""What observers are told: one frozen value per hook, so that fields can be added.

Imported when somebody observes.
"""

from collections.abc import Sequence
from typing import NamedTuple

from .events import OperationInfo
from .protocol import Operation, OperationUpdate


class InvocationFinished(NamedTuple):
    """How an invocation ended: with an output for the service, or with an error it will retry."""

    execution_arn: str
    status: str
    """SUCCEEDED, FAILED, PENDING, or ERROR: then the service invokes again."""
    error: BaseException | None


class OperationStarted(NamedTuple):
    """An operation was begun in this invocation; told once, not on replay."""

    operation: OperationInfo


class OperationSettled(NamedTuple):
    """An operation's outcome reached the handler; told in every invocation that reaches it."""

    operation: OperationInfo
    status: str
    replayed: bool
    """True when the outcome was there before this invocation began."""
    record: Operation | None
    """The operation as the service last reported it."""


class AttemptStarted(NamedTuple):
    """User code of an operation is about to run; `attempt` counts from 1."""

    operation: OperationInfo
    attempt: int


class AttemptFinished(NamedTuple):
    """User code of an operation ran; `error` is what it raised, None when it returned."""

    operation: OperationInfo
    attempt: int
    error: BaseException | None


class CheckpointAnswered(NamedTuple):
    """The service has saved a batch of updates."""

    execution_arn: str
    updates: Sequence[OperationUpdate]
    changed: Sequence[Operation]
    """What the service reported as changed, by this batch or by itself."""
    operations: int
    """How many operations the execution has in all, as far as this invocation knows."""
