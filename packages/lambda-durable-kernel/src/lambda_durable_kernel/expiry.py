"""What happens to operations when their time has come.

Waits and retries of an execution whose handler is running are left until it asks (any checkpoint)
or ends, so that what it is told and what the history says have the same order.
"""

from lambda_durable.protocol import ErrorObject, EventType, OperationType

from . import history, records
from .execution import Execution
from .model import StoredOperation
from .transaction import Transaction


def expire(tx: Transaction, execution: Execution) -> None:
    """Complete everything of the execution that is due."""
    while (id := execution.timers.pop_due(tx.now)) is not None:
        operation = execution.operations[id]
        match operation.record["Type"]:
            case OperationType.WAIT:
                _end_wait(tx, execution, operation)
            case OperationType.STEP:
                ready = records.settle(execution, operation, "next attempt due", tx.now)
                execution.put(ready, by_service=True)
            case _:
                _time_out_callback(tx, execution, operation)


def _end_wait(tx: Transaction, execution: Execution, operation: StoredOperation) -> None:
    record = operation.record
    milliseconds = record["WaitDetails"]["ScheduledEndTimestamp"] - record["StartTimestamp"]
    ended = records.settle(execution, operation, "wait elapsed", tx.now)
    execution.put(ended, by_service=True)
    details = {"Duration": milliseconds // 1000}
    execution.log(EventType.WAIT_SUCCEEDED, tx.now, details, ended.record)


def _time_out_callback(tx: Transaction, execution: Execution, operation: StoredOperation) -> None:
    due_at = operation.due_at
    error: ErrorObject
    if due_at is not None and due_at == operation.timer:
        reason = "callback time-out"
        error = {"ErrorType": "Callback.Timeout", "ErrorMessage": "Callback timed out"}
    else:
        reason = "heartbeat time-out"
        error = {
            "ErrorType": "Callback.Heartbeat",
            "ErrorMessage": "Callback timed out on heartbeat",
        }
    closed = records.settle(execution, operation, reason, tx.now, error=error)
    execution.put(closed, by_service=True)
    details = {"Error": history.data(error)}
    execution.log(EventType.CALLBACK_TIMED_OUT, tx.now, details, closed.record)
