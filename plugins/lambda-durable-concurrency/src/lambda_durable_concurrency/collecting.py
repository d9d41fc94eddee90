"""The branches of one batch while it is carried out: who is next, who has ended, when to stop."""

from collections import deque
from collections.abc import Iterator
from typing import Any, Protocol

from lambda_durable.batches import (
    BatchItem,
    BatchProgress,
    BatchResult,
    Completion,
    CompletionReason,
)
from lambda_durable.effects import Group, NextSettled, Settled, Spawn
from lambda_durable.errors import (
    ChildContextError,
    MissingPluginError,
    MisuseError,
    NonDeterminismError,
    UnknownNameError,
)
from lambda_durable.failures import type_name
from lambda_durable.identity import branch_id
from lambda_durable.operations.closing import Kept
from lambda_durable.scope import Place

from .branch import Branch
from .completion import decided
from .encoding import WholePayload
from .units import Unit

_PROGRAM_IS_WRONG = {
    type_name(each) for each in (MisuseError, MissingPluginError, UnknownNameError)
}
"""What is no outcome of an item: it says that the code is wrong, whatever the item is."""


class BatchOptions(Protocol):
    """What collecting wants to know of its batch."""

    completion: Completion
    max_concurrency: int | None
    flat: bool

    def branch(self, index: int, unit: Unit) -> Branch:
        """Return the operation of one branch."""
        ...


class Collecting:
    """Runs branches until the batch is complete.

    A branch that was suspended leaves its slot to another; once it has news it goes on before a
    new one begins. Each event costs the same however many branches there are.
    """

    def __init__(self, here: Place, options: BatchOptions, units: list[Unit]) -> None:
        self._here = here
        self._options = options
        self._units = units
        self._group = Group(limited=True)
        self._limit = options.max_concurrency or len(units)
        self._running = 0
        self._open: dict[int, Place] = {}
        self._ready: deque[int] = deque()
        self._new: Iterator[int] = iter(range(len(units)))
        self._items: dict[int, BatchItem[Any]] = {}
        self._failed = 0
        self._reason: CompletionReason | None = None if units else "ALL_COMPLETED"
        self.payload = WholePayload()

    async def to_the_end(self, *, resumed: bool) -> BatchResult[Any]:
        """Run the branches and return the batch; `resumed`: some were begun before."""
        try:
            if resumed and not self._options.flat:
                await self._take_up()
            while self._reason is None:
                await self._fill()
                settled = await NextSettled(self._group)
                if settled is not None:
                    self._note(settled)
            return self._result(self._reason)
        finally:
            # What still runs writes nothing more, not even while the batch is being closed.
            for place in self._open.values():
                place.scope.line.suspend(place.path)

    async def _take_up(self) -> None:
        """Take in the branches that have ended before, and have those that began go first."""
        total = len(self._units)
        if branch_id(self._here.id, total) in self._here.execution.history.records:
            raise fewer_units(self._here, total, total)
        new: list[int] = []
        for index in range(total):
            place = self._opened(index)
            if place.record is None:
                new.append(index)
                del self._open[index]
            elif not place.replayed:
                self._ready.append(index)
        self._new = iter(new)
        for index, place in list(self._open.items()):
            if place.replayed and self._reason is None:
                await self._answer(index, place)

    async def _answer(self, index: int, place: Place) -> None:
        kept, error = await carried_out(place)
        self._ended(index, kept, error)

    def _opened(self, index: int) -> Place:
        branch = self._options.branch(index, self._units[index])
        place = self._open[index] = self._here.branch(index, branch)
        branch.begun = place.record is not None
        return place

    async def _fill(self) -> None:
        """Have as many branches run as may."""
        while self._running < self._limit:
            if self._ready:
                index = self._ready.popleft()
                place = self._open[index]
            else:
                following = next(self._new, None)
                if following is None:
                    return
                index, place = following, self._opened(following)
            self._running += 1
            await Spawn(self._group, index, place)

    def _note(self, settled: Settled) -> None:
        if settled.status == "RESUMABLE":
            self._ready.append(settled.branch)
            return
        self._running -= 1
        if settled.status != "SUSPENDED":
            self._ended(settled.branch, settled.value, settled.error)

    def _ended(self, index: int, kept: Kept | None, error: Exception | None) -> None:
        if getattr(error, "error_type", None) in _PROGRAM_IS_WRONG:
            raise error  # type: ignore[misc]  # it has a type, so it is one
        place = self._open.pop(index)
        branch: Any = place.operation
        item = ended_item(index, branch, kept, error)
        self._items[index] = item
        self._failed += error is not None
        self.payload.add(item, branch.codec(place), kept.text if kept else None)
        progress = BatchProgress(
            len(self._units),
            len(self._items) + len(self._open),
            len(self._items) - self._failed,
            self._failed,
        )
        self._reason = decided(self._options.completion, progress)

    def _result(self, reason: CompletionReason) -> BatchResult[Any]:
        for index, place in self._open.items():
            branch: Any = place.operation
            if branch.begun:
                self._items[index] = BatchItem(index, branch.unit.name, "STARTED")
        return BatchResult([self._items[index] for index in sorted(self._items)], reason)


async def carried_out(place: Place) -> tuple[Kept | None, Exception | None]:
    """Answer a branch from its records, without another one beside it."""
    try:
        kept: Kept = await place.carried_out()
    except ChildContextError as error:
        return None, error
    return kept, None


def ended_item(
    index: int, branch: Branch, kept: Kept | None, error: Exception | None
) -> BatchItem[Any]:
    """Return the item of a branch that has ended."""
    name = branch.unit.name
    if kept is None:
        return BatchItem(index, name, "FAILED", error=error)
    return BatchItem(index, name, "SUCCEEDED", kept.value)


def fewer_units(here: Place, total: int, begun: int) -> BaseException:
    """Return what ends an execution whose batch has become smaller; branch `begun` was begun."""
    return here.execution.abort(
        NonDeterminismError(
            f"{here.path!r} has {total} branch{'' if total == 1 else 'es'} now, but branch {begun} "
            "(the first one is 0) was begun before. Items and functions of a batch must be the "
            "same on every replay: keep what they are read from in a step"
        )
    )
