"""The tables of a store, and how a file is recognised as one.

A version is raised when an older program could not read what a newer one writes.
"""

import sqlite3
from pathlib import Path
from typing import Final

from ..errors import StoreError

VERSION: Final = 2

_TABLES: Final = """
CREATE TABLE lambda_durable (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE executions (
    number INTEGER PRIMARY KEY,
    arn TEXT NOT NULL UNIQUE,
    function TEXT NOT NULL,
    name TEXT NOT NULL,
    started_at REAL NOT NULL,
    status TEXT NOT NULL,
    closed INTEGER NOT NULL,
    forget_at REAL,
    start TEXT NOT NULL,
    progress TEXT NOT NULL
);
CREATE UNIQUE INDEX executions_by_name ON executions (function, name);
CREATE INDEX executions_by_start ON executions (function, started_at, arn);
CREATE INDEX executions_open ON executions (number) WHERE NOT closed;
CREATE INDEX executions_forgotten ON executions (forget_at, arn) WHERE forget_at IS NOT NULL;

CREATE TABLE operations (
    execution INTEGER NOT NULL,
    position INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (execution, position)
) WITHOUT ROWID;

CREATE TABLE calls (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE events (
    execution INTEGER NOT NULL,
    number INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (execution, number)
) WITHOUT ROWID;
"""


def prepare(connection: sqlite3.Connection, path: Path, *, create: bool) -> None:
    """Check that the file is a store this program can use; make the tables in an empty one."""
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    if "lambda_durable" in tables:
        _check_version(connection, path)
    elif tables:
        raise StoreError(
            f"{path} is a SQLite file of another program (it has the tables "
            f"{', '.join(sorted(tables)[:5])}); give another --store"
        )
    elif create:
        # All or nothing, so that a crash leaves an empty file, which is made a store next time.
        connection.executescript(f"BEGIN IMMEDIATE; {_TABLES}")
        connection.execute("INSERT INTO lambda_durable VALUES ('schema', ?)", (str(VERSION),))
        connection.execute("COMMIT")
    else:
        raise StoreError(f"{path} holds no executions yet")


def _check_version(connection: sqlite3.Connection, path: Path) -> None:
    row = connection.execute("SELECT value FROM lambda_durable WHERE name = 'schema'").fetchone()
    found = row[0] if row is not None else "none"
    if found != str(VERSION):
        raise StoreError(
            f"{path} has schema {found}, and this program reads schema {VERSION}: it was written "
            "by another version of lambda-durable-local; update that, or give another --store"
        )
