"""A batch that had ended before: the same statuses, results and reason, from what was kept."""

from typing import Any, Protocol

from lambda_durable.batches import BatchItem, BatchResult
from lambda_durable.errors import ChildContextError, NonDeterminismError, SerializationError
from lambda_durable.failures import operation_error
from lambda_durable.identity import branch_id
from lambda_durable.operations.closing import through_payload
from lambda_durable.payloads import Codec, load
from lambda_durable.scope import Place

from .branch import Branch
from .collecting import carried_out, ended_item, fewer_units
from .encoding import decoded, is_plain, item_statuses, result_text
from .units import Unit


class Branching(Protocol):
    """What makes the operations of branches."""

    flat: bool

    def branch(self, index: int, unit: Unit) -> Branch:
        """Return the operation of one branch."""
        ...


async def restored(
    here: Place,
    branching: Branching,
    units: list[Unit],
    codec: Codec | None,
    details: dict[str, Any],
) -> BatchResult[Any]:
    """Return the batch that a record's details tell of.

    No function runs again, except where its result was too large to be kept, and in flat batches
    that were; what never began is not begun. Raises NonDeterminismError through the execution
    when the units are not those that were recorded.
    """
    text = details.get("Result")
    if not details.get("ReplayChildren"):
        if codec is not None:
            whole: BatchResult[Any] = await load(here, codec, text)
            return whole
        kept = decoded(text)
        entries = _entries(kept)
        _check_units(here, units, [entry["index"] for entry in entries], kept["completionReason"])
        items = [await _from_entry(here, branching, units, entry) for entry in entries]
        return BatchResult(items, kept["completionReason"])
    summary = decoded(text)
    batch = await _from_branches(here, branching, units, summary)
    if codec is None:
        return batch
    again: BatchResult[Any] = (await through_payload(here, codec, batch)).value
    return again


def _entries(kept: dict[str, Any]) -> list[dict[str, Any]]:
    entries = kept.get("all")
    if not isinstance(entries, list) or not all(
        isinstance(entry, dict) and isinstance(entry.get("index"), int) for entry in entries
    ):
        raise SerializationError(f"the payload of a batch lists no branches: {kept!r:.200}")
    return entries


async def _from_entry(
    here: Place, branching: Branching, units: list[Unit], entry: dict[str, Any]
) -> BatchItem[Any]:
    index, status, name = entry["index"], entry.get("status"), entry.get("name")
    unit = units[index]
    if unit.name != name:
        raise here.execution.abort(
            NonDeterminismError(
                f"branch {index} of {here.path!r} is named {unit.name!r} now, and was {name!r} "
                "when the batch was kept. Branches and their names must be the same on every replay"
            )
        )
    if status == "STARTED":
        return BatchItem(index, name, "STARTED")
    branch, id = branching.branch(index, unit), branch_id(here.id, index)
    if status == "FAILED":
        error = operation_error(
            ChildContextError, entry.get("error"), name=branch.name, operation_id=id
        )
        return BatchItem(index, name, "FAILED", error=error)
    place = Place(here.scope, branch, id)
    codec = branch.codec(place)
    if "result" in entry and is_plain(codec):
        return BatchItem(index, name, "SUCCEEDED", entry["result"])
    value = await load(place, codec, result_text(codec, entry))
    return BatchItem(index, name, "SUCCEEDED", value)


async def _from_branches(
    here: Place, branching: Branching, units: list[Unit], summary: dict[str, Any]
) -> BatchResult[Any]:
    statuses = item_statuses(summary)
    begun = [index for index, status in enumerate(statuses) if status is not None]
    _check_units(here, units, begun, summary["completionReason"])
    items: list[BatchItem[Any]] = []
    for index in begun:
        unit = units[index]
        if statuses[index] == "STARTED":
            items.append(BatchItem(index, unit.name, "STARTED"))
            continue
        branch = branching.branch(index, unit)
        place = here.branch(index, branch)
        if not branching.flat and not place.replayed:
            raise here.execution.abort(
                NonDeterminismError(
                    f"{here.path!r} has ended with branch {index} {statuses[index]}, but the "
                    "history has no outcome of it; was nesting= changed?"
                )
            )
        items.append(ended_item(index, branch, *await carried_out(place)))
    return BatchResult(items, summary["completionReason"])


def _check_units(here: Place, units: list[Unit], begun: list[int], reason: str) -> None:
    """End the execution if there are fewer units than were begun, or more than were all."""
    if begun and begun[-1] >= len(units):
        raise fewer_units(here, len(units), begun[-1])
    if reason == "ALL_COMPLETED" and len(begun) < len(units):
        raise here.execution.abort(
            NonDeterminismError(
                f"{here.path!r} has {len(units)} branches now, but had completed all when it had "
                f"{len(begun)}. Items and functions of a batch must be the same on every replay: "
                "keep what they are read from in a step"
            )
        )
