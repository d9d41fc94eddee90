"""Invocations of a handler: when one is due, what it is given, and what its end means."""

from hmac import compare_digest
from typing import Any

from lambda_durable.protocol import ErrorObject, EventType, ExecutionStatus

from . import closing, expiry, history, paging, pauses
from .errors import InvalidParameterValueError
from .execution import Execution
from .model import InFlight, Invocation, milliseconds
from .outcomes import Broken, Failed, Outcome, Succeeded, judge
from .tokens import checkpoint_token
from .transaction import Transaction


def is_due(execution: Execution, now: float) -> bool:
    """Whether the handler has to be invoked now."""
    progress = execution.progress
    return (
        progress.wanted
        and progress.in_flight is None
        and progress.status == ExecutionStatus.RUNNING
        and (progress.retry_at is None or progress.retry_at <= now)
    )


def begin(tx: Transaction, execution: Execution) -> Invocation:
    """Start an invocation; what the handler is given counts as seen by it."""
    progress, start = execution.progress, execution.start
    id = tx.new_id()
    progress.in_flight = InFlight(id, tx.now, tx.now + start.function.timeout)
    progress.wanted = False
    progress.retry_at = None
    progress.invocations += 1
    progress.token_number += 1
    updated = list(execution.unseen)
    execution.tell()
    return Invocation(
        id=id,
        function=start.function.name,
        durable=True,
        event={
            "DurableExecutionArn": start.arn,
            "CheckpointToken": token(execution),
            "InitialExecutionState": paging.first_page(execution, tx.settings.quotas),
            "UpdatedOperationIds": updated,
        },
        execution_arn=start.arn,
        operation_id=None,
        started_at=tx.now,
        deadline=progress.in_flight.deadline,
        tenant_id=start.tenant_id,
        trace_header=start.trace_header,
    )


def token(execution: Execution) -> str:
    """Return the token that the next checkpoint has to present."""
    progress = execution.progress
    assert progress.in_flight is not None, "only a running invocation has a token"
    id, number = progress.in_flight.id, progress.token_number
    if execution.issued[:2] != (id, number):  # it is asked for when it is given and when it returns
        text = checkpoint_token(execution.start, progress.in_flight, number)
        execution.issued = (id, number, text)
    return execution.issued[2]


def check_token(execution: Execution, text: str) -> None:
    """Refuse any token but the current one of the running invocation."""
    in_flight = execution.progress.in_flight
    if in_flight is None or in_flight.revoked or not _is_token(execution, text):
        msg = "Invalid checkpoint token"
        raise InvalidParameterValueError(msg)


def _is_token(execution: Execution, text: str) -> bool:
    return compare_digest(text.encode(), token(execution).encode())


def finish(tx: Transaction, execution: Execution, outcome: Outcome) -> None:
    """End the running invocation, and the execution if that is what the outcome means."""
    verdict = judge(outcome, tx.settings.quotas.execution_payload_bytes)
    in_flight = execution.progress.in_flight
    match verdict:
        case Succeeded(result):
            log_completed(tx, execution, None)
            closing.close(tx, execution, ExecutionStatus.SUCCEEDED, result=result)
        case Failed(error, refused):
            log_completed(tx, execution, error if refused else None)
            closing.close(tx, execution, ExecutionStatus.FAILED, error=error)
        case Broken(error):
            log_completed(tx, execution, error)
            _retry_broken(tx, execution, error)
        case _:
            revoked = in_flight is not None and in_flight.revoked
            _suspend(tx, execution, revoked=revoked)
    if execution.progress.status == ExecutionStatus.PAUSING:
        pauses.take_effect(tx, execution)


def lose(tx: Transaction, execution: Execution) -> None:
    """End the running invocation because the service lost sight of it; it is made again at once.

    This is not the function's failure, so it is not counted as one.
    """
    error: ErrorObject = {
        "ErrorType": "ServiceException",
        "ErrorMessage": "The service was restarted while the invocation ran",
    }
    log_completed(tx, execution, error)
    execution.progress.wanted = True


def log_completed(tx: Transaction, execution: Execution, error: ErrorObject | None) -> None:
    """Note in the history that the running invocation is over, and take its token."""
    in_flight = execution.progress.in_flight
    assert in_flight is not None, "an invocation ends once"
    details: dict[str, Any] = {
        "StartTimestamp": milliseconds(in_flight.started_at),
        "EndTimestamp": milliseconds(tx.now),
        "RequestId": in_flight.id,
    }
    if error is not None:
        details["Error"] = history.data(error)
    execution.log(EventType.INVOCATION_COMPLETED, tx.now, details)
    execution.progress.in_flight = None


def _retry_broken(tx: Transaction, execution: Execution, error: ErrorObject) -> None:
    progress, retries = execution.progress, tx.settings.retries
    progress.failures += 1
    if progress.failures >= retries.attempts:
        closing.close(tx, execution, ExecutionStatus.FAILED, error=error)
        return
    progress.wanted = True
    progress.retry_at = tx.now + retries.delay


def _suspend(tx: Transaction, execution: Execution, *, revoked: bool) -> None:
    """Leave the execution until something happens; an answer PENDING needs a reason."""
    progress, retries = execution.progress, tx.settings.retries
    if revoked or execution.unseen or execution.pending:
        log_completed(tx, execution, None)
        progress.failures = progress.idle_answers = 0
        expiry.expire(tx, execution)
        # What happened while it ran, and was not in an answer, brings the handler back.
        progress.wanted = revoked or bool(execution.unseen)
        return
    error: ErrorObject = {
        "ErrorType": "InvalidParameterValueException",
        "ErrorMessage": "Cannot return PENDING status with no pending operations.",
    }
    log_completed(tx, execution, error)
    progress.idle_answers += 1
    if progress.idle_answers >= retries.idle_attempts:
        closing.close(tx, execution, ExecutionStatus.FAILED, error=error)
        return
    progress.wanted = True
    progress.retry_at = tx.now + retries.delay
