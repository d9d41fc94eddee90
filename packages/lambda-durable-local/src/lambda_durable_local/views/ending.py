"""How an execution ended: its result or its error, and what it took."""

import json
import time
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.text import Text

from ..report import Report, read_json, waits_until
from .names import Known
from .screen import print_table
from .table import interruptions, operations_table, status_text
from .texts import duration, moment
from .waiting import waits_for

_SHOWN = 5
"""How many of the operations that an execution waits for are told below the table."""


def show_report(console: Console, report: Report, *, real_seconds: float | None = None) -> None:
    """Print the table, the result or error, and the numbers; `real_seconds` is what we waited."""
    if report.operations:
        print_table(console, operations_table(report))
        console.print()
        for line in interruptions(report):
            console.print(line, soft_wrap=True)
    console.print(outcome(report), soft_wrap=True)
    console.print()
    console.print(_numbers(report, real_seconds), soft_wrap=not console.is_terminal)


def outcome(report: Report) -> RenderableType:
    """Return the status with the result or the error."""
    progress = report.row.progress
    status = status_text(str(progress.status))
    status.stylize("bold")
    if progress.error is not None:
        return Group(status, *_error(report))
    if progress.ended_at is None:
        return Group(*_open(report, status))
    if progress.result is None:
        return status
    value = read_json(progress.result)
    return Group(status, Text(json.dumps(value, indent=2, ensure_ascii=False)))


def _open(report: Report, status: Text) -> list[Text]:
    """Return since when and why it pauses, and what it waits for."""
    now = time.time() * 1000
    pause = report.row.progress.pause
    if pause is not None:
        reason = "" if pause.reason is None else f": {pause.reason}"
        status = Text.assemble(status, f" since {moment(pause.at * 1000, now)}{reason}")
    known = Known()
    known.add(report.operations)
    lines = [
        Text(f"{known.title(record['Id'])} {waits}", style="yellow")
        for record in report.operations
        if (waits := waits_for(record, waits_until(record, report), now))
    ]
    more = len(lines) - _SHOWN
    return [status, *lines[:_SHOWN], *([Text(f"and {more} more")] if more > 0 else [])]


def _error(report: Report) -> list[Text]:
    error = dict[str, Any](report.row.progress.error or {})
    type, message = error.get("ErrorType"), error.get("ErrorMessage")
    lines = [Text(": ".join(part for part in (type, message) if part), style="red")]
    if error.get("ErrorData"):
        lines.append(Text(f"data: {error['ErrorData']}"))
    lines += [Text(f"  {frame.rstrip()}", style="dim") for frame in error.get("StackTrace", [])]
    return lines


def _numbers(report: Report, real_seconds: float | None) -> Text:
    parts = [
        _count(report.invocations, "invocation"),
        *([] if report.checkpoints is None else [_count(report.checkpoints, "checkpoint request")]),
        _count(len(report.operations), "operation"),
    ]
    if report.elapsed is not None:
        parts.append(f"{duration(report.elapsed)} from start to end")
    if real_seconds is not None:
        parts.append(f"{duration(real_seconds)} of real time")
    return Text(", ".join(parts))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
