"""The operations of an execution as a table, indented like the tree they are."""

import time
from typing import Any

from rich.table import Table
from rich.text import Text

from lambda_durable.protocol import Operation

from ..report import Report, details, waits_until
from .names import Known
from .texts import error_line, one_line, took
from .waiting import waits_for

_STYLES = {
    "SUCCEEDED": "green",
    "FAILED": "red",
    "TIMED_OUT": "red",
    "STOPPED": "red",
    "CANCELLED": "yellow",
}


def status_text(status: str) -> Text:
    """Return a status in its colour."""
    return Text(status, style=_STYLES.get(status, "yellow"))


def plain_table(*columns: tuple[str, str], last: str) -> Table:
    """Return an empty table; `columns` are titles and sides, `last` takes the room that is left."""
    table = Table(box=None, expand=True, pad_edge=False, header_style="bold", padding=(0, 3, 0, 0))
    for title, side in columns:
        table.add_column(title, justify="right" if side == "right" else "left", no_wrap=True)
    table.add_column(last, ratio=1, no_wrap=True, overflow="ellipsis")
    return table


def operations_table(report: Report) -> Table:
    """Return the table; `runs` is how often a body began, more than its attempts after a crash."""
    table = plain_table(
        ("operation", "left"),
        ("type", "left"),
        ("status", "left"),
        ("attempts", "right"),
        ("runs", "right"),
        ("took", "right"),
        last="result",
    )
    known = Known()
    known.add(report.operations)
    now = time.time() * 1000
    for record in report.operations:
        id = record["Id"]
        is_step = record["Type"] == "STEP"
        table.add_row(
            "  " * known.depth(id) + known.title(id),
            known.kind(id),
            status_text(record["Status"]),
            str(details(record).get("Attempt", 0)) if is_step else "",
            _runs(report, record) if is_step else "",
            took(record),
            _outcome(report, record, now),
        )
    return table


def interruptions(report: Report) -> list[Text]:
    """Return a line for each step whose body ran more often than its attempts say."""
    lines: list[Text] = []
    for record in report.operations:
        runs, attempts = report.runs.get(record["Id"], 0), details(record).get("Attempt", 0)
        if record.get("EndTimestamp") is not None and runs > attempts:
            name = record.get("Name") or record["Id"]
            lines.append(Text(f"{name}: interrupted, so its body began {runs} times\n"))
    return lines


def _runs(report: Report, record: Operation) -> Text:
    runs = report.runs.get(record["Id"], 0)
    more = runs != details(record).get("Attempt", 0)
    return Text(str(runs), style="yellow" if more else "")


def _outcome(report: Report, record: Operation, now: float) -> Text:
    if record.get("EndTimestamp") is None:
        if report.row.progress.ended_at is not None:
            return Text("unfinished", style="dim")
        # What it waits for is told to its end: that is what is looked for.
        waits = waits_for(record, waits_until(record, report), now)
        return Text(waits, style="yellow", overflow="fold", no_wrap=False)
    told: dict[str, Any] = details(record)
    if told.get("Error") is not None:
        return Text(error_line(told["Error"]), style="red")
    result = told.get("Result")
    return Text("" if result is None else one_line(str(result)), style="dim")
