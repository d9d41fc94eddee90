"""The errors of combined futures and of sagas."""

from collections.abc import Sequence
from typing import Any, Self

from lambda_durable.errors import DurableError, OperationError


class AllFailedError(OperationError):
    """None of the operations that `ctx.any` waited for succeeded; the same on every replay.

    `errors` are the operations' own errors, in the order in which they were passed.
    """

    what = "any"

    def __init__(
        self, message: str | None = None, *, errors: Sequence[Exception] = (), **details: Any
    ) -> None:
        super().__init__(message, **details)
        self.errors = tuple(errors)


class SagaError(DurableError, ExceptionGroup[Exception]):
    """Compensations or cleanups of a saga failed; the others ran nevertheless.

    `exceptions` are their errors, in the order in which they ran: StepError, the same on every
    replay. What made the block fail is the `__cause__`, None if only cleanups failed.
    """

    def derive(self, excs: Sequence[Exception], /) -> Self:  # type: ignore[override]  # see below
        """Return a saga's error with a part of its errors, as `except*` needs it."""
        # An ExceptionGroup lets a subclass say what its parts are; these stay one of its own.
        return type(self)(self.message, excs)
