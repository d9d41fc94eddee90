"""Making and changing the records of operations; every change is a new record."""

from dataclasses import replace
from json.encoder import encode_basestring_ascii
from typing import Any, Final

from lambda_durable.lifecycle import SERVICE_TRANSITIONS
from lambda_durable.protocol import (
    CLOSED_STATUSES,
    ErrorObject,
    Operation,
    OperationStatus,
    OperationType,
    OperationUpdate,
)

from .execution import Execution
from .model import InvokeTarget, StoredOperation, milliseconds
from .outcomes import byte_length

DETAILS: Final = {
    OperationType.CONTEXT: "ContextDetails",
    OperationType.STEP: "StepDetails",
    OperationType.WAIT: "WaitDetails",
    OperationType.CALLBACK: "CallbackDetails",
    OperationType.CHAINED_INVOKE: "ChainedInvokeDetails",
}
"""The member of a record that belongs to its type."""

_RECORD_BYTES: Final = 400
"""What a record takes without its payloads, generously."""


def build(
    execution: Execution,
    known: StoredOperation | None,
    update: OperationUpdate,
    status: str,
    details: dict[str, Any],
    now: float,
    *,
    due_at: float | None = None,
    heartbeat_seconds: int = 0,
    target: InvokeTarget | None = None,
) -> StoredOperation:
    """Return the operation as `update` leaves it."""
    at = milliseconds(now)
    record: Operation
    if known is None:
        record = {"Id": update["Id"], "Type": update["Type"], "Status": status}
        for key in ("ParentId", "Name", "SubType"):
            if update.get(key) is not None:
                record[key] = update[key]
        record["StartTimestamp"] = at
        position = len(execution.operations) + 1
    else:
        record = known.record.copy()
        record["Status"] = status
        position = known.position
    if status in CLOSED_STATUSES:
        record["EndTimestamp"] = at
    record[DETAILS[OperationType(update["Type"])]] = details  # type: ignore[literal-required]  # a table of member names
    return StoredOperation(
        record,
        position,
        execution.next_version(),
        size(details),
        due_at,
        heartbeat_seconds,
        now + heartbeat_seconds if heartbeat_seconds else None,
        target,
    )


def settle(
    execution: Execution,
    known: StoredOperation,
    reason: str,
    now: float,
    *,
    result: str | None = None,
    error: ErrorObject | None = None,
) -> StoredOperation:
    """Return the operation as the service leaves it for a `reason` of the lifecycle's table."""
    type = OperationType(known.record["Type"])
    status = SERVICE_TRANSITIONS[type][OperationStatus(known.record["Status"])][reason]
    record = known.record.copy()
    record["Status"] = status
    if status in CLOSED_STATUSES:
        record["EndTimestamp"] = milliseconds(now)
    member = DETAILS[type]
    details: dict[str, Any] = dict(record.get(member, {}))  # type: ignore[call-overload]  # see DETAILS
    if result is not None:
        details["Result"] = result
    if error is not None:
        details["Error"] = error
    record[member] = details  # type: ignore[literal-required]  # see DETAILS
    return replace(
        known,
        record=record,
        version=execution.next_version(),
        size=size(details),
        due_at=None,
        heartbeat_at=None,
    )


def size(details: dict[str, Any]) -> int:
    """Return about how many bytes a record with these details takes in a page, at most."""
    total = _RECORD_BYTES
    result = details.get("Result")
    if result is not None:
        total += len(encode_basestring_ascii(result))
    error = details.get("Error")
    if error is not None:
        total += len(repr(error)) + error_bytes(error)
    return total


def error_bytes(error: ErrorObject) -> int:
    """Return the bytes of all fields of an error together."""
    total = sum(map(byte_length, error.get("StackTrace") or ()))
    for text in (error.get("ErrorMessage"), error.get("ErrorType"), error.get("ErrorData")):
        if text is not None:
            total += byte_length(text)
    return total
