"""Finds the execution that a command is about."""

from ..errors import StoreError
from ..store import SqliteStore
from ..targets import did_you_mean
from .rows import all_rows


def find(store: SqliteStore, name: str | None) -> str:
    """Return the ARN of the execution with this name or ARN; without one, of the latest."""
    rows = all_rows(store)
    if not rows:
        raise StoreError(f"{store.path} holds no executions yet")
    if name is None:
        return next((row for row in rows if row.start.parent is None), rows[0]).start.arn
    found = [row.start.arn for row in rows if name in (row.start.name, row.start.arn)]
    if len(found) == 1:
        return found[0]
    if found:
        raise StoreError(f"{len(found)} executions are called {name!r}; give the ARN of one", found)
    near = did_you_mean(name, [row.start.name for row in rows])
    raise StoreError(f"{store.path} has no execution called {name!r}{near}")
