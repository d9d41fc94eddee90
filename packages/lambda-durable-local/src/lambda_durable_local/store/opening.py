"""Opens a store's file: for one writer, or to read; and says readably why that did not work.

The writer holds a lock on a file beside it, FILE.lock, which the system lets go however the
process ends. SQLite's own lock would keep readers out too.
"""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import StoreError
from .schema import prepare

_BUSY_SECONDS = 1.0


def open_database(
    path: Path, *, read_only: bool, busy_seconds: float = _BUSY_SECONDS
) -> sqlite3.Connection:
    """Return a connection to a store's file, made if there is none and it is to be written.

    While another connection writes, it waits for up to `busy_seconds`.
    """
    _check_place(path, read_only=read_only)
    with readable_errors(path):
        connection = sqlite3.connect(
            path, timeout=busy_seconds, isolation_level=None, check_same_thread=False
        )
        try:
            _set_up(connection, path, read_only=read_only)
        except BaseException:
            connection.close()
            raise
    return connection


def _set_up(connection: sqlite3.Connection, path: Path, *, read_only: bool) -> None:
    if read_only:
        connection.execute("PRAGMA query_only = ON")
        prepare(connection, path, create=False)
        return
    connection.execute("PRAGMA journal_mode = WAL")
    # What was answered must survive power loss too: with NORMAL, a commit may not be on the disk.
    connection.execute("PRAGMA synchronous = FULL")
    # On macOS, fsync alone leaves the data in the drive's cache.
    connection.execute("PRAGMA fullfsync = ON")
    prepare(connection, path, create=True)


def _check_place(path: Path, *, read_only: bool) -> None:
    if path.is_dir():
        raise StoreError(f"--store {path} is a folder; give the path of a file in it")
    if not path.exists():
        if read_only:
            raise StoreError(f"there is no store {path}")
        if not path.parent.is_dir():
            raise StoreError(f"--store {path}: there is no folder {path.parent}")
    needed = path if path.exists() else path.parent
    if not os.access(needed, os.R_OK):
        raise StoreError(f"--store {path} cannot be read: permission denied")
    if not read_only and not (os.access(needed, os.W_OK) and os.access(path.parent, os.W_OK)):
        raise StoreError(f"--store {path} cannot be written: permission denied")


class WriterLock:
    """Held by the one process that may write a store."""

    def __init__(self, path: Path) -> None:
        file = path.with_name(f"{path.name}.lock")
        try:
            self._descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise StoreError(f"{file} cannot be written: {error.strerror}") from error
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            owner = os.read(self._descriptor, 32).decode().strip() or "unknown"
            os.close(self._descriptor)
            raise StoreError(
                f"{path} is in use by another process (its id: {owner}); wait until it has ended, "
                "or give another --store"
            ) from None
        os.ftruncate(self._descriptor, 0)
        os.write(self._descriptor, str(os.getpid()).encode())

    def release(self) -> None:
        """Let the next process write."""
        os.close(self._descriptor)


@contextmanager
def readable_errors(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into a StoreError that says what is wrong with the file."""
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(_reason(path, error)) from error


def _reason(path: Path, error: sqlite3.Error) -> str:
    text = str(error)
    if "not a database" in text or "malformed" in text:
        return f"{path} is no SQLite file, or a damaged one ({text}); give another --store"
    if "locked" in text or "busy" in text:
        return f"{path} is locked by another process ({text}); close the program that has it open"
    if "readonly" in text or "unable to open" in text:
        return f"{path} cannot be opened for writing ({text}); check its permissions"
    if "full" in text:
        return f"{path} cannot be written: the disk is full"
    return f"{path}: {text}"
