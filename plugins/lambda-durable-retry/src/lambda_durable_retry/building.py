"""The functions that make strategies, with their default numbers and the checks of arguments."""

from collections.abc import Callable
from typing import Any, TypeAlias, cast

from lambda_durable.abc import Duration
from lambda_durable.errors import InvalidInputError

from ._checks import function
from .conditions import Asked, Condition, errors, stop_after
from .kinds import retryable
from .strategies import JitterKind, Poll, Retry
from .waits import DelayFunction, Random, Wait, as_wait, wait_exponential, wait_linear

On: TypeAlias = (
    Condition | type[Exception] | tuple[type[Exception], ...] | Callable[[Exception], bool]
)
"""Which errors: a condition, an exception class or several, or a function of the error."""

Stop: TypeAlias = Condition | Callable[[Any, int, float], bool]
"""When to stop: a condition, or a function of (error or state, attempt, elapsed)."""


def retry(
    wait: Wait | Duration | DelayFunction,
    *,
    stop: Stop | None = None,
    on: On | None = None,
    jitter: JitterKind = "none",
    random: Random | None = None,
) -> Retry:
    """Make a retry strategy from its parts.

    `wait` is how long to wait, as a wait, a duration, or a function of (error, attempt, elapsed)
    that returns a delay or None to stop. Without `stop` it never gives up. `on` says which errors
    are retried, by default all that are not certain to happen again (`kinds.retryable`). Of the
    delay, `jitter` makes nothing, the upper half, or all random; `random` is the source, by
    default `random.random`. InvalidInputError for arguments of the wrong kind.
    """
    return Retry(
        wait=as_wait("wait", wait),
        stop=_stop(stop),
        on=_on(on),
        jitter=_jitter(jitter),
        random=_random(random),
    )


def poll(
    wait: Wait | Duration | DelayFunction,
    *,
    stop: Stop | None = None,
    jitter: JitterKind = "none",
    random: Random | None = None,
) -> Poll:
    """Make a wait strategy for a condition from the same parts.

    Functions are given (state, attempt, elapsed), so they can decide by the state:
    `stop=lambda state, attempt, elapsed: state["failed"]`. Without `stop` it never gives up.
    InvalidInputError for arguments of the wrong kind.
    """
    return Poll(
        wait=as_wait("wait", wait),
        stop=_stop(stop),
        jitter=_jitter(jitter),
        random=_random(random),
    )


def exponential(
    *,
    attempts: int | None = 6,
    elapsed: Duration | None = None,
    initial: Duration = 5,
    factor: float = 2,
    maximum: Duration = 60,
    jitter: JitterKind = "full",
    on: On | None = None,
    random: Random | None = None,
) -> Retry:
    """Retry after delays that multiply: by default 5 s, doubling up to 60 s, full jitter.

    `attempts` (6) counts the first one; None is no limit. `elapsed` stops once so much time has
    passed since the first attempt began; see `retry` for the rest. InvalidInputError for numbers
    that make no sense.
    """
    wait = wait_exponential(initial=initial, factor=factor, maximum=maximum)
    return retry(wait, stop=_limit(attempts, elapsed), on=on, jitter=jitter, random=random)


def linear(
    *,
    attempts: int | None = 6,
    elapsed: Duration | None = None,
    initial: Duration = 1,
    increment: Duration = 1,
    maximum: Duration = 60,
    jitter: JitterKind = "none",
    on: On | None = None,
    random: Random | None = None,
) -> Retry:
    """Retry after delays that grow by the same amount: by default 1 s, 2 s ... 5 s, no jitter.

    The other arguments are those of `exponential`.
    """
    wait = wait_linear(initial=initial, increment=increment, maximum=maximum)
    return retry(wait, stop=_limit(attempts, elapsed), on=on, jitter=jitter, random=random)


def fixed(
    delay: Duration = 5,
    *,
    attempts: int | None = 5,
    elapsed: Duration | None = None,
    jitter: JitterKind = "none",
    on: On | None = None,
    random: Random | None = None,
) -> Retry:
    """Retry after the same delay each time: by default 5 attempts, 5 s apart, no jitter.

    The other arguments are those of `exponential`.
    """
    wait = as_wait("delay", delay)
    return retry(wait, stop=_limit(attempts, elapsed), on=on, jitter=jitter, random=random)


def _limit(attempts: int | None, elapsed: Duration | None) -> Condition | None:
    if attempts is None and elapsed is None:
        return None
    return stop_after(attempts=attempts, elapsed=elapsed)


def _on(given: On | None) -> Condition:
    if given is None:
        return retryable
    if isinstance(given, Condition):
        return given
    if isinstance(given, type | tuple):
        types = cast("Any", given if isinstance(given, tuple) else (given,))
        return errors(*types)
    return errors(when=function("on", given, "it takes the error and returns True or False"))


def _stop(given: Any) -> Condition | None:
    if given is None or isinstance(given, Condition):
        return given
    return Asked(function("stop", given, "it takes (error or state, attempt, elapsed)"))


def _jitter(given: Any) -> JitterKind:
    if given not in ("none", "half", "full"):
        raise InvalidInputError(f"jitter={given!r} must be 'none', 'half' or 'full'")
    jitter: JitterKind = given
    return jitter


def _random(given: Any) -> Random | None:
    if given is None:
        return None
    random: Random = function("random", given, "it returns a number from 0 up to 1")
    return random
