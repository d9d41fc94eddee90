"""What stands in for a step or a function in tests, and what was called there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, Self

from lambda_durable.errors import InvalidInputError

from .errors import TestStopped


class Call(NamedTuple):
    """One call of a step's body, or of a function that was invoked."""

    name: str
    args: tuple[Any, ...]
    attempt: int
    """Which attempt of the operation, from 1; a body that was cut off runs again in the same."""
    operation_id: str
    execution_arn: str
    at_most_once: bool = False
    """Whether the step promises that no attempt runs twice."""
    path: str = ""
    """The names from the handler down to the step, with ` > ` between them."""


Behaviour = Callable[[Call], Any]


class StandIn:
    """A step, by its name, or a function, by its own: to be replaced, and to be asked about.

    Without a replacement the real one runs. In `calls` is every call of the body, also those that
    a crash cut off and those that were replaced.
    """

    def __init__(self, what: str, name: str) -> None:
        self.what = what
        self.name = name
        self.calls: list[Call] = []
        self.behaviour: Behaviour | None = None
        """What is called in place of the real one; None while that runs."""
        self.function: Callable[..., Any] | None = None
        """The function that runs in place of the real one, if it is one."""
        self._make: Callable[[], Behaviour | None] = lambda: None

    def fresh(self) -> StandIn:
        """Return one that behaves the same and was never called."""
        other = StandIn(self.what, self.name)
        return other._set(self._make, self.function)

    def returns(self, value: Any) -> Self:
        """Have every call return `value`."""
        return self._set(lambda: lambda call: value)

    def raises(self, error: BaseException | type[BaseException]) -> Self:
        """Have every call raise `error`."""
        return self._set(lambda: _numbered(lambda number: error))

    def sequence(self, *outcomes: Any) -> Self:
        """Have each call give the next outcome: an exception is raised, all else is returned.

        Every attempt takes one; an attempt that a crash cut off gets the same one again.
        """
        if not outcomes:
            raise InvalidInputError(f"sequence() of {self} needs the outcomes of its calls")

        def outcome(number: int) -> Any:
            if number >= len(outcomes):
                raise TestStopped(
                    AssertionError(
                        f"{self} was called for attempt {number + 1}; its sequence ends after "
                        f"{len(outcomes)}"
                    )
                )
            return outcomes[number]

        return self._set(lambda: _numbered(outcome))

    def runs(self, function: Callable[..., Any]) -> Self:
        """Have `function` called with the real one's arguments; it may be `async def`."""
        if not callable(function):
            raise InvalidInputError(f"{self} cannot run {function!r:.80}, which is no function")
        return self._set(lambda: lambda call: function(*call.args), function)

    def behaves(self, value: Any) -> Self:
        """Run a function, raise an exception, return anything else."""
        if isinstance(value, BaseException) or _is_error_class(value):
            return self.raises(value)
        return self.runs(value) if callable(value) else self.returns(value)

    def assert_called(self, times: int | None = None) -> None:
        """Raise AssertionError unless it was called: `times` times, or at least once."""
        __tracebackhide__ = True  # pytest shows the line of the test
        count = len(self.calls)
        if count != times if times is not None else not count:
            wanted = "called" if times is None else f"called {_times(times)}"
            raise AssertionError(f"{self} was not {wanted} but {_times(count)}{self._listed()}")

    def assert_not_called(self) -> None:
        """Raise AssertionError if it was called."""
        __tracebackhide__ = True  # pytest shows the line of the test
        self.assert_called(times=0)

    def assert_called_with(self, *args: Any) -> None:
        """Raise AssertionError unless one of the calls had these arguments."""
        __tracebackhide__ = True  # pytest shows the line of the test
        if not any(call.args == args for call in self.calls):
            raise AssertionError(f"{self} was never called with {_shown(args)}{self._listed()}")

    def _set(
        self, make: Callable[[], Behaviour | None], function: Callable[..., Any] | None = None
    ) -> Self:
        self._make, self.behaviour, self.function = make, make(), function
        return self

    def _listed(self) -> str:
        lines = [f"\n  {_shown(call.args)}, attempt {call.attempt}" for call in self.calls[:20]]
        return ":" + "".join(lines) if lines else ""

    def __str__(self) -> str:
        return f"{self.what} {self.name!r}"


def _numbered(outcome: Callable[[int], Any]) -> Behaviour:
    """Give attempt number n, from 0, what `outcome(n)` returns, or raise it."""
    seen: dict[tuple[str, str, int], int] = {}

    def behaviour(call: Call) -> Any:
        key = (call.execution_arn, call.operation_id, call.attempt)
        value = outcome(seen.setdefault(key, len(seen)))
        if isinstance(value, BaseException) or _is_error_class(value):
            raise value
        return value

    return behaviour


def _is_error_class(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, BaseException)


def _times(count: int) -> str:
    return "never" if count == 0 else "once" if count == 1 else f"{count} times"


def _shown(args: tuple[Any, ...]) -> str:
    return f"({', '.join(f'{arg!r:.80}' for arg in args)})"
