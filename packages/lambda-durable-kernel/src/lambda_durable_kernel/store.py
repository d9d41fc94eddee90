"""Where executions are kept: what a store must do, and one that does it in memory.

The service asks for little. It keeps open executions in memory itself, reads each of them once
(when it starts) and after that only writes: one `save` for each request, before the answer.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from .model import Change, Event, ExecutionQuery, ExecutionRow, Progress, Start, StoredOperation


class Store(Protocol):
    """What a store must do; it is called by one thread at a time.

    Values that are handed over are never changed afterwards, and must not be changed.
    """

    def save(self, changes: Sequence[Change]) -> None:
        """Write all changes in one transaction, lasting when this returns.

        Of each: `start` if `created`, the `progress` instead of the one before, each operation
        instead of the one with the same id, and the events after those that are there.
        """
        ...

    def open_executions(self) -> Iterable[str]:
        """Return the ARNs of all executions that are not closed, the oldest first."""
        ...

    def execution(self, arn: str) -> ExecutionRow | None:
        """Return an execution, open or closed."""
        ...

    def operations(self, arn: str) -> Sequence[StoredOperation]:
        """Return all operations of an execution, in order of their positions."""
        ...

    def events(self, arn: str, after: int, limit: int | None, *, reverse: bool) -> Sequence[Event]:
        """Return events beyond the one with the id `after`, in the order that is asked for.

        Oldest first, `after` 0 begins with the first; newest first (`reverse`), with the last.
        """
        ...

    def find(self, function: str, name: str) -> str | None:
        """Return the ARN of the execution of a function that has this name."""
        ...

    def executions(self, query: ExecutionQuery) -> Sequence[ExecutionRow]:
        """Return executions by start time and ARN, as `query` says."""
        ...

    def expiring(self, limit: int) -> Sequence[tuple[float, str]]:
        """Return the closed executions that are to be forgotten first: when, and their ARNs."""
        ...

    def delete(self, arn: str) -> None:
        """Forget an execution, its operations and its events."""
        ...


@dataclass(slots=True)
class _Kept:
    start: Start
    progress: Progress
    operations: dict[str, StoredOperation] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)


class MemoryStore:
    """A store for as long as the process lives."""

    def __init__(self) -> None:
        self._kept: dict[str, _Kept] = {}
        self._open: dict[str, None] = {}
        self._names: dict[tuple[str, str], str] = {}
        self._by_start: dict[str, list[tuple[float, str]]] = {}
        self._expiring: list[tuple[float, str]] = []

    def save(self, changes: Sequence[Change]) -> None:
        """See `Store`."""
        for change in changes:
            start, progress = change.start, change.progress
            if change.created:
                self._kept[start.arn] = _Kept(start, Progress())
                self._open[start.arn] = None
                self._names[start.function.name, start.name] = start.arn
                index = self._by_start.setdefault(start.function.name, [])
                insort(index, (start.started_at, start.arn))
            kept = self._kept[start.arn]
            self._expect_to_forget(start.arn, kept.progress.forget_at, progress.forget_at)
            kept.progress = progress
            for operation in change.operations:
                kept.operations[operation.record["Id"]] = operation
            kept.events.extend(change.events)
            if progress.closed:
                self._open.pop(start.arn, None)

    def open_executions(self) -> Iterable[str]:
        """See `Store`."""
        return list(self._open)

    def execution(self, arn: str) -> ExecutionRow | None:
        """See `Store`."""
        kept = self._kept.get(arn)
        return None if kept is None else ExecutionRow(kept.start, kept.progress)

    def operations(self, arn: str) -> Sequence[StoredOperation]:
        """See `Store`."""
        return list(self._kept[arn].operations.values())

    def events(self, arn: str, after: int, limit: int | None, *, reverse: bool) -> Sequence[Event]:
        """See `Store`."""
        events = self._kept[arn].events
        if not reverse:
            return events[after : None if limit is None else after + limit]
        end = after - 1 if after else len(events)
        first = 0 if limit is None else max(0, end - limit)
        return events[first:end][::-1]

    def find(self, function: str, name: str) -> str | None:
        """See `Store`."""
        return self._names.get((function, name))

    def executions(self, query: ExecutionQuery) -> Sequence[ExecutionRow]:
        """See `Store`."""
        index = self._by_start.get(query.function, [])
        rows: list[ExecutionRow] = []
        for key in index if query.oldest_first else reversed(index):
            if len(rows) == query.limit:
                break
            if query.after is not None and (key > query.after) != query.oldest_first:
                continue
            if key != query.after:
                kept = self._kept[key[1]]
                row = ExecutionRow(kept.start, kept.progress)
                if matches(row, query):
                    rows.append(row)
        return rows

    def expiring(self, limit: int) -> Sequence[tuple[float, str]]:
        """See `Store`."""
        return self._expiring[:limit]

    def delete(self, arn: str) -> None:
        """See `Store`."""
        self._expect_to_forget(arn, self._kept[arn].progress.forget_at, None)
        start = self._kept.pop(arn).start
        self._open.pop(arn, None)
        self._names.pop((start.function.name, start.name), None)
        index = self._by_start[start.function.name]
        del index[bisect_left(index, (start.started_at, arn))]

    def _expect_to_forget(self, arn: str, before: float | None, now: float | None) -> None:
        if before == now:
            return
        if before is not None:
            del self._expiring[bisect_left(self._expiring, (before, arn))]
        if now is not None:
            insort(self._expiring, (now, arn))


def matches(row: ExecutionRow, query: ExecutionQuery) -> bool:
    """Whether an execution fulfils the conditions of a query, its place in the list apart."""
    start = row.start
    return (
        start.function.name == query.function
        and (query.name is None or start.name == query.name)
        and (not query.statuses or row.progress.status in query.statuses)
        and (query.started_after is None or start.started_at > query.started_after)
        and (query.started_before is None or start.started_at < query.started_before)
    )
