"""Waits: how long until the next attempt, in seconds, added up with `+`.

A plain duration is a wait too, and so is a function of (error or state, attempt, elapsed):
`wait_exponential() + 5`, `wait_linear() + wait_jitter(3)`.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeAlias, cast

from lambda_durable.abc import Duration
from lambda_durable.errors import InvalidInputError

from ._checks import LONGEST, answered, growth, ordered, seconds
from ._value import Value, name_of, spelled

Random: TypeAlias = Callable[[], float]
"""A source of numbers from 0 up to 1."""

DelayFunction: TypeAlias = Callable[[Any, int, float], Duration | None]
"""A function of (error or state, attempt from 1, elapsed seconds): a delay, or None to stop."""


class Wait(Value):
    """A delay as a function of the attempt; the base of all waits."""

    __slots__ = ()

    def seconds(self, subject: Any, attempt: int, elapsed: float, random: Random) -> float | None:
        """Return the delay after this attempt, None to stop; `random` is for jitter only."""
        raise NotImplementedError

    def __add__(self, other: "Wait | Duration | DelayFunction") -> "Wait":
        return Sum((*_terms(self), *_terms(as_wait("+", other))))

    def __radd__(self, other: "Duration | DelayFunction") -> "Wait":
        return Sum((*_terms(as_wait("+", other)), *_terms(self)))


class Fixed(Wait):
    """The same delay each time."""

    __slots__ = ("delay",)
    delay: float

    def seconds(self, subject: Any, attempt: int, elapsed: float, random: Random) -> float:
        """Return the delay."""
        return self.delay

    def __repr__(self) -> str:
        return f"{self.delay:.10g}"


class Exponential(Wait):
    """A delay that is multiplied each time; see `wait_exponential`."""

    __slots__ = ("factor", "initial", "maximum")
    factor: float
    initial: float
    maximum: float

    def seconds(self, subject: Any, attempt: int, elapsed: float, random: Random) -> float:
        """Return the delay, however large the attempt is."""
        try:
            return min(self.initial * self.factor ** (attempt - 1), self.maximum)
        except OverflowError:
            return self.maximum

    def __repr__(self) -> str:
        return spelled(
            "wait_exponential", initial=self.initial, factor=self.factor, maximum=self.maximum
        )


class Linear(Wait):
    """A delay to which the same is added each time; see `wait_linear`."""

    __slots__ = ("increment", "initial", "maximum")
    increment: float
    initial: float
    maximum: float

    def seconds(self, subject: Any, attempt: int, elapsed: float, random: Random) -> float:
        """Return the delay."""
        return min(self.initial + self.increment * (attempt - 1), self.maximum)

    def __repr__(self) -> str:
        return spelled(
            "wait_linear", initial=self.initial, increment=self.increment, maximum=self.maximum
        )


class Jitter(Wait):
    """A random delay; see `wait_jitter`."""

    __slots__ = ("up_to",)
    up_to: float

    def seconds(self, subject: Any, attempt: int, elapsed: float, random: Random) -> float:
        """Return a random part of the limit."""
        return self.up_to * random()

    def __repr__(self) -> str:
        return f"wait_jitter({self.up_to:.10g})"


class Computed(Wait):
    """A delay that a function of (error or state, attempt, elapsed) returns."""

    __slots__ = ("function",)
    function: DelayFunction

    def seconds(self, subject: Any, attempt: int, elapsed: float, random: Random) -> float | None:
        """Return what the function says, None to stop."""
        return answered(self.function, self.function(subject, attempt, elapsed))

    def __repr__(self) -> str:
        return name_of(self.function)


class Sum(Wait):
    """Several waits, one after the other; a part that stops, stops all."""

    __slots__ = ("parts",)
    parts: tuple[Wait, ...]

    def seconds(self, subject: Any, attempt: int, elapsed: float, random: Random) -> float | None:
        """Return the sum of the parts."""
        total = 0.0
        for part in self.parts:
            delay = part.seconds(subject, attempt, elapsed, random)
            if delay is None:
                return None
            total += delay
        return total

    def __repr__(self) -> str:
        return " + ".join(map(repr, self.parts))


def wait_exponential(
    *, initial: Duration = 5, factor: float = 2, maximum: Duration = LONGEST
) -> Wait:
    """Wait `initial`, then `factor` times as long after each attempt, `maximum` at most.

    By default 5 s, 10 s, 20 s ... up to 366 days. InvalidInputError unless 0 < initial <=
    maximum and factor >= 1.
    """
    first, last = seconds("initial", initial), seconds("maximum", maximum)
    ordered("initial", first, "maximum", last)
    return Exponential(growth("factor", factor), first, last)


def wait_linear(
    *, initial: Duration = 1, increment: Duration = 1, maximum: Duration = LONGEST
) -> Wait:
    """Wait `initial`, then longer by `increment` after each attempt, `maximum` at most.

    By default 1 s, 2 s, 3 s ... up to 366 days. InvalidInputError unless 0 < initial <= maximum
    and increment >= 0.
    """
    first, last = seconds("initial", initial), seconds("maximum", maximum)
    ordered("initial", first, "maximum", last)
    return Linear(seconds("increment", increment, zero=True), first, last)


def wait_jitter(up_to: Duration, /) -> Wait:
    """Wait a random time from 0 to `up_to`; to be added to another wait.

    Drawn once per failed attempt and kept by the service, so replay has nothing to repeat.
    InvalidInputError for a negative limit.
    """
    return Jitter(seconds("up_to", up_to, zero=True))


def as_wait(name: str, given: Any) -> Wait:
    """Return a wait for anything that can be one: a wait, a duration, a function."""
    if isinstance(given, Wait):
        return given
    if isinstance(given, timedelta | int | float):
        return Fixed(seconds(name, given))
    if callable(given) and not isinstance(given, type):
        function: DelayFunction = cast("DelayFunction", given)
        return Computed(function)
    raise InvalidInputError(
        f"{name}={given!r} is no wait: give wait_exponential(), a duration, or a function of "
        "(error or state, attempt, elapsed)"
    )


def _terms(wait: Wait) -> tuple[Wait, ...]:
    return wait.parts if isinstance(wait, Sum) else (wait,)
