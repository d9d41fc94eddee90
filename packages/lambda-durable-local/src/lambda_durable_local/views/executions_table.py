"""Executions as a table, a line each."""

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from lambda_durable_kernel.model import ExecutionRow

from ..report import UNKNOWN
from .table import plain_table, status_text
from .texts import duration, error_line, moment, one_line


def executions_table(rows: Sequence[ExecutionRow], now: float) -> Table:
    """Return the table; `now` (seconds) decides which times need a date."""
    # The Lambda API tells how many there were with each history, but not with a list.
    counted = any(row.progress.invocations != UNKNOWN for row in rows)
    table = plain_table(
        ("function", "left"),
        ("name", "left"),
        ("status", "left"),
        ("started", "left"),
        ("took", "right"),
        *([("invocations", "right")] if counted else []),
        last="result",
    )
    for row in rows:
        start, progress = row.start, row.progress
        ended = progress.ended_at
        table.add_row(
            start.function.name,
            start.name,
            status_text(str(progress.status)),
            moment(start.started_at * 1000, now * 1000),
            "-" if ended is None else duration(ended - start.started_at),
            *([str(progress.invocations)] if counted else []),
            _outcome(row),
        )
    return table


def _outcome(row: ExecutionRow) -> Text:
    if row.progress.error is not None:
        return Text(error_line(dict(row.progress.error)), style="red")
    return Text(one_line(row.progress.result or ""), style="dim")
