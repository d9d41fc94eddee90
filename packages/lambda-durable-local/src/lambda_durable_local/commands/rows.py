"""All executions of a store."""

import sys

from lambda_durable_kernel import ExecutionQuery
from lambda_durable_kernel.model import ExecutionRow

from ..store import SqliteStore


def all_rows(store: SqliteStore) -> list[ExecutionRow]:
    """Return the executions of all functions, the newest first."""
    queries = [ExecutionQuery(name, limit=sys.maxsize) for name in store.functions()]
    rows = [row for query in queries for row in store.executions(query)]
    return sorted(rows, key=lambda row: row.start.started_at, reverse=True)
