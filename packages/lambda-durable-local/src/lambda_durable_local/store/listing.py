"""The SQL of a list of executions."""

from typing import Any

from lambda_durable_kernel import ExecutionQuery


def listing(query: ExecutionQuery) -> tuple[str, list[Any]]:
    """Return the statement for a query, and its values."""
    conditions = ["function = ?"]
    parts: list[tuple[str, Any]] = [
        ("name = ?", query.name),
        ("started_at > ?", query.started_after),
        ("started_at < ?", query.started_before),
    ]
    wanted: list[Any] = [query.function]
    for condition, value in parts:
        if value is not None:
            conditions.append(condition)
            wanted.append(value)
    if query.statuses:
        conditions.append(f"status IN ({', '.join('?' * len(query.statuses))})")
        wanted.extend(str(status) for status in query.statuses)
    if query.after is not None:
        conditions.append(f"(started_at, arn) {'>' if query.oldest_first else '<'} (?, ?)")
        wanted.extend(query.after)
    order = "" if query.oldest_first else "DESC"
    text = (
        f"SELECT start, progress FROM executions WHERE {' AND '.join(conditions)} "  # noqa: S608 - values are bound
        f"ORDER BY started_at {order}, arn {order} LIMIT ?"
    )
    return text, [*wanted, query.limit]
