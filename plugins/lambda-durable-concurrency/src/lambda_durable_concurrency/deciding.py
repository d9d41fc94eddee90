"""The rules of `all`, `any`, `race` and `settled`: when one is decided, and what it comes to."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from lambda_durable.batches import BatchItem, BatchResult
from lambda_durable.effects import Settled
from lambda_durable.failures import type_name
from lambda_durable.scope import Place

from .errors import AllFailedError

How = Literal["all", "any", "race", "settled"]

_REASONS = 8
_REASON_CHARACTERS = 200


class Outcome(NamedTuple):
    """How a combination was decided."""

    value: Any = None
    error: Exception | None = None
    decisive: int | None = None
    """The index of the future that decided it, None if it took all of them."""


def decided_by(how: How, settled: Settled) -> Outcome | None:
    """Return the outcome if a future that has ended decides it, whatever the others come to."""
    succeeded = settled.error is None
    if how == "race" or (how == "any" and succeeded) or (how == "all" and not succeeded):
        return Outcome(settled.value, settled.error, settled.branch)
    return None


def decided_by_all(
    how: How, here: Place, futures: tuple[Place, ...], ended: Mapping[int, Settled]
) -> Outcome:
    """Return the outcome when all futures have ended and none decided it alone."""
    in_order = [ended[index] for index in range(len(futures))]
    if how == "any":
        return Outcome(error=_all_failed(here, [each.error for each in in_order if each.error]))
    if how == "settled":
        items = [_item(index, futures[index], each) for index, each in enumerate(in_order)]
        return Outcome(BatchResult(items, "ALL_COMPLETED"))
    return Outcome(tuple(each.value for each in in_order))


def _item(index: int, place: Place, settled: Settled) -> BatchItem[Any]:
    status: Literal["SUCCEEDED", "FAILED"] = "FAILED" if settled.error else "SUCCEEDED"
    return BatchItem(index, place.operation.name, status, settled.value, settled.error)


def _all_failed(here: Place, errors: list[Exception]) -> AllFailedError:
    reasons = [str(error)[:_REASON_CHARACTERS] for error in errors[:_REASONS]]
    if len(errors) > _REASONS:
        reasons.append("...")
    reason = f"none of {len(errors)} succeeded: {'; '.join(reasons)}"
    name = here.operation.name
    return AllFailedError(
        f"any {name!r} failed: {reason}" if name else f"any failed: {reason}",
        errors=errors,
        name=name,
        operation_id=here.id,
        error_type=type_name(AllFailedError),
        error_message=reason,
    )
