"""Checks arguments when a strategy is made, and delays when it answers.

Every message names the value, the rule and the way out.
"""

import math
from datetime import timedelta
from typing import Any, Final

from lambda_durable.abc import Duration
from lambda_durable.errors import InvalidInputError
from lambda_durable.protocol import Limits

LONGEST: Final = float(Limits.WAIT_SECONDS)
"""The longest delay that the service takes: 366 days, in seconds."""


def seconds(name: str, value: Duration, *, zero: bool = False) -> float:
    """Return a duration argument in seconds; it must be positive, or zero where that is allowed."""
    number = _number(name, value, "a timedelta or a number of seconds")
    if number > LONGEST:
        raise InvalidInputError(
            f"{name}={value!r} is more than the service can wait: give at most "
            f"{Limits.WAIT_SECONDS} seconds (366 days)"
        )
    if number < 0 or (number == 0 and not zero):
        rule = "0 or more" if zero else "more than 0"
        raise InvalidInputError(
            f"{name}={value!r} must be {rule}: give a timedelta or seconds, such as 5"
        )
    return number


def elapsed_seconds(name: str, value: Duration) -> float:
    """Return a limit on elapsed time in seconds; it must be positive, and may be any length."""
    number = _number(name, value, "a timedelta or a number of seconds")
    if number <= 0:
        raise InvalidInputError(
            f"{name}={value!r} must be more than 0: leave it out for no limit on the time"
        )
    return number


def growth(name: str, value: float) -> float:
    """Return a factor, which must be at least 1."""
    given: object = value
    if isinstance(given, timedelta):
        raise InvalidInputError(f"{name}={value!r} must be a number of at least 1, such as 2")
    number = _number(name, value, "a number of at least 1")
    if number < 1:
        raise InvalidInputError(
            f"{name}={value!r} must be at least 1: 1 keeps the delay, 2 doubles it each time"
        )
    return number


def count(name: str, value: Any) -> int:
    """Return a number of attempts, which must be a whole number of at least 1."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidInputError(f"{name}={value!r} must be a whole number of at least 1, such as 5")
    if value < 1:
        raise InvalidInputError(
            f"{name}={value!r} must be at least 1: the first attempt counts, so 1 means no retry"
        )
    return value


def ordered(first: str, low: float, second: str, high: float) -> None:
    """Raise InvalidInputError unless `low` is at most `high`."""
    if low > high:
        raise InvalidInputError(
            f"{second}={high:g} is less than {first}={low:g}: raise {second} or lower {first}"
        )


def function(name: str, value: Any, signature: str) -> Any:
    """Return a function argument; anything that cannot be called is an InvalidInputError."""
    if isinstance(value, type) or not callable(value):
        raise InvalidInputError(f"{name}={value!r} must be a function: {signature}")
    return value


def whole_seconds(delay: float) -> int:
    """Return a delay as the service takes it: whole seconds, rounded up, from 1 to 366 days."""
    # rounded first, so that 3 * 1.1 s is not 4 s for the sake of the sixteenth digit
    return max(1, math.ceil(round(min(delay, LONGEST), 6)))


def answered(source: object, delay: Any) -> float | None:
    """Return in seconds what a user's function answered; None means stop."""
    if delay is None:
        return None
    if isinstance(delay, timedelta):
        return delay.total_seconds()
    if isinstance(delay, bool) or not isinstance(delay, int | float) or delay != delay:
        raise InvalidInputError(
            f"{source!r} answered {delay!r}: return a timedelta, a number of seconds, or None to "
            "stop"
        )
    return float(min(delay, LONGEST))


def _number(name: str, value: Any, rule: str) -> float:
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        raise InvalidInputError(f"{name}={value!r} must be {rule}, such as 5")
    return float(value) if isinstance(value, float) or abs(value) < 1 << 1000 else math.inf
