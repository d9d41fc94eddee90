"""The beginning of an execution."""

from lambda_durable.protocol import EventType

from . import fields, history
from .errors import (
    ExecutionAlreadyStartedError,
    InvalidParameterValueError,
)
from .execution import Execution
from .model import ExecutionRow, FunctionSpec, ParentLink, Progress, Start
from .names import execution_arn, find_function, function_arn
from .outcomes import byte_length
from .transaction import Transaction


def start(
    tx: Transaction,
    function: FunctionSpec,
    payload: str,
    *,
    name: str | None = None,
    parent: ParentLink | None = None,
    tenant_id: str | None = None,
    trace_header: str | None = None,
) -> Execution:
    """Start an execution of a durable function; its first invocation is due at once."""
    id = tx.new_id()
    if name is None:
        name = tx.new_id()
    arn = function_arn(tx.settings, function)
    seconds = function.execution_timeout
    execution = Execution(
        Start(
            arn=execution_arn(arn, name, id),
            id=id,
            name=name,
            function=function,
            function_arn=arn,
            input=payload,
            started_at=tx.now,
            parent=parent,
            tenant_id=tenant_id,
            trace_header=trace_header,
            secret=tx.new_id(),
        ),
        Progress(times_out_at=None if seconds is None else tx.now + seconds),
    )
    tx.add(execution)
    details = {
        "Input": history.data(payload),
        "ExecutionTimeout": function.shown_execution_timeout,
    }
    execution.log(EventType.EXECUTION_STARTED, tx.now, details, execution.record)
    return execution


def check(
    tx: Transaction, function: str, qualifier: str | None, payload: str, name: str | None
) -> FunctionSpec:
    """Return the function to start; refuse what cannot be started."""
    if name is not None:
        fields.check_execution_name(name)
    spec = find_function(tx.functions, tx.settings, function, qualifier)
    if not spec.durable:
        msg = f"Not a durable function: {function}"
        raise InvalidParameterValueError(msg)
    limit = tx.settings.quotas.execution_payload_bytes
    if byte_length(payload) > limit:
        msg = f"EXECUTION payload size must be less than or equal to {limit} bytes."
        raise InvalidParameterValueError(msg)
    return spec


def same(known: ExecutionRow, payload: str) -> str:
    """Return the ARN of the execution that has the name already, if it got the same payload."""
    if known.start.input != payload:
        msg = (
            f"An execution with the name '{known.start.name}' was already started "
            "with another payload."
        )
        raise ExecutionAlreadyStartedError(msg)
    return known.start.arn
