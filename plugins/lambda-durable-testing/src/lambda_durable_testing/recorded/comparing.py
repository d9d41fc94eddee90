"""What a replay did differently from the recording."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

from lambda_durable import DurableHandler
from lambda_durable.events import OperationInfo
from lambda_durable.identity import branch_id
from lambda_durable.protocol import CLOSED_STATUSES, Operation

from .moments import Moment
from .reading import Misread, Payloads
from .replaying import Replayed, replay_once
from .tree import GROUPS

Kind: TypeAlias = Literal[
    "other operation", "unasked", "added", "branches", "payload", "outcome", "batch", "error"
]

_EARLY = ("MIN_SUCCESSFUL_REACHED", "FAILURE_TOLERANCE_EXCEEDED", "CUSTOM_COMPLETION")
_DEADLINE = "deadline-"
"""How the ids of timers begin that the SDK starts near the end of an invocation's time."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One difference between a recorded state and what the code makes of it."""

    kind: Kind
    id: str | None
    """The operation that it is about, None for the handler itself."""
    parent_id: str | None
    expected: Operation | None
    found: OperationInfo | None
    line: str | None
    detail: str = ""
    counts: tuple[int, int] = (0, 0)
    """Branches as recorded, and now."""
    misread: Misread | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """What makes two problems the same, in whatever state they are met."""
        found = self.found
        return self.kind, self.id, found and (found.type, found.subtype, found.name)


def replay_moment(
    handler: DurableHandler[Any, Any],
    arn: str,
    moment: Moment,
    payloads: Payloads,
    *,
    closable: frozenset[str] = frozenset(),
) -> Replayed:
    """Replay one state."""
    state = moment.state
    return replay_once(
        handler,
        arn,
        state.execution,
        state.visible(),
        at=state.at,
        payloads=payloads,
        closable=closable,
    )


def problems(replayed: Replayed, moment: Moment) -> list[Problem]:
    """Return what is wrong: payloads first, then the first thing that the code does otherwise."""
    misread = replayed.watch.payloads.misread
    found = [_misread(id, each, replayed, moment) for id, each in misread.items()]
    first = next(_structural(replayed, moment), None)
    if first is None or (found and first.kind == "error"):  # what was misread made it fail
        return found
    return [*found, first]


def _misread(id: str, misread: Misread, replayed: Replayed, moment: Moment) -> Problem:
    record = moment.state.records.get(id)
    parent = record.get("ParentId") if record else None
    line = replayed.watch.asked.get(id)
    return Problem("payload", id, parent, record, None, line, misread=misread)


def _structural(replayed: Replayed, moment: Moment) -> Iterator[Problem]:
    records, watch = moment.state.records, replayed.watch
    if replayed.refusal is not None:
        yield _refused(replayed, moment)
        return
    failed_before = moment.status == "FAILED"
    if replayed.status == "ERROR" or (replayed.status == "FAILED" and not failed_before):
        yield Problem("error", None, None, None, None, None, replayed.error or "")
        return
    for record in moment.state.visible():
        id = record["Id"]
        if id not in watch.asked and not _may_be_left_out(record, replayed, moment):
            yield _unasked(record, replayed, moment)
    closes = moment.closes
    if closes is not None and closes in watch.entered:
        end = watch.ends.get(closes)
        if end is None and closes in watch.rested:
            yield _goes_on(closes, replayed, records)
        elif end is not None and end["Action"] != moment.closed_as:
            detail = str((end.get("Error") or {}).get("ErrorMessage") or "it succeeds")
            record = records[closes]
            line = watch.asked.get(closes)
            yield Problem("outcome", closes, record.get("ParentId"), record, None, line, detail)
    if moment.ended_as is not None and replayed.status == "PENDING":
        yield _goes_on(None, replayed, records)
    elif moment.ended_as is not None and replayed.status != moment.ended_as:
        yield Problem("outcome", None, None, None, None, None, replayed.error or "it succeeds")


def _refused(replayed: Replayed, moment: Moment) -> Problem:
    asked, within, refusal = replayed.asked, replayed.watch.refused_in, str(replayed.refusal)
    if asked is not None:
        record = moment.state.records.get(asked.id)
        line = replayed.watch.asked.get(asked.id)
        return Problem("other operation", asked.id, asked.parent_id, record, asked, line)
    if within is not None and within.subtype in GROUPS:
        batch = _branches(within.id, replayed, moment.state.records)
        # A batch that has ended is only looked through as far as the first difference.
        ended = moment.state.records[within.id]["Status"] in CLOSED_STATUSES
        return replace(batch, kind="batch" if ended else "branches", detail=refusal)
    return Problem("error", None, None, None, None, None, refusal)


def _may_be_left_out(record: Operation, replayed: Replayed, moment: Moment) -> bool:
    """Return whether unchanged code may come to its end without asking for this operation."""
    records, watch = moment.state.records, replayed.watch
    if record["Id"].startswith(_DEADLINE):
        return True
    parent = record.get("ParentId")
    if parent is None:  # what runs beside the code that fails is cut off somewhere
        return replayed.status == "FAILED"
    if parent not in watch.entered:
        return True
    end = watch.ends.get(parent)
    is_group = records[parent].get("SubType") in GROUPS
    if is_group and records[parent]["Status"] in CLOSED_STATUSES:
        return True
    if end is None:  # code that does not even wait was cut off: it lost a race
        return parent not in watch.rested
    if is_group:
        return any(reason in (end.get("Payload") or "") for reason in _EARLY)
    return end["Action"] == "FAIL" and moment.closes != parent


def _unasked(record: Operation, replayed: Replayed, moment: Moment) -> Problem:
    records, parent = moment.state.records, record.get("ParentId")
    if parent is not None and records[parent].get("SubType") in GROUPS:
        return _branches(parent, replayed, records)
    before = [
        line
        for id, line in replayed.watch.asked.items()
        if id in records and records[id].get("ParentId") == parent
    ]
    line = f"after {before[-1]}" if before else None
    return Problem("unasked", record["Id"], parent, record, None, line)


def _goes_on(context: str | None, replayed: Replayed, records: dict[str, Operation]) -> Problem:
    """Return the problem of code that does not come to an end where it did."""
    if context is not None and records[context].get("SubType") in GROUPS:
        return _branches(context, replayed, records)
    expected = records.get(context) if context is not None else None
    for id, info in replayed.watch.ground.items():
        if info.parent_id == context:
            line = replayed.watch.asked.get(id)
            return Problem("added", context, context, expected, info, line)
    line = next(reversed(replayed.watch.asked.values()), None)
    return Problem("added", context, context, expected, None, line)


def _branches(group: str, replayed: Replayed, records: dict[str, Operation]) -> Problem:
    record, asked = records[group], replayed.watch.asked
    inside = {each["Id"] for each in records.values() if each.get("ParentId") == group}
    now = 0
    while branch_id(group, now) in asked:
        now += 1
    counts = len(inside), now
    line = asked.get(group)
    return Problem("branches", group, record.get("ParentId"), record, None, line, counts=counts)
