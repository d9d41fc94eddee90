"""Strategies: what a step's `retry=` and a condition's `strategy=` take, made of smaller parts.

A strategy is asked live only, once per failed attempt, and the service keeps the delay: jitter is
safe, replay asks nobody. Delays are rounded up to whole seconds, from 1 to 31,622,400 (366 days).
"""

from typing import Any, Literal, TypeAlias

from ._checks import whole_seconds
from ._value import Value, spelled
from .conditions import Condition
from .kinds import retryable
from .waits import Random, Wait

JitterKind: TypeAlias = Literal["none", "half", "full"]
"""How much of a delay is random: nothing, its upper half, or all of it."""

_CERTAIN_SHARE = {"none": 1.0, "half": 0.5, "full": 0.0}


class Strategy(Value):
    """What retry and wait strategies share: a wait, its jitter, and when to stop."""

    __slots__ = ("jitter", "random", "stop", "wait")
    jitter: JitterKind
    random: Random | None
    stop: Condition | None
    wait: Wait

    def _delay(self, subject: Any, attempt: int, elapsed: float) -> int | None:
        if self.stop is not None and self.stop.holds(subject, attempt, elapsed):
            return None
        random = self.random or _live_random
        delay = self.wait.seconds(subject, attempt, elapsed, random)
        if delay is None:
            return None
        certain = _CERTAIN_SHARE[self.jitter]
        if certain < 1:
            delay *= certain + (1 - certain) * random()
        return whole_seconds(delay)

    def _spelled(self, call: str, on: Condition | None) -> str:
        jitter = None if self.jitter == "none" else self.jitter
        named = {"stop": self.stop, "on": on, "jitter": jitter, "random": self.random}
        return spelled(call, repr(self.wait), **named)


class Retry(Strategy):
    """A retry strategy; make it with `retry`, `exponential`, `linear` or `fixed`."""

    __slots__ = ("on",)
    on: Condition

    def __call__(self, error: BaseException, attempt: int, elapsed: float, /) -> int | None:
        """Return the seconds before the next attempt, None to stop.

        Nothing but an `Exception` is ever retried.
        """
        if not isinstance(error, Exception) or not self.on.holds(error, attempt, elapsed):
            return None
        return self._delay(error, attempt, elapsed)

    def __repr__(self) -> str:
        return self._spelled("retry", None if self.on == retryable else self.on)


class Poll(Strategy):
    """A wait strategy for conditions; make it with `poll`."""

    __slots__ = ()

    def __call__(self, state: object, attempt: int, elapsed: float, /) -> int | None:
        """Return the seconds before the next check, None to give up."""
        return self._delay(state, attempt, elapsed)

    def __repr__(self) -> str:
        return self._spelled("poll", None)


def _live_random() -> float:
    from random import random  # not needed unless something failed

    return random()  # noqa: S311 - spreads load, keeps no secret
