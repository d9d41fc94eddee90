"""Executions as text: one line for each operation, for people who look at a failed test."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final, NamedTuple

from .operations import Operation, Operations

_WIDTH: Final = 60
_TYPES: Final = {"CHAINED_INVOKE": "invoke"}


class _Row(NamedTuple):
    title: str
    type: str
    status: str
    attempts: str
    took: str
    outcome: str


def draw(operations: Operations) -> str:
    """Return a table of the operations; those inside an operation are indented below it."""
    rows = list(_rows(operations, 0))
    if not rows:
        return "(no operations)"
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    return "\n".join(_line(row, widths) for row in rows)


def short(text: str, width: int = _WIDTH) -> str:
    """Return a text on one line, cut to `width` characters."""
    line = " ".join(text.split())
    return line if len(line) <= width else line[: width - 3] + "..."


def duration(span: timedelta | None) -> str:
    """Return a span of time as people write it: `2 h`, `3 d 4 h`, `0.2 s`."""
    if span is None:
        return ""
    seconds = span.total_seconds()
    if seconds < 60:
        return f"{seconds:.3g} s"
    parts = []
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)):
        count, seconds = divmod(round(seconds), size)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2])


def _rows(operations: Operations, depth: int) -> Iterator[_Row]:
    for each in operations:
        yield _Row(
            "  " * depth + each.title,
            _kind(each),
            each.status,
            _attempts(each),
            duration(each.duration),
            _outcome(each),
        )
        yield from _rows(each.children, depth + 1)


def _kind(operation: Operation) -> str:
    subtype = operation.subtype
    if operation.type == "CONTEXT" and subtype not in (None, "RunInChildContext"):
        return subtype
    if subtype == "WaitForCondition":
        return "condition"
    return _TYPES.get(operation.type, operation.type.lower())


def _attempts(operation: Operation) -> str:
    count = operation.attempts
    return f"{count} attempts" if count > 1 else ""


def _outcome(operation: Operation) -> str:
    if operation.error is not None:
        return short(str(operation.error))
    return short(operation.payload) if operation.payload is not None else ""


def _line(row: _Row, widths: Sequence[int]) -> str:
    cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False) if width]
    return "  ".join([*cells, row.outcome]).rstrip()
