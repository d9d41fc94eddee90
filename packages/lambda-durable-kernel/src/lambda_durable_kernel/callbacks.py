"""Callbacks: an operation that somebody outside completes, or keeps alive."""

from dataclasses import replace

from lambda_durable.protocol import ErrorObject, EventType, OperationStatus, OperationType

from . import fields, history, records
from .errors import CallbackTimeoutError, InvalidParameterValueError, ResourceNotFoundError
from .execution import Execution
from .model import StoredOperation
from .outcomes import byte_length
from .transaction import Transaction


def succeed(tx: Transaction, execution: Execution, id: str, result: str | None) -> None:
    """Complete the callback with a result, as the text that was sent."""
    limit = tx.settings.quotas.operation_payload_bytes
    if result is not None and byte_length(result) > limit:
        msg = f"CALLBACK payload size must be less than or equal to {limit} bytes."
        raise InvalidParameterValueError(msg)
    operation = _open(tx, execution, id)
    closed = records.settle(execution, operation, "success sent", tx.now, result=result)
    execution.put(closed, by_service=True)
    details = {"Result": history.data(result)}
    execution.log(EventType.CALLBACK_SUCCEEDED, tx.now, details, closed.record)


def fail(tx: Transaction, execution: Execution, id: str, error: ErrorObject | None) -> None:
    """Complete the callback with an error; without one it fails with an empty error."""
    limit = tx.settings.quotas.error_bytes
    error = error if error is not None else {}
    fields.check_error(error)
    if records.error_bytes(error) > limit:
        msg = f"Error object size must be less than {limit} bytes."
        raise InvalidParameterValueError(msg)
    operation = _open(tx, execution, id)
    closed = records.settle(execution, operation, "failure sent", tx.now, error=error)
    execution.put(closed, by_service=True)
    details = {"Error": history.data(error)}
    execution.log(EventType.CALLBACK_FAILED, tx.now, details, closed.record)


def heartbeat(tx: Transaction, execution: Execution, id: str) -> None:
    """Start the callback's heartbeat time-out anew; its other time-out goes on."""
    operation = _open(tx, execution, id)
    if operation.heartbeat_seconds:
        execution.keep(replace(operation, heartbeat_at=tx.now + operation.heartbeat_seconds))


def _open(tx: Transaction, execution: Execution, id: str) -> StoredOperation:
    """Return the callback's operation while it can still be completed."""
    operation = execution.operations.get(id)
    if operation is None or operation.record["Type"] != OperationType.CALLBACK:
        msg = "The callback does not exist."
        raise ResourceNotFoundError(msg)
    if operation.record["Status"] != OperationStatus.STARTED or (
        operation.timer is not None and operation.timer <= tx.now
    ):
        msg = "The callback's token has expired, or the callback is already closed."
        raise CallbackTimeoutError(msg)
    return operation
