"""Chained invokes: an operation that another function's run completes.

A durable target runs as an execution of its own, linked to the operation. A plain target is
invoked once, and again only when the service itself went down while it ran.
"""

from typing import Any

from lambda_durable.protocol import (
    ErrorObject,
    EventType,
    ExecutionStatus,
    OperationStatus,
    OperationUpdate,
)

from . import history, records, starts
from .errors import ResourceNotFoundError
from .execution import Execution
from .model import FunctionSpec, Invocation, InvokeTarget, ParentLink, StoredOperation
from .names import find_function
from .outcomes import Errored, Outcome, byte_length, too_large
from .transaction import Transaction

_EVENTS = {
    OperationStatus.SUCCEEDED: EventType.CHAINED_INVOKE_SUCCEEDED,
    OperationStatus.FAILED: EventType.CHAINED_INVOKE_FAILED,
    OperationStatus.TIMED_OUT: EventType.CHAINED_INVOKE_TIMED_OUT,
    OperationStatus.STOPPED: EventType.CHAINED_INVOKE_STOPPED,
}


def start(tx: Transaction, execution: Execution, update: OperationUpdate) -> None:
    """Start the operation and its target; a target that does not exist fails it at once."""
    options = update["ChainedInvokeOptions"]
    function = _target(tx, options["FunctionName"])
    payload = update.get("Payload")
    target = child = None
    if function is not None:
        target, child = _run(tx, execution, update, function, "{}" if payload is None else payload)
    operation = records.build(
        execution, None, update, OperationStatus.STARTED, {}, tx.now, target=target
    )
    execution.put(operation, by_service=False)
    details: dict[str, Any] = {"FunctionName": options["FunctionName"]}
    details["Input"] = history.data(payload)
    if options.get("TenantId") is not None:
        details["TenantId"] = options["TenantId"]
    if function is not None:
        details["ExecutedVersion"] = function.version
    if child is not None:
        details["DurableExecutionArn"] = child.start.arn
    execution.log(EventType.CHAINED_INVOKE_STARTED, tx.now, details, operation.record)
    if function is None:
        error: ErrorObject = {
            "ErrorType": "ResourceNotFoundException",
            "ErrorMessage": f"Function not found: {options['FunctionName']}",
        }
        _settle(tx, execution, operation, "function failed", error=error, by_service=False)


def _target(tx: Transaction, name: str) -> FunctionSpec | None:
    try:
        return find_function(tx.functions, tx.settings, name)
    except ResourceNotFoundError:
        return None


def _run(
    tx: Transaction,
    execution: Execution,
    update: OperationUpdate,
    function: FunctionSpec,
    payload: str,
) -> tuple[InvokeTarget, Execution | None]:
    options = update["ChainedInvokeOptions"]
    tenant_id = options.get("TenantId")
    trace_header = options.get("XAmznTraceId") or execution.start.trace_header
    child = None
    if function.durable:
        child = starts.start(
            tx,
            function,
            payload,
            parent=ParentLink(execution.start.arn, update["Id"]),
            tenant_id=tenant_id,
            trace_header=trace_header,
        )
        payload = ""  # the child keeps it
    arn = child.start.arn if child is not None else None
    return InvokeTarget(function.name, payload, arn, tenant_id, trace_header), child


def settle_durable(tx: Transaction, parent: ParentLink, child: Execution) -> None:
    """Complete the operation that started `child`, which has ended."""
    execution = tx.find(parent.execution_arn)
    if execution is None:
        return
    operation = execution.operations[parent.operation_id]
    progress = child.progress
    match progress.status:
        case ExecutionStatus.SUCCEEDED:
            _succeed(tx, execution, operation, progress.result)
        case ExecutionStatus.TIMED_OUT:
            seconds = child.start.function.execution_timeout
            error: ErrorObject = {
                "ErrorType": "ChainedInvoke.Timeout",
                "ErrorMessage": f"CHAINED_INVOKE timed out after {seconds} seconds.",
            }
            _settle(tx, execution, operation, "function timed out", error=error)
        case ExecutionStatus.STOPPED:
            _settle(tx, execution, operation, "function stopped", error=progress.error)
        case _:
            _settle(tx, execution, operation, "function failed", error=progress.error)


def begin_plain(tx: Transaction, execution: Execution, operation_id: str) -> Invocation:
    """Return the invocation of the operation's plain function."""
    target = execution.operations[operation_id].target
    assert target is not None, "only a target that exists is invoked"
    function = tx.functions.get(target.function) or FunctionSpec(target.function, durable=False)
    return Invocation(
        id=tx.new_id(),
        function=target.function,
        durable=False,
        event=target.payload,
        execution_arn=execution.start.arn,
        operation_id=operation_id,
        started_at=tx.now,
        deadline=tx.now + function.timeout,
        tenant_id=target.tenant_id,
        trace_header=target.trace_header,
    )


def settle_plain(
    tx: Transaction, execution: Execution, operation_id: str, outcome: Outcome
) -> None:
    """Complete the operation whose plain function has run."""
    operation = execution.operations[operation_id]
    if isinstance(outcome, Errored):
        _settle(tx, execution, operation, "function failed", error=outcome.error)
    else:
        _succeed(tx, execution, operation, outcome.text())


def _succeed(
    tx: Transaction, execution: Execution, operation: StoredOperation, result: str | None
) -> None:
    limit = tx.settings.quotas.operation_payload_bytes
    if result is not None and byte_length(result) > limit:
        _settle(tx, execution, operation, "function failed", error=too_large(limit))
    else:
        _settle(tx, execution, operation, "function succeeded", result=result)


def _settle(
    tx: Transaction,
    execution: Execution,
    operation: StoredOperation,
    reason: str,
    *,
    result: str | None = None,
    error: ErrorObject | None = None,
    by_service: bool = True,
) -> None:
    settled = records.settle(execution, operation, reason, tx.now, result=result, error=error)
    execution.put(settled, by_service=by_service)
    status = OperationStatus(settled.record["Status"])
    if status is OperationStatus.SUCCEEDED:
        details = {"Result": history.data(result)}
    else:
        details = {"Error": history.data(error)}
    execution.log(_EVENTS[status], tx.now, details, settled.record)
