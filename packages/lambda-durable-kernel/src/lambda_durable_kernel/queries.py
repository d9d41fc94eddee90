"""What can be asked about executions, answered in the service's shapes from what is stored.

Timestamps are whole milliseconds, as in an invocation's event.
"""

from dataclasses import replace
from typing import Any

from lambda_durable.protocol import ExecutionStatus, Limits

from .errors import InvalidParameterValueError
from .history import without_data
from .model import ExecutionQuery, ExecutionRow, milliseconds
from .store import Store
from .tokens import marker as make_marker
from .tokens import moment, read_marker, whole


def describe(row: ExecutionRow, *, include_data: bool = True) -> dict[str, Any]:
    """Return what GetDurableExecution answers."""
    start, progress = row.start, row.progress
    answer: dict[str, Any] = {
        **summary(row),
        "Version": start.function.version,
        "ExecutionDataIncluded": include_data,
        "DurableConfig": {
            "ExecutionTimeout": start.function.shown_execution_timeout,
            "RetentionPeriodInDays": start.function.retention_days,
        },
    }
    if include_data:
        answer["InputPayload"] = start.input
        if progress.status == ExecutionStatus.SUCCEEDED and progress.result is not None:
            answer["Result"] = progress.result
        if progress.error is not None:
            answer["Error"] = progress.error
    if start.trace_header is not None:
        answer["TraceHeader"] = {"XAmznTraceId": start.trace_header}
    pause = progress.pause
    if pause is not None:
        answer["PauseDetails"] = {
            "PauseRequestTimestamp": milliseconds(pause.at),
            "ExecutionTimeoutPaused": pause.timeout_paused,
        }
        if pause.reason is not None:
            answer["PauseDetails"]["Reason"] = pause.reason
    times_out_at = progress.times_out_at
    if times_out_at is not None and pause is not None and pause.timeout_paused:
        times_out_at = start.started_at + Limits.EXECUTION_TIMEOUT_SECONDS
    if times_out_at is not None:
        answer["ExpectedExecutionTimeoutTimestamp"] = milliseconds(times_out_at)
    return answer


def summary(row: ExecutionRow) -> dict[str, Any]:
    """Return one entry of what ListDurableExecutionsByFunction answers."""
    start, progress = row.start, row.progress
    answer: dict[str, Any] = {
        "DurableExecutionArn": start.arn,
        "DurableExecutionName": start.name,
        "FunctionArn": start.function_arn,
        "Status": progress.status,
        "StartTimestamp": milliseconds(start.started_at),
    }
    if progress.ended_at is not None:
        answer["EndTimestamp"] = milliseconds(progress.ended_at)
    return answer


def history_page(
    store: Store,
    arn: str,
    *,
    include_data: bool,
    reverse: bool,
    marker: str | None,
    max_items: int | None,
) -> dict[str, Any]:
    """Return what GetDurableExecutionHistory answers."""
    limit = page_limit(max_items)
    after = read_marker(marker, whole)[0] if marker else 0
    events = list(store.events(arn, after, limit + 1, reverse=reverse))
    more = len(events) > limit
    shown = events[:limit]
    answer: dict[str, Any] = {
        "Events": shown if include_data else [without_data(entry) for entry in shown]
    }
    if more:
        answer["NextMarker"] = make_marker(shown[-1]["EventId"])
    return answer


def list_page(store: Store, query: ExecutionQuery, marker: str | None) -> dict[str, Any]:
    """Return what ListDurableExecutionsByFunction answers."""
    limit = page_limit(query.limit)
    after = query.after
    if marker:
        started_at, arn = read_marker(marker, moment, str)
        after = (started_at, arn)
    rows = list(store.executions(replace(query, after=after, limit=limit + 1)))
    shown = rows[:limit]
    answer: dict[str, Any] = {"DurableExecutions": [summary(row) for row in shown]}
    if len(rows) > limit:
        last = shown[-1].start
        answer["NextMarker"] = make_marker(repr(last.started_at), last.arn)
    return answer


def page_limit(max_items: int | None) -> int:
    """Return how many entries a page has; 0 and None are the default."""
    if max_items is None or max_items == 0:
        return Limits.DEFAULT_PAGE_ITEMS
    if not 0 < max_items <= Limits.PAGE_ITEMS:
        msg = f"Value '{max_items}' at 'MaxItems' failed to satisfy constraint: 0 to 1000."
        raise InvalidParameterValueError(msg)
    return max_items
