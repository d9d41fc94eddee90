"""A recorded execution: what its store's file held after each transaction, as one JSON file.

After any crash a store holds what one of its transactions has left. So each of these states can be
made again, as the version that wrote it did, and be resumed.
"""

import gzip
import json
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lambda_durable_kernel.model import Change
from lambda_durable_local.store import SqliteStore

FOLDER = Path(__file__).parent / "recorded"
FORMAT = "lambda-durable-upgrade-1"

PLACES = (str(Path(__file__).parents[2]), sys.prefix, sys.base_prefix)

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Recording:
    """One execution as a version of ours ran it; `states` are the rows that each save wrote."""

    version: str
    flavour: str
    workflow: str
    arn: str
    status: str
    result: str | None
    error: dict[str, Any] | None
    schema: list[str]
    states: list[list[tuple[str, Row]]]

    def write_state(self, number: int, path: Path) -> None:
        """Make the store's file as it was after the first `number` saves."""
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("PRAGMA synchronous = OFF")
            for statement in self.schema:
                connection.execute(statement)
            for table, row in (each for state in self.states[:number] for each in state):
                marks = ", ".join("?" * len(row))
                connection.execute(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", row)

    def save(self, folder: Path) -> Path:
        """Write it into a folder; equal recordings are equal files."""
        members = {"format": FORMAT} | {name: getattr(self, name) for name in self.__slots__}
        text = json.dumps(members, indent=0)
        for place in PLACES:  # stack traces tell where code is; that is nobody's business
            text = text.replace(place, "/var/task")
        file = folder / f"{self.workflow}-{self.flavour}.json.gz"
        file.write_bytes(gzip.compress(text.encode(), mtime=0))
        return file

    @classmethod
    def load(cls, file: Path) -> "Recording":
        """Read one; raise ValueError if the file is of another format."""
        members = json.loads(gzip.decompress(file.read_bytes()))
        if members.pop("format") != FORMAT:
            raise ValueError(f"{file} is not of the format {FORMAT}")
        states = [[(table, tuple(row)) for table, row in state] for state in members.pop("states")]
        return cls(**members, states=states)


class WatchedStore(SqliteStore):
    """A store that notes which rows each save has written."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.states: list[list[tuple[str, Row]]] = []
        with closing(sqlite3.connect(path)) as connection:
            query = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid"
            self.schema = [statement for (statement,) in connection.execute(query)]
        self._held: dict[tuple[str, Row], None] = {}
        self.states.append(self._new())  # what an empty store holds

    def save(self, changes: Sequence[Change]) -> None:
        """Save, and note what that wrote."""
        super().save(changes)
        self.states.append(self._new())

    def _new(self) -> list[tuple[str, Row]]:
        before = self._held
        self._held = {}
        with closing(sqlite3.connect(self.path)) as connection:
            names = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid"
            for (table,) in connection.execute(names).fetchall():
                for row in connection.execute(f"SELECT * FROM {table}"):
                    self._held[table, row] = None
        return [each for each in self._held if each not in before]
