"""Futures combined into one: `ctx.all`, `any`, `race` and `settled`, with the same end each time.

How it was decided is kept as a step that has the index of the future that decided it. Values and
errors come from the operations' own records. Once it is decided, the others do not hold the
invocation, and no replay starts them for its sake.
"""

import json
from collections.abc import Sequence
from typing import Any, cast

from lambda_durable.checks import checked_name
from lambda_durable.effects import Checkpoint, Group, NextSettled, Settled, Spawn
from lambda_durable.errors import InvalidInputError, MisuseError, NonDeterminismError
from lambda_durable.failures import type_name
from lambda_durable.futures import Awaiting
from lambda_durable.identity import operation_id
from lambda_durable.misuse import misuse
from lambda_durable.policies import ends_execution
from lambda_durable.protocol import (
    CLOSED_STATUSES,
    ErrorObject,
    Operation,
    OperationType,
    epoch_seconds,
)
from lambda_durable.scope import Place

from .deciding import How, Outcome, decided_by, decided_by_all

_MESSAGE_CHARACTERS = 1000
"""How much of an error's message is repeated; the operation's own record has all of it."""


class Combination:
    """Waits for operations that were started, or starts and waits for calls not yet awaited."""

    type = OperationType.STEP

    def __init__(self, how: How, futures: Sequence[Place], name: str | None) -> None:
        self.subtype: str | None = how.capitalize()
        self.name = checked_name(name)
        self.how: How = how
        self.futures = tuple(futures)
        if not futures and how in ("any", "race"):
            raise InvalidInputError(
                f"ctx.{how} was called without futures and could never end; pass at least one"
            )
        for place in futures:
            if place.execution.closed or place.scope.is_orphaned():
                raise MisuseError(misuse(f"ctx.{how} of {place.path!r}", place.scope, closed=True))

    async def flow(self, here: Place, /) -> Any:
        """Answer as was decided, or wait until it is and keep that."""
        record = here.record
        if record is not None and record["Status"] in CLOSED_STATUSES:
            outcome = await self._as_decided(here, record)
        else:
            outcome = await self._decided(here)
            self._release(outcome)
            await self._keep(here, outcome, started=record is not None)
        if outcome.error is not None:
            raise outcome.error
        return outcome.value

    async def _decided(self, here: Place) -> Outcome:
        indexes, ended = _indexes(self.futures), dict[int, Settled]()
        closed = [first for first in indexes if _is_closed(self.futures[first])]
        # Those that have ended count in the order in which they did, whoever asks first.
        for first in sorted(closed, key=lambda first: _ended_at(self.futures[first])):
            settled = await _result(self.futures[first], first)
            ended.update(dict.fromkeys(indexes.pop(first), settled))
            outcome = decided_by(self.how, settled)
            if outcome is not None:
                return outcome
        group = Group()
        for first in indexes:
            place = self.futures[first]
            place.scope.line.held = True  # also one that lost to another before
            await Spawn(group, first, place)
        while indexes:
            news = await NextSettled(group)
            if news is not None:
                ended.update(dict.fromkeys(indexes.pop(news.branch), news))
                outcome = decided_by(self.how, news)
                if outcome is not None:
                    return outcome
        return decided_by_all(self.how, here, self.futures, ended)

    def _release(self, outcome: Outcome) -> None:
        """Let the invocation end without those that nobody waits for any more."""
        if outcome.decisive is not None:
            winner = self.futures[outcome.decisive].id
            for place in self.futures:
                if place.id != winner:
                    _let_go(place)

    # --- What is kept -----------------------------------------------------------------------

    async def _keep(self, here: Place, outcome: Outcome, *, started: bool) -> None:
        if not started:
            await Checkpoint(here.update("START"), durable=False)
        kept = json.dumps({"index": outcome.decisive, "of": self._digest()})
        if outcome.error is None:
            await Checkpoint(here.update("SUCCEED", {"Payload": kept}))
            return
        error: ErrorObject = {
            "ErrorType": type_name(type(outcome.error)),
            "ErrorMessage": str(outcome.error)[:_MESSAGE_CHARACTERS],
            "ErrorData": kept,
        }
        await Checkpoint(here.update("FAIL", {"Error": error}))

    async def _as_decided(self, here: Place, record: Operation) -> Outcome:
        index = self._kept_index(here, record)
        if index is not None:
            self._release(Outcome(decisive=index))
            settled = await _result(self.futures[index], index)
            return Outcome(settled.value, settled.error, index)
        ended: dict[int, Settled] = {}
        for first, indexes in _indexes(self.futures).items():
            settled = await _result(self.futures[first], first)
            ended.update(dict.fromkeys(indexes, settled))
        return decided_by_all(self.how, here, self.futures, ended)

    def _kept_index(self, here: Place, record: Operation) -> int | None:
        kept = _kept(record)
        if kept.get("of") != self._digest():
            raise NonDeterminismError(
                f"ctx.{self.how} at {here.title} combines other operations than it did when it was "
                f"decided; now they are {', '.join(map(_called, self.futures)) or 'none'}. On "
                "every run the handler must make the same durable calls in the same order, and "
                "combine the same of them"
            )
        index: int | None = kept.get("index")
        return index

    def _digest(self) -> str:
        """Return what tells whether a replay combines the same operations, in the same order."""
        ids = " ".join(place.id for place in self.futures)
        return f"{len(self.futures)}-{operation_id(ids, 0)[:16]}"


def _indexes(futures: Sequence[Place]) -> dict[int, list[int]]:
    """Return the indexes of each operation, by the first of them; one may be passed twice."""
    first: dict[str, int] = {}
    found: dict[int, list[int]] = {}
    for index, place in enumerate(futures):
        found.setdefault(first.setdefault(place.id, index), []).append(index)
    return found


def _kept(record: Operation) -> dict[str, Any]:
    """Return what was kept of a decision; nothing, if something else was."""
    details: Any = record.get("StepDetails") or {}
    error: Any = details.get("Error") or {}
    try:
        kept = json.loads(details.get("Result") or error.get("ErrorData") or "")
    except ValueError:
        return {}
    return cast("dict[str, Any]", kept) if isinstance(kept, dict) else {}


def _is_closed(place: Place) -> bool:
    record = place.record
    return record is not None and record["Status"] in CLOSED_STATUSES


def _ended_at(place: Place) -> float:
    record = place.record
    return (epoch_seconds(record.get("EndTimestamp")) if record else None) or 0.0


async def _result(place: Place, index: int) -> Settled:
    """Return how an operation ended, or ends; raise what is not for the handler."""
    try:
        return Settled(index, "SUCCEEDED", await Awaiting(place).flow(place))
    except Exception as error:
        if ends_execution(error) or isinstance(error, NonDeterminismError):
            raise
        return Settled(index, "FAILED", error=error)


def _let_go(place: Place) -> None:
    place.let_go()
    if isinstance(place.operation, Combination):
        for inner in place.operation.futures:
            _let_go(inner)


def _called(place: Place) -> str:
    return repr(place.operation.name) if place.operation.name else place.title


def combine(how: How, futures: Sequence[Place], name: str | None = None) -> Combination:
    """Return the operation behind `ctx.all`, `ctx.any`, `ctx.race` and `ctx.settled`."""
    return Combination(how, futures, name)
