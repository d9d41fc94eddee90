"""The shapes that travel: an operation as the service reports it, an update as the SDK sends it.

They are the dicts of the wire itself. Nothing is converted on the way in, which is what makes a
replayed operation cheap; timestamps in particular are read with `epoch_seconds` when needed.
"""

from typing import Any, Required, TypedDict


class ErrorObject(TypedDict, total=False):
    """What went wrong, as the service stores it."""

    ErrorMessage: str
    ErrorType: str
    ErrorData: str
    StackTrace: list[str]


class Operation(TypedDict, total=False):
    """An operation as the service reports it; one `...Details` member fits its type."""

    Id: Required[str]
    Type: Required[str]
    Status: Required[str]
    ParentId: str
    Name: str
    SubType: str
    StartTimestamp: Any
    EndTimestamp: Any
    ExecutionDetails: dict[str, Any]
    ContextDetails: dict[str, Any]
    StepDetails: dict[str, Any]
    WaitDetails: dict[str, Any]
    CallbackDetails: dict[str, Any]
    ChainedInvokeDetails: dict[str, Any]


class OperationUpdate(TypedDict, total=False):
    """One change that a checkpoint asks for."""

    Id: Required[str]
    Type: Required[str]
    Action: Required[str]
    ParentId: str
    Name: str
    SubType: str
    Payload: str
    Error: ErrorObject
    ContextOptions: dict[str, Any]
    StepOptions: dict[str, Any]
    WaitOptions: dict[str, Any]
    CallbackOptions: dict[str, Any]
    ChainedInvokeOptions: dict[str, Any]


class StatePage(TypedDict, total=False):
    """Some of an execution's operations, and where the rest begins."""

    Operations: list[Operation]
    NextMarker: str


class CheckpointResponse(TypedDict, total=False):
    """The answer to a checkpoint. Without a token, the invocation's right to checkpoint is gone."""

    CheckpointToken: str
    NewExecutionState: StatePage
