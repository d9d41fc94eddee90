"""Conditions: true or false about a failed attempt (or a check), and combined with `|`, `&`, `~`.

The same conditions say when to stop and what to retry, so they mix:
`stop=stop_after(attempts=5) | errors(PermissionError)`.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from lambda_durable.abc import Duration
from lambda_durable.errors import InvalidInputError, OperationError

from ._checks import count, elapsed_seconds, function
from ._value import Value, name_of, spelled


class Condition(Value):
    """A yes-or-no question about an attempt; the base of all conditions."""

    __slots__ = ()

    def holds(self, subject: Any, attempt: int, elapsed: float) -> bool:
        """Tell whether it holds for an error or state, an attempt from 1 and elapsed seconds."""
        raise NotImplementedError

    def __or__(self, other: "Condition") -> "Condition":
        return AnyOf((*_parts(AnyOf, self), *_parts(AnyOf, other)))

    def __and__(self, other: "Condition") -> "Condition":
        return AllOf((*_parts(AllOf, self), *_parts(AllOf, other)))

    def __invert__(self) -> "Condition":
        return Not(self)


class AnyOf(Condition):
    """Holds when one of its parts does."""

    __slots__ = ("parts",)
    parts: tuple[Condition, ...]

    def holds(self, subject: Any, attempt: int, elapsed: float) -> bool:
        """Ask the parts from left to right until one says yes."""
        return any(part.holds(subject, attempt, elapsed) for part in self.parts)

    def __repr__(self) -> str:
        return " | ".join(map(_bracketed, self.parts))


class AllOf(Condition):
    """Holds when all of its parts do."""

    __slots__ = ("parts",)
    parts: tuple[Condition, ...]

    def holds(self, subject: Any, attempt: int, elapsed: float) -> bool:
        """Ask the parts from left to right until one says no."""
        return all(part.holds(subject, attempt, elapsed) for part in self.parts)

    def __repr__(self) -> str:
        return " & ".join(map(_bracketed, self.parts))


class Not(Condition):
    """Holds when its part does not."""

    __slots__ = ("part",)
    part: Condition

    def holds(self, subject: Any, attempt: int, elapsed: float) -> bool:
        """Ask the part and say the opposite."""
        return not self.part.holds(subject, attempt, elapsed)

    def __repr__(self) -> str:
        return f"~{_bracketed(self.part)}"


class After(Condition):
    """Holds from an attempt, or from an elapsed time, on; see `stop_after`."""

    __slots__ = ("attempts", "elapsed")
    attempts: int | None
    elapsed: float | None

    def holds(self, subject: Any, attempt: int, elapsed: float) -> bool:
        """Compare with whichever limits were given."""
        return (self.attempts is not None and attempt >= self.attempts) or (
            self.elapsed is not None and elapsed >= self.elapsed
        )

    def __repr__(self) -> str:
        return spelled("stop_after", attempts=self.attempts, elapsed=self.elapsed)


class Errors(Condition):
    """Holds for errors of some classes, messages or kinds; see `errors`."""

    __slots__ = ("message", "types", "when")
    message: re.Pattern[str] | None
    types: tuple[type[Exception], ...]
    when: Callable[[Exception], bool] | None

    def holds(self, subject: Any, attempt: int, elapsed: float) -> bool:
        """Judge the error, and what an `OperationError` was caused by."""
        return any(self._fits(error) for error in _causes(subject))

    def _fits(self, error: Exception) -> bool:
        return (
            (not self.types or isinstance(error, self.types))
            and (self.message is None or self.message.search(str(error)) is not None)
            and (self.when is None or bool(self.when(error)))
        )

    def __repr__(self) -> str:
        message = self.message.pattern if self.message else None
        return spelled("errors", *map(name_of, self.types), message=message, when=self.when)


class Asked(Condition):
    """Holds when a function of (error or state, attempt, elapsed) says so."""

    __slots__ = ("function",)
    function: Callable[[Any, int, float], bool]

    def holds(self, subject: Any, attempt: int, elapsed: float) -> bool:
        """Ask the function."""
        return bool(self.function(subject, attempt, elapsed))

    def __repr__(self) -> str:
        return name_of(self.function)


class Kind(Condition):
    """Holds for a kind of error that has a name; see `kinds`."""

    __slots__ = ("name", "test")
    name: str
    test: Callable[[Exception], bool]

    def holds(self, subject: Any, attempt: int, elapsed: float) -> bool:
        """Ask what defines the kind."""
        return self.test(subject)

    def __repr__(self) -> str:
        return self.name


def stop_after(*, attempts: int | None = None, elapsed: Duration | None = None) -> Condition:
    """Stop once so many attempts have been made, or so much time has passed; either suffices.

    `attempts` counts the first one. `elapsed` runs from the start of the first attempt and is
    compared when an attempt has failed: a delay that follows may go beyond it. InvalidInputError
    for no limit at all, or one that is not positive.
    """
    if attempts is None and elapsed is None:
        raise InvalidInputError("stop_after() needs a limit: attempts=5, elapsed=3600, or both")
    return After(
        None if attempts is None else count("attempts", attempts),
        None if elapsed is None else elapsed_seconds("elapsed", elapsed),
    )


def errors(
    *types: type[Exception],
    message: str | re.Pattern[str] | None = None,
    when: Callable[[Exception], bool] | None = None,
) -> Condition:
    """Match errors by class, by message and by a function; an error must fit all that is given.

    `message` is a regular expression that is searched in `str(error)`. An `OperationError`
    matches by its cause, too. Combine with `|`, `&` and `~`: `errors(OSError) &
    ~errors(FileNotFoundError)`. InvalidInputError for no criterion, or one of the wrong type.
    """
    if not types and message is None and when is None:
        raise InvalidInputError(
            "errors() needs a criterion: a class, message=, or when=; errors(Exception) is all"
        )
    given: Any
    for given in types:
        if not isinstance(given, type) or not issubclass(given, Exception):
            raise InvalidInputError(
                f"errors({given!r}) must be given classes of Exception; nothing else is retried"
            )
    if when is not None:
        function("when", when, "it takes the error and returns True or False")
    return Errors(_pattern(message), types, when)


def _pattern(message: str | re.Pattern[str] | None) -> re.Pattern[str] | None:
    if message is None:
        return None
    try:
        pattern = re.compile(message)
        pattern.search("")  # a pattern of bytes cannot
    except (TypeError, re.error) as error:
        raise InvalidInputError(
            f"message={message!r} must be a regular expression ({error}); quote plain text with "
            "re.escape"
        ) from error
    return pattern


def _causes(error: Any) -> Iterator[Exception]:
    """Yield an error and, as long as it is the SDK's wrapping, what it wraps."""
    while isinstance(error, Exception):
        yield error
        error = error.__cause__ if isinstance(error, OperationError) else None


def _parts(kind: type[AnyOf] | type[AllOf], given: Any) -> tuple[Condition, ...]:
    if not isinstance(given, Condition):
        raise InvalidInputError(
            f"{given!r} cannot be combined: only conditions can, such as stop_after(attempts=5) or "
            "errors(TimeoutError)"
        )
    return given.parts if isinstance(given, kind) else (given,)


def _bracketed(part: Condition) -> str:
    return f"({part!r})" if isinstance(part, AnyOf | AllOf) else repr(part)
