"""The kernel's store in a SQLite file: what was saved is there after any crash.

A save writes the rows that changed, in one transaction, and costs the same however long the
history is. There is one writer; others may read at the same time.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lambda_durable_kernel import ExecutionQuery
from lambda_durable_kernel.codec import dump, load_operation, load_progress, load_start
from lambda_durable_kernel.model import Change, Event, ExecutionRow, StoredOperation

from ..errors import StoreError
from .listing import listing
from .opening import WriterLock, open_database, readable_errors

_INSERT = """
    INSERT INTO executions
        (arn, function, name, started_at, status, closed, forget_at, start, progress)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_UPDATE = """
    UPDATE executions SET status = ?, closed = ?, forget_at = ?, progress = ? WHERE number = ?"""
_OPERATION = "INSERT OR REPLACE INTO operations VALUES (?, ?, ?)"
_EVENT = "INSERT INTO events VALUES (?, ?, ?)"


class SqliteStore:
    """A store in a file; raises StoreError, with words for the user, when the file is at fault."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        self._connection: sqlite3.Connection | None = None
        self._lock: WriterLock | None = None
        self._numbers: dict[str, int] = {}
        connection = open_database(path, read_only=read_only)
        try:
            self._lock = None if read_only else WriterLock(path)
        except BaseException:
            connection.close()
            raise
        self._connection = connection

    def close(self) -> None:
        """Let go of the file."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def save(self, changes: Sequence[Change]) -> None:
        """See the kernel's `Store`."""
        with self._transaction() as connection:
            for change in changes:
                self._save(connection, change)

    def open_executions(self) -> Iterable[str]:
        """See the kernel's `Store`."""
        query = "SELECT arn FROM executions WHERE NOT closed ORDER BY number"
        return [arn for (arn,) in self._rows(query)]

    def execution(self, arn: str) -> ExecutionRow | None:
        """See the kernel's `Store`."""
        for start, progress in self._rows(
            "SELECT start, progress FROM executions WHERE arn = ?", arn
        ):
            return ExecutionRow(load_start(start), load_progress(progress))
        return None

    def operations(self, arn: str) -> Sequence[StoredOperation]:
        """See the kernel's `Store`."""
        query = "SELECT body FROM operations WHERE execution = ? ORDER BY position"
        return [load_operation(body) for (body,) in self._rows(query, self._number(arn))]

    def events(self, arn: str, after: int, limit: int | None, *, reverse: bool) -> Sequence[Event]:
        """See the kernel's `Store`."""
        beyond = "number < ?" if reverse and after else "number > ?"
        query = (
            f"SELECT body FROM events WHERE execution = ? AND {beyond} "  # noqa: S608 - no input in it
            f"ORDER BY number {'DESC' if reverse else ''} LIMIT ?"
        )
        rows = self._rows(query, self._number(arn), after, -1 if limit is None else limit)
        return [json.loads(body) for (body,) in rows]

    def find(self, function: str, name: str) -> str | None:
        """See the kernel's `Store`."""
        query = "SELECT arn FROM executions WHERE function = ? AND name = ?"
        for (arn,) in self._rows(query, function, name):
            return str(arn)
        return None

    def executions(self, query: ExecutionQuery) -> Sequence[ExecutionRow]:
        """See the kernel's `Store`."""
        text, values = listing(query)
        rows = self._rows(text, *values)
        return [
            ExecutionRow(load_start(start), load_progress(progress)) for start, progress in rows
        ]

    def expiring(self, limit: int) -> Sequence[tuple[float, str]]:
        """See the kernel's `Store`."""
        query = (
            "SELECT forget_at, arn FROM executions WHERE forget_at IS NOT NULL "
            "ORDER BY forget_at, arn LIMIT ?"
        )
        return [(at, arn) for at, arn in self._rows(query, limit)]

    def delete(self, arn: str) -> None:
        """See the kernel's `Store`."""
        number = self._number(arn)
        with self._transaction() as connection:
            connection.execute("DELETE FROM executions WHERE number = ?", (number,))
            connection.execute("DELETE FROM operations WHERE execution = ?", (number,))
            connection.execute("DELETE FROM events WHERE execution = ?", (number,))
        self._numbers.pop(arn, None)

    def functions(self) -> list[str]:
        """Return the names of all functions that have executions here."""
        return [name for (name,) in self._rows("SELECT DISTINCT function FROM executions")]

    # Rows

    def _save(self, connection: sqlite3.Connection, change: Change) -> None:
        start, progress = change.start, change.progress
        state = (str(progress.status), progress.closed, progress.forget_at)
        if change.created:
            values = (start.arn, start.function.name, start.name, start.started_at, *state)
            cursor = connection.execute(_INSERT, (*values, dump(start), dump(progress)))
            number = cursor.lastrowid
            assert number is not None, "an INSERT has a row"
        else:
            number = self._number(start.arn)
            connection.execute(_UPDATE, (*state, dump(progress), number))
        if progress.closed:
            self._numbers.pop(start.arn, None)  # what has ended is rarely asked for again
        connection.executemany(
            _OPERATION, ((number, each.position, dump(each)) for each in change.operations)
        )
        connection.executemany(
            _EVENT,
            (
                (number, each["EventId"], json.dumps(each, separators=(",", ":")))
                for each in change.events
            ),
        )

    def _number(self, arn: str) -> int:
        number = self._numbers.get(arn)
        if number is None:
            for (found,) in self._rows("SELECT number FROM executions WHERE arn = ?", arn):
                number = self._numbers[arn] = found
        if number is None:
            raise KeyError(arn)
        return number

    def _rows(self, query: str, *values: Any) -> list[Any]:
        with readable_errors(self.path):
            return self._opened().execute(query, values).fetchall()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        connection = self._opened()
        with readable_errors(self.path):
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            raise StoreError(f"{self.path} is closed")
        return self._connection
