"""A checkpoint: updates become operations and events, and the handler is told what is new."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from lambda_durable.lifecycle import next_status
from lambda_durable.protocol import (
    CheckpointResponse,
    ErrorObject,
    EventType,
    ExecutionStatus,
    OperationStatus,
    OperationUpdate,
)

from . import closing, expiry, history, invocations, invokes, paging, pauses, records
from .execution import Execution
from .model import StoredOperation, milliseconds
from .tokens import callback_id
from .transaction import Transaction
from .validation import validate


def checkpoint(
    tx: Transaction,
    execution: Execution,
    token: str,
    updates: Sequence[OperationUpdate],
    client_token: str | None = None,
) -> CheckpointResponse:
    """Save the updates, all or none, and answer with every operation the handler has not seen.

    The same request with the same client token gets the same answer, without being saved twice.
    """
    known: CheckpointResponse | None = execution.answers.find(client_token, token, tx.now)
    if known is not None:
        return known
    invocations.check_token(execution, token)
    execution.progress.data_bytes = validate(execution, updates, tx.settings)
    for update in updates:
        _APPLY[update["Type"]](tx, execution, update)
    answer = _answer(tx, execution)
    execution.answers.keep(client_token, token, tx.now, answer)
    return answer


def _answer(tx: Transaction, execution: Execution) -> CheckpointResponse:
    """Answer; without a token where the right to checkpoint has ended."""
    progress = execution.progress
    if progress.closed:
        return {"NewExecutionState": {"Operations": []}}
    if progress.status == ExecutionStatus.PAUSING:
        pauses.take_effect(tx, execution)
        return {"NewExecutionState": {"Operations": []}}
    expiry.expire(tx, execution)
    progress.token_number += 1
    since = progress.seen
    page = paging.page(execution.tell(), since, tx.settings.quotas)
    return {"CheckpointToken": invocations.token(execution), "NewExecutionState": page}


def _known(execution: Execution, update: OperationUpdate) -> tuple[StoredOperation | None, str]:
    """Return the operation as it is, and the status that the update leads to."""
    known = execution.operations.get(update["Id"])
    before = known.record["Status"] if known is not None else None
    status = next_status(update["Type"], before, update["Action"])  # type: ignore[arg-type]  # a member equals its string
    assert status is not None, "validated before"
    return known, status


def _details(payload: str | None, error: ErrorObject | None) -> dict[str, Any]:
    details: dict[str, Any] = {}
    if payload is not None:
        details["Result"] = payload
    if error is not None:
        details["Error"] = error
    return details


def _apply_execution(tx: Transaction, execution: Execution, update: OperationUpdate) -> None:
    """Complete the execution; its invocation counts as over, whatever it still answers."""
    invocations.log_completed(tx, execution, None)
    if update["Action"] == "SUCCEED":
        closing.close(tx, execution, ExecutionStatus.SUCCEEDED, result=update.get("Payload"))
    else:
        error = update.get("Error") or {}
        closing.close(tx, execution, ExecutionStatus.FAILED, error=error)


def _apply_context(tx: Transaction, execution: Execution, update: OperationUpdate) -> None:
    known, status = _known(execution, update)
    payload, error = update.get("Payload"), update.get("Error")
    details = _details(payload, error)
    if (update.get("ContextOptions") or {}).get("ReplayChildren"):
        details["ReplayChildren"] = True
    operation = records.build(execution, known, update, status, details, tx.now)
    execution.put(operation, by_service=False)
    match status:
        case OperationStatus.STARTED:
            execution.log(EventType.CONTEXT_STARTED, tx.now, {}, operation.record)
        case OperationStatus.SUCCEEDED:
            shown = {"Result": history.data(payload)}
            execution.log(EventType.CONTEXT_SUCCEEDED, tx.now, shown, operation.record)
        case _:
            shown = {"Error": history.data(error)}
            execution.log(EventType.CONTEXT_FAILED, tx.now, shown, operation.record)


def _apply_step(tx: Transaction, execution: Execution, update: OperationUpdate) -> None:
    """Begin an attempt, or end one: the attempts that have ended are counted."""
    known, status = _known(execution, update)
    before = known.record["StepDetails"] if known is not None else {"Attempt": 0}
    if status == OperationStatus.STARTED:
        details = {key: before[key] for key in before if key != "NextAttemptTimestamp"}
        operation = records.build(execution, known, update, status, details, tx.now)
        execution.put(operation, by_service=False)
        execution.log(EventType.STEP_STARTED, tx.now, {}, operation.record)
        return
    payload, error = update.get("Payload"), update.get("Error")
    attempt = before["Attempt"] + 1
    details = {"Attempt": attempt, **_details(payload, error)}
    delay = due_at = None
    if status == OperationStatus.PENDING:
        delay = update["StepOptions"]["NextAttemptDelaySeconds"]
        details["NextAttemptTimestamp"] = milliseconds(tx.now) + delay * 1000
        due_at = details["NextAttemptTimestamp"] / 1000
    operation = records.build(execution, known, update, status, details, tx.now, due_at=due_at)
    execution.put(operation, by_service=False)
    failed = error is not None or status == OperationStatus.FAILED
    type = EventType.STEP_FAILED if failed else EventType.STEP_SUCCEEDED
    shown = {"Error": history.data(error)} if failed else {"Result": history.data(payload)}
    shown["RetryDetails"] = history.retry_details(attempt, delay)
    execution.log(type, tx.now, shown, operation.record)


def _apply_wait(tx: Transaction, execution: Execution, update: OperationUpdate) -> None:
    known, status = _known(execution, update)
    if known is not None:
        details = known.record["WaitDetails"]
        operation = records.build(execution, known, update, status, details, tx.now)
        execution.put(operation, by_service=False)
        shown: dict[str, Any] = {}
        if update.get("Error") is not None:
            shown["Error"] = history.data(update["Error"])
        execution.log(EventType.WAIT_CANCELLED, tx.now, shown, operation.record)
        return
    seconds = update["WaitOptions"]["WaitSeconds"]
    end = milliseconds(tx.now) + seconds * 1000
    details = {"ScheduledEndTimestamp": end}
    operation = records.build(execution, None, update, status, details, tx.now, due_at=end / 1000)
    execution.put(operation, by_service=False)
    shown = {"Duration": seconds, "ScheduledEndTimestamp": end}
    execution.log(EventType.WAIT_STARTED, tx.now, shown, operation.record)


def _apply_callback(tx: Transaction, execution: Execution, update: OperationUpdate) -> None:
    options = update.get("CallbackOptions") or {}
    timeout = options.get("TimeoutSeconds") or 0
    heartbeat = options.get("HeartbeatTimeoutSeconds") or 0
    details = {"CallbackId": callback_id(execution.start, update["Id"])}
    operation = records.build(
        execution,
        None,
        update,
        OperationStatus.STARTED,
        details,
        tx.now,
        due_at=tx.now + timeout if timeout else None,
        heartbeat_seconds=heartbeat,
    )
    execution.put(operation, by_service=False)
    shown: dict[str, Any] = dict(details)
    if timeout:
        shown["Timeout"] = timeout
    if heartbeat:
        shown["HeartbeatTimeout"] = heartbeat
    execution.log(EventType.CALLBACK_STARTED, tx.now, shown, operation.record)


_APPLY: Final[Mapping[str, Callable[[Transaction, Execution, OperationUpdate], None]]] = {
    "EXECUTION": _apply_execution,
    "CONTEXT": _apply_context,
    "STEP": _apply_step,
    "WAIT": _apply_wait,
    "CALLBACK": _apply_callback,
    "CHAINED_INVOKE": invokes.start,
}
