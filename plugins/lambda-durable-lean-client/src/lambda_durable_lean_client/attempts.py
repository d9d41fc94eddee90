"""Trying again as boto3's standard mode does: what may pass, after pauses that grow by chance.

There is no quota of attempts over several calls as boto3 has it: a call that fails in the end ends
the invocation, so that failures cannot pile up.
"""

import time
from collections.abc import Callable
from typing import Any, Final

from .connection import Answer
from .errors import HTTPClientError, Refusal

_LONGEST: Final = 20.0
_THROTTLED_FIRST: Final = 1.0
_FIRST: Final = 0.05
_GROWTH: Final = 2.0
_LONGEST_ASKED_FOR: Final = 5.0
"""Seconds: the longest pause; the first after throttling, and otherwise; what a service may add."""

_FAULTS: Final = frozenset({500, 502, 503, 504})
_TRANSIENT: Final = frozenset(
    {"RequestTimeout", "RequestTimeoutException", "PriorRequestNotComplete"}
)
_THROTTLING: Final = frozenset(
    {
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionInProgressException",
    }
)


def tried(
    exchange: Callable[[], Answer],
    read: Callable[[Answer], dict[str, Any]],
    attempts: int,
    *,
    sleep: Callable[[float], None] = time.sleep,
) -> dict[str, Any]:
    """Return what `read` makes of an answer, after up to so many attempts to get a good one."""
    attempt = 1
    while True:
        asked_for = None
        try:
            answer = exchange()
            asked_for = answer.headers.get("x-amz-retry-after")
            return read(answer)
        except Refusal as error:
            error.failure = error.failure._replace(attempts=attempt)
            throttled = _is_throttled(error)
            if attempt >= attempts or not (throttled or _is_passing(error)):
                raise
        except HTTPClientError:
            throttled = False
            if attempt >= attempts:
                raise
        sleep(pause(attempt, throttled=throttled, asked_for=asked_for))
        attempt += 1


def pause(attempt: int, *, throttled: bool, asked_for: str | None) -> float:
    """Return the seconds before the next attempt; `asked_for` are the service's milliseconds."""
    import random  # most processes never try again

    first = _THROTTLED_FIRST if throttled else _FIRST
    own = random.random() * min(first * _GROWTH ** (attempt - 1), _LONGEST)  # noqa: S311 - no secret
    if asked_for is None or not asked_for.isdecimal():
        return own
    return max(own, min(int(asked_for) / 1000, own + _LONGEST_ASKED_FOR))


def _is_throttled(error: Refusal) -> bool:
    return error.failure.code in _THROTTLING or error.failure.status == 429


def _is_passing(error: Refusal) -> bool:
    return error.failure.status in _FAULTS or error.failure.code in _TRANSIENT
