"""Values that every replay repeats without an operation: the time, random numbers and ids.

The time is what the service told of the operations whose outcome the context was handed. Numbers
and ids are derived from the execution, the context and how many were asked for before.
"""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from .errors import MisuseError
from .identity import derived_bytes
from .misuse import misuse
from .protocol import Operation, epoch_seconds
from .running import RUNNING, RunningScope

if TYPE_CHECKING:
    from uuid import UUID

_FIRST = datetime(1970, 1, 1, tzinfo=UTC)
_RANDOM_BITS = 53
"""As many as a float keeps."""


def now(scope: RunningScope) -> datetime:
    """Return the latest time that the code of a context can know of."""
    _check(scope, "ctx.now()")
    started = _started(scope.execution.history.execution)
    # The service's clients differ in what they keep of a fraction of a millisecond.
    milliseconds = int(max(scope.time, started) * 1000 + 0.001)
    return _FIRST + timedelta(milliseconds=milliseconds)


def random(scope: RunningScope) -> float:
    """Return the next random number of a context, from 0 up to 1."""
    _check(scope, "ctx.random()")
    return (int.from_bytes(_drawn(scope)[:8]) >> (64 - _RANDOM_BITS)) / (1 << _RANDOM_BITS)


def uuid4(scope: RunningScope) -> "UUID":
    """Return the next UUID of a context."""
    _check(scope, "ctx.uuid4()")
    from uuid import UUID  # not every handler needs it

    return UUID(bytes=_drawn(scope), version=4)


def hear(scope: RunningScope, record: Operation | None) -> None:
    """Note when an operation ended whose outcome the code of a context is handed."""
    ended = epoch_seconds(record.get("EndTimestamp")) if record else None
    each: RunningScope | None = scope if ended is not None else None
    while each is not None:
        each.time = max(each.time, ended or 0.0)
        each = each.outer  # a virtual context is a part of the one around it


def _started(execution: Operation | None) -> float:
    return (epoch_seconds(execution.get("StartTimestamp")) if execution else None) or 0.0


def _drawn(scope: RunningScope) -> bytes:
    scope.drawn += 1
    return derived_bytes(f"{scope.execution.arn} {scope.prefix or ''} {scope.drawn}")


def _check(scope: RunningScope, call: str) -> None:
    """Raise MisuseError where a call is not repeated in the same order by every replay."""
    current = RUNNING.get()
    is_here = current is not None and current.scope is scope and not scope.closed
    if not is_here or (current is not None and current.call.kind == "attempt"):
        raise MisuseError(misuse(call, scope, closed=scope.closed))
