"""The end of an execution: its result or error, its last event, and the parent that waits."""

from lambda_durable.protocol import ErrorObject, EventType, ExecutionStatus

from . import history, invokes
from .execution import Execution
from .transaction import Transaction

DAY = 86_400.0
_EVENTS = {
    ExecutionStatus.SUCCEEDED: EventType.EXECUTION_SUCCEEDED,
    ExecutionStatus.FAILED: EventType.EXECUTION_FAILED,
    ExecutionStatus.TIMED_OUT: EventType.EXECUTION_TIMED_OUT,
    ExecutionStatus.STOPPED: EventType.EXECUTION_STOPPED,
}


def close(
    tx: Transaction,
    execution: Execution,
    status: ExecutionStatus,
    *,
    result: str | None = None,
    error: ErrorObject | None = None,
) -> None:
    """End the execution; operations in progress stay as they are, without further events."""
    progress = execution.progress
    progress.status = status
    progress.ended_at = tx.now
    progress.result = result
    progress.error = error
    progress.forget_at = tx.now + execution.start.function.retention_days * DAY
    progress.wanted = False
    progress.retry_at = progress.times_out_at = progress.in_flight = progress.pause = None
    if status is ExecutionStatus.SUCCEEDED:
        details = {"Result": history.data(result)}
    else:
        details = {"Error": history.data(error)}
    execution.log(_EVENTS[status], tx.now, details, execution.record)
    parent = execution.start.parent
    if parent is not None:
        invokes.settle_durable(tx, parent, execution)


def stop(tx: Transaction, execution: Execution, error: ErrorObject | None) -> None:
    """End the execution because somebody asked for it; a running invocation is not killed."""
    if not error:  # AWS clients send an empty object where no error is given
        error = {"ErrorMessage": "Execution stopped by user request"}
    close(tx, execution, ExecutionStatus.STOPPED, error=error)


def is_overdue(execution: Execution, now: float) -> bool:
    """Whether the execution's time is up; a pause can stop the clock."""
    at, pause = execution.progress.times_out_at, execution.progress.pause
    return at is not None and at <= now and (pause is None or not pause.timeout_paused)


def time_out(tx: Transaction, execution: Execution) -> None:
    """End the execution because its time is up."""
    seconds = execution.start.function.execution_timeout
    error: ErrorObject = {"ErrorMessage": f"Execution timed out after {seconds} seconds."}
    close(tx, execution, ExecutionStatus.TIMED_OUT, error=error)
