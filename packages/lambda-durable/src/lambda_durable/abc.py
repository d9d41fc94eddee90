"""The interfaces that meet in Lambda Durable: what a plugin, a client or an operation must have.

All are protocols; nothing needs to be inherited. The six effects and `Place`, which an operation
of one's own uses, are in `lambda_durable.effects` and `lambda_durable.scope`.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple, Protocol, TypeAlias, TypeVar, runtime_checkable

from .protocol import CheckpointResponse, OperationUpdate, StatePage

Duration: TypeAlias = timedelta | float
"""A `timedelta`, or seconds."""

StateT_contra = TypeVar("StateT_contra", contravariant=True)


class Where(NamedTuple):
    """Which payload is meant: an operation's, or the execution's own (then `name` is None)."""

    execution_arn: str
    operation_id: str
    operation_name: str | None = None


@runtime_checkable
class Serializer(Protocol):
    """Turns values into payloads and back.

    `loads(dumps(value))` must give an equal value in any later process. A value that cannot be
    kept is a `SerializationError`. Two members are optional. A serializer that does I/O sets
    `does_io = True` and is then run like user code, off the event loop. One that writes better for
    knowing the declared type has `for_type(type)`, which returns the serializer for that type.
    """

    def dumps(self, value: Any, where: Where, /) -> str:
        """Return the payload for `value`."""
        ...

    def loads(self, text: str, type: Any, where: Where, /) -> Any:
        """Return the value of a payload; `type` is what the code declares, `Any` if nothing."""
        ...


@runtime_checkable
class RetryStrategy(Protocol):
    """Decides, after each failed attempt, whether there is another one."""

    def __call__(self, error: Exception, attempt: int, elapsed: float, /) -> Duration | None:
        """Return the delay before the next attempt, or None to stop.

        `attempt` is the number of the attempt that failed, from 1; `elapsed` the seconds since
        the first one began. Called once per failed attempt, never on replay. The service wants
        whole seconds of at least 1: a delay is rounded up to that.
        """
        ...


@runtime_checkable
class WaitStrategy(Protocol[StateT_contra]):
    """Decides, after each check of a condition that is not met, how long to wait."""

    def __call__(self, state: StateT_contra, attempt: int, elapsed: float, /) -> Duration | None:
        """Return the delay before the next check, or None to give up; see `RetryStrategy`."""
        ...


class Service(Protocol):
    """The part of the Lambda API that a running handler needs.

    Failures are `ServiceError`s. A client is used by one thread at a time. One whose time is not
    the wall clock's has a `clock` too, which returns seconds since 1970. One that can be made ready
    ahead of its first call has `connect()`.
    """

    def checkpoint(
        self, execution_arn: str, token: str, updates: Sequence[OperationUpdate]
    ) -> CheckpointResponse:
        """Save the updates, all or none, and return what changed since the last answer."""
        ...

    def get_state(self, execution_arn: str, token: str, marker: str) -> StatePage:
        """Return the page of the execution's operations that begins at `marker`."""
        ...
