"""What every retry and wait strategy must do; see `lambda_durable.abc`."""

import copy
import math
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any, Final
from unittest.mock import patch

from lambda_durable.abc import RetryStrategy, WaitStrategy

_ATTEMPTS: Final = (1, 2, 3, 5, 10, 50, 1000)
_ELAPSED: Final = (0.0, 0.4, 60.0, 86_400.0, 31_622_400.0)
_MOST_ATTEMPTS: Final = 20_000


class _StrategyKit:
    never_stops: bool = False
    """Set for a strategy that goes on for ever on purpose."""

    def _make(self) -> Any:
        raise NotImplementedError

    def _subjects(self) -> Iterable[Any]:
        raise NotImplementedError

    def test_answers_are_delays(self) -> None:
        """Every answer is None, a timedelta or a number of seconds, and not below zero."""
        for subject, attempt, elapsed in self._questions():
            answer: Any = self._asked(self._make(), subject, attempt, elapsed)
            asked = f"({subject!r:.80}, attempt {attempt}, elapsed {elapsed})"
            if answer is None:
                continue
            is_number = isinstance(answer, int | float) and not isinstance(answer, bool)
            assert is_number or isinstance(answer, timedelta), (
                f"the answer to {asked} is {answer!r:.80}: no None, timedelta or seconds"
            )
            seconds = answer.total_seconds() if isinstance(answer, timedelta) else answer
            assert not math.isnan(seconds), f"the answer to {asked} is no number"
            assert seconds >= 0, f"the answer to {asked} is {answer!r}: time does not go back"

    def test_it_stops(self) -> None:
        """After some attempts there are no more."""
        if self.never_stops:
            return
        for subject in self._subjects():
            strategy, elapsed = self._make(), 0.0
            for attempt in range(1, _MOST_ATTEMPTS + 1):
                answer = self._asked(strategy, subject, attempt, elapsed)
                if answer is None:
                    break
                delay = answer.total_seconds() if isinstance(answer, timedelta) else answer
                elapsed += max(1.0, delay)
            else:
                raise AssertionError(
                    f"{strategy!r} goes on after {_MOST_ATTEMPTS} attempts and {elapsed:.0f} s for "
                    f"{subject!r:.80}; if that is meant, set never_stops = True"
                )

    def test_it_remembers_nothing(self) -> None:
        """Whether there is another attempt depends on the question alone: processes come and go."""
        used = self._make()
        for subject, attempt, elapsed in [*self._questions(), *self._questions()]:
            before = self._asked(used, subject, attempt, elapsed) is None
            fresh = self._asked(self._make(), subject, attempt, elapsed) is None
            assert before == fresh, (
                f"asked about ({subject!r:.80}, attempt {attempt}, elapsed {elapsed}), a strategy "
                f"that was asked before {'stops' if before else 'goes on'}, and a new one "
                f"{'stops' if fresh else 'goes on'}; count with `attempt`, not with attributes"
            )

    def test_it_changes_nothing(self) -> None:
        """What it is asked about is the same afterwards."""
        for subject in self._subjects():
            before = _state(subject)
            self._asked(self._make(), subject, 1, 0.0)
            assert _state(subject) == before, f"{subject!r:.80} was changed, from {before!r:.200}"

    def test_it_does_not_wait_itself(self) -> None:
        """It returns the delay; the service does the waiting."""
        for subject in self._subjects():
            with patch("time.sleep", _refuse_to_sleep):
                self._asked(self._make(), subject, 1, 0.0)

    def _questions(self) -> Iterator[tuple[Any, int, float]]:
        for subject in self._subjects():
            for attempt in _ATTEMPTS:
                for elapsed in _ELAPSED:
                    yield subject, attempt, elapsed

    def _asked(self, strategy: Any, subject: Any, attempt: int, elapsed: float) -> Any:
        try:
            return strategy(subject, attempt, elapsed)
        except AssertionError:
            raise
        except Exception as error:
            raise AssertionError(
                f"{strategy!r} raised {error!r:.200} when asked about ({subject!r:.80}, attempt "
                f"{attempt}, elapsed {elapsed}); that ends an execution"
            ) from error


class RetryStrategyKit(_StrategyKit):
    """The promises of a retry strategy, for the errors that its steps may raise."""

    def make_strategy(self) -> RetryStrategy:
        """Return a new strategy."""
        raise NotImplementedError

    def errors(self) -> Iterable[Exception]:
        """Return errors to ask about; by default some that carry little or much."""
        cause = OSError(5, "input/output error")
        chained = RuntimeError("outer")
        chained.__cause__ = cause
        odd = ValueError({"not": "a text"}, 3)
        return [ConnectionError("reset"), TimeoutError(), KeyError("k"), cause, chained, odd]

    def _make(self) -> RetryStrategy:
        return self.make_strategy()

    def _subjects(self) -> Iterable[Exception]:
        return self.errors()


class WaitStrategyKit(_StrategyKit):
    """The promises of a wait strategy, for the states that its conditions go through."""

    def make_strategy(self) -> WaitStrategy[Any]:
        """Return a new strategy."""
        raise NotImplementedError

    def states(self) -> Iterable[Any]:
        """Return states to ask about; by default values that JSON has."""
        return [None, 0, "pending", {"status": "pending", "progress": [1, 2]}]

    def _make(self) -> WaitStrategy[Any]:
        return self.make_strategy()

    def _subjects(self) -> Iterable[Any]:
        return self.states()


def _state(subject: Any) -> Any:
    if isinstance(subject, BaseException):
        return (
            subject.args,
            dict(vars(subject)),
            subject.__cause__,
            subject.__notes__ if hasattr(subject, "__notes__") else None,
        )
    return copy.deepcopy(subject)


def _refuse_to_sleep(seconds: float) -> None:
    raise AssertionError(f"the strategy slept for {seconds} s; return the delay instead")
