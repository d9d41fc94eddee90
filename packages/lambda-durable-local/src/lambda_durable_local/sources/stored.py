"""Executions in a store's file, which another process may be writing at the same time."""

import sys
from collections.abc import Sequence
from pathlib import Path

from lambda_durable_kernel import ExecutionQuery
from lambda_durable_kernel.model import Event, ExecutionRow

from ..report import Report, report
from ..store import SqliteStore


class StoredSource:
    """See `Source`; raises StoreError for a file that cannot be read."""

    def __init__(self, path: Path) -> None:
        self._store = SqliteStore(path, read_only=True)
        self.place = str(path)

    def rows(self, function: str | None = None) -> Sequence[ExecutionRow]:
        """Return all executions, or those of one function, the newest first."""
        names = self._store.functions() if function is None else [function]
        queries = [ExecutionQuery(name, limit=sys.maxsize) for name in names]
        rows = [row for query in queries for row in self._store.executions(query)]
        return sorted(rows, key=lambda row: row.start.started_at, reverse=True)

    def named(self, name: str, function: str | None = None) -> Sequence[ExecutionRow]:
        """Return the executions of exactly this name."""
        return [row for row in self.rows(function) if row.start.name == name]

    def report(self, arn: str) -> Report:
        """Return an execution as it stands, with its operations."""
        return report(self._store, arn)

    def events(self, arn: str) -> Sequence[Event]:
        """Return an execution's history, oldest first; times are milliseconds."""
        return self._store.events(arn, 0, None, reverse=False)

    def close(self) -> None:
        """Close the file."""
        self._store.close()
