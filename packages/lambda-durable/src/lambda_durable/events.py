"""What providers and surroundings are told: frozen values, so that fields can be added."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from .protocol import Operation

_NONE_YET: Final[Mapping[str, Operation]] = MappingProxyType({})


class Invocation(NamedTuple):
    """One invocation of the handler, before anything has run."""

    execution_arn: str
    is_first: bool
    """True when no operation exists yet, so nothing is replayed."""
    lambda_context: Any
    """What Lambda passes to the handler; the id of the request is its `aws_request_id`."""
    updated_operation_ids: Sequence[str] = ()
    """Operations that the service changed since the last invocation: timers, callbacks, invokes."""
    operations: Mapping[str, Operation] = _NONE_YET
    """All operations by id, a view that follows what becomes known; empty in `durable_service`."""
    execution_started_at: float | None = None
    """When the execution was started, in seconds since 1970; None in `durable_service`."""


class OperationInfo(NamedTuple):
    """Which operation is meant."""

    execution_arn: str
    id: str
    parent_id: str | None
    type: str
    subtype: str | None
    name: str | None


CallKind: TypeAlias = Literal["handler", "context", "attempt"]


class Call(NamedTuple):
    """User code about to run: the handler, a child context's function or an operation's attempt."""

    kind: CallKind
    execution_arn: str
    operation: OperationInfo | None
    attempt: int | None
    is_replay: bool
    """True when the context that runs it has operations left to replay."""


class Invoke(NamedTuple):
    """A chained invoke about to be started."""

    operation: OperationInfo
    function_name: str
