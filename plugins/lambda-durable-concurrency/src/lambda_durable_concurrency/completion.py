"""When a batch is complete: policies as values, combined with `|`.

A policy is any function of a `BatchProgress` (`lambda_durable.batches`) that returns a reason, or
None while the batch goes on. It is asked each time a branch has ended, and never on replay: the
reason is kept with the batch. Of reasons that hold at the same time the service's rule takes the
first: tolerance exceeded, all have ended, enough have succeeded.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, get_args

from lambda_durable.batches import BatchProgress, Completion, CompletionReason
from lambda_durable.errors import InvalidInputError

_REASONS: tuple[CompletionReason, ...] = get_args(CompletionReason)


@dataclass(frozen=True, slots=True)
class CompletionPolicy:
    """A policy made of limits; a limit of None does not count. `a | b` has the limits of both.

    With no limit at all a batch goes on until all branches have ended.
    """

    min_successful: int | None = None
    """Complete when so many branches have succeeded."""
    failure_count: int | None = None
    """Complete when more branches have failed than this."""
    failure_percentage: float | None = None
    """Complete when a greater share of all branches has failed than this, from 0 to 100."""

    def __call__(self, progress: BatchProgress, /) -> CompletionReason | None:
        """Return why the batch is complete, None while it goes on."""
        if self._is_exceeded(progress):
            return "FAILURE_TOLERANCE_EXCEEDED"
        if progress.succeeded + progress.failed == progress.total:
            return "ALL_COMPLETED"
        if self.min_successful is not None and progress.succeeded >= self.min_successful:
            return "MIN_SUCCESSFUL_REACHED"
        return None

    def __or__(self, other: "CompletionPolicy") -> "CompletionPolicy":
        """Return the policy that stops when one of the two does."""
        if not isinstance(other, CompletionPolicy):
            return NotImplemented
        limits: dict[str, Any] = {}
        for each in fields(self):
            mine, others = getattr(self, each.name), getattr(other, each.name)
            if mine is not None and others is not None and mine != others:
                raise InvalidInputError(
                    f"{self} | {other} has two limits for {each.name}, {mine} and {others}; "
                    "combine policies that limit different things"
                )
            limits[each.name] = others if mine is None else mine
        return CompletionPolicy(**limits)

    def check(self, total: int, /) -> None:
        """Raise InvalidInputError if a batch of `total` branches cannot meet the policy."""
        if self.min_successful is not None and self.min_successful > total:
            raise InvalidInputError(
                f"min_successful({self.min_successful}) can never be reached by {total} "
                f"branch{'' if total == 1 else 'es'}; ask for {total} or fewer"
            )

    def _is_exceeded(self, progress: BatchProgress) -> bool:
        failed = progress.failed
        if self.failure_count is not None and failed > self.failure_count:
            return True
        share = self.failure_percentage
        return share is not None and failed * 100 > share * progress.total


def all_successful() -> CompletionPolicy:
    """Stop at the first failure; this is what a batch does by default."""
    return CompletionPolicy(failure_count=0)


def all_completed() -> CompletionPolicy:
    """Go on until all have ended, however many fail."""
    return CompletionPolicy()


def first_successful() -> CompletionPolicy:
    """Stop at the first success, however many fail before."""
    return CompletionPolicy(min_successful=1)


def min_successful(count: int, /) -> CompletionPolicy:
    """Stop when `count` branches have succeeded, however many fail before.

    `min_successful(2) | tolerated_failures(count=3)` stops at the fourth failure, too. More than
    there are branches is an InvalidInputError when the batch is begun.
    """
    if isinstance(count, bool) or not isinstance(count, int) or count < 1:
        raise InvalidInputError(
            f"min_successful takes a whole number of at least 1, not {count!r:.80}; "
            "all_completed() waits for all"
        )
    return CompletionPolicy(min_successful=count)


def tolerated_failures(
    *, count: int | None = None, percentage: float | None = None
) -> CompletionPolicy:
    """Stop when more than `count` branches, or more than `percentage` of all, have failed."""
    if count is None and percentage is None:
        raise InvalidInputError(
            "tolerated_failures needs a count, a percentage or both; all_completed() tolerates all"
        )
    if count is not None and (isinstance(count, bool) or not isinstance(count, int) or count < 0):
        raise InvalidInputError(
            f"count must be a whole number of at least 0, not {count!r:.80}; for a share of all "
            "branches say percentage="
        )
    if percentage is not None:
        is_number = isinstance(percentage, int | float) and not isinstance(percentage, bool)
        if not is_number or not 0 <= percentage <= 100:
            raise InvalidInputError(
                f"percentage must be a number from 0 to 100, not {percentage!r:.80}"
            )
    return CompletionPolicy(failure_count=count, failure_percentage=percentage)


def checked_completion(completion: Completion | None) -> Completion:
    """Return the policy of a batch, `all_successful` if none was given."""
    if completion is None:
        return CompletionPolicy(failure_count=0)
    if isinstance(completion, type) or not callable(completion):
        raise InvalidInputError(
            f"completion must be a policy such as min_successful(2), or a function of the "
            f"progress, not {completion!r:.80}"
        )
    if completion in _MAKERS:
        name = getattr(completion, "__name__", "")
        raise InvalidInputError(f"completion is the function {name} itself; call it: {name}(...)")
    return completion


_MAKERS: tuple[Callable[..., Any], ...] = (
    all_successful,
    all_completed,
    first_successful,
    min_successful,
    tolerated_failures,
)


def decided(completion: Completion, progress: BatchProgress) -> CompletionReason | None:
    """Return why a batch is complete, None while it goes on."""
    reason = completion(progress)
    unawaited: Any = reason
    if hasattr(unawaited, "__await__"):
        unawaited.close()
        raise InvalidInputError(
            f"the completion function {completion!r:.80} is async; it must be a plain function"
        )
    if reason is not None and reason not in _REASONS:
        choices = ", ".join(_REASONS)
        raise InvalidInputError(
            f"the completion function {completion!r:.80} returned {reason!r:.80}; it must return "
            f"None to go on, or one of {choices}"
        )
    if reason is None and progress.succeeded + progress.failed == progress.total:
        return "ALL_COMPLETED"
    return reason
