"""The event of an invocation: is it a durable one, and is it whole?"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from .errors import NotDurableError
from .protocol import Operation, epoch_seconds

_HOW_TO = (
    "Invoke it as a durable function: enable durable execution (DurableConfig) when the function "
    "is created and invoke it with a qualifier; on a laptop, use `durable run` or the testing "
    "plugin. To call the plain function in a unit test, pass a DurableContext of your own, or use "
    "handler.function"
)


class Envelope(NamedTuple):
    """What the service passes to an invocation."""

    execution_arn: str
    token: str
    operations: Sequence[Operation]
    next_marker: str | None
    updated_operation_ids: Sequence[str]


def parsed(event: object) -> Envelope:
    """Return the event's parts; NotDurableError says what is missing and what to do."""
    if not isinstance(event, Mapping):
        raise NotDurableError(
            f"the event is no durable invocation but of type {type(event).__name__}. {_HOW_TO}"
        )
    arn, token = event.get("DurableExecutionArn"), event.get("CheckpointToken")
    if arn is None and token is None:
        keys = ", ".join(sorted(map(str, event))[:8]) or "none"
        raise NotDurableError(
            f"the event is an ordinary one (its keys: {keys}), not a durable invocation. {_HOW_TO}"
        )
    for name, value in (("DurableExecutionArn", arn), ("CheckpointToken", token)):
        if not isinstance(value, str) or not value:
            raise NotDurableError(
                f"the durable invocation event is malformed: {name} is {value!r:.80}, but must be "
                "a non-empty string"
            )
    state = event.get("InitialExecutionState")
    state = {} if state is None else state
    if not isinstance(state, Mapping):
        raise _malformed("InitialExecutionState", state, "an object")
    marker = state.get("NextMarker")
    if marker is not None and not isinstance(marker, str):
        raise _malformed("NextMarker", marker, "a string")
    updated = event.get("UpdatedOperationIds") or ()
    return Envelope(str(arn), str(token), _operations(state), marker or None, updated)


def input_payload(execution: Operation | None) -> str | None:
    """Return the payload the execution was started with, from its EXECUTION operation."""
    if execution is None:
        raise NotDurableError(
            "the durable invocation event is malformed: no operation of type EXECUTION is in the "
            "initial state or the pages that follow, so the input is unknown"
        )
    details = execution.get("ExecutionDetails") or {}
    payload: str | None = details.get("InputPayload")
    return payload


def started_at(execution: Operation | None) -> float | None:
    """Return when the execution was started, in seconds since 1970; None if that is not said."""
    return epoch_seconds(execution.get("StartTimestamp")) if execution else None


def _operations(state: Mapping[str, Any]) -> Sequence[Operation]:
    operations = state.get("Operations")
    operations = [] if operations is None else operations
    if not isinstance(operations, list):
        raise _malformed("Operations", operations, "a list")
    for operation in operations:
        if not isinstance(operation, dict) or not {"Id", "Type", "Status"} <= operation.keys():
            raise _malformed("an operation", operation, "an object with Id, Type and Status")
    return operations


def _malformed(what: str, value: object, wanted: str) -> NotDurableError:
    return NotDurableError(
        f"the durable invocation event is malformed: {what} is {value!r:.80}, but must be {wanted}"
    )
