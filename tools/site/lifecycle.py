"""Draws the life of an operation from `lambda_durable.lifecycle`.

Each status is a vertical line, each transition an arrow from one to another: solid for what an
update of the SDK does, dashed for what the service does by itself. So any table can be drawn, and
no two arrows cross.
"""

from dataclasses import dataclass
from html import escape
from typing import Final

from lambda_durable.lifecycle import SDK_TRANSITIONS, SERVICE_TRANSITIONS
from lambda_durable.protocol import CLOSED_STATUSES, OperationStatus, OperationType

NEW: Final = "(new)"
COLUMN, ROW, TOP, MARGIN = 118, 34, 62, 66


@dataclass(frozen=True, slots=True)
class Arrow:
    """A transition: from a status to another, and what brings it about."""

    start: str
    end: str
    label: str
    by_service: bool


def arrows(type: OperationType) -> list[Arrow]:
    """Return the transitions of an operation type, in the order of the tables."""
    by_sdk = [
        Arrow(str(start or NEW), str(end), str(action), by_service=False)
        for start, ends in SDK_TRANSITIONS[type].items()
        for action, end in ends.items()
    ]
    by_service = [
        Arrow(str(start), str(end), reason, by_service=True)
        for start, ends in SERVICE_TRANSITIONS[type].items()
        for reason, end in ends.items()
    ]
    return [*by_sdk, *by_service]


def statuses(found: list[Arrow]) -> list[str]:
    """Return the statuses that the arrows touch, new first and those that are final last."""
    touched = {status for arrow in found for status in (arrow.start, arrow.end)}
    return [each for each in (NEW, *map(str, OperationStatus)) if each in touched]


def svg(type: OperationType) -> str:
    """Return the picture of an operation type's life."""
    found = arrows(type)
    columns = statuses(found)
    width = 2 * MARGIN + COLUMN * (len(columns) - 1)
    height = TOP + ROW * len(found) + 16
    drawn = [_status(each, _x(columns, each), height) for each in columns]
    drawn += [_arrow(each, columns, TOP + ROW * (row + 1) - 8) for row, each in enumerate(found)]
    title = f"The life of an operation of type {type}"
    return (
        f'<svg class="lifecycle" viewBox="0 0 {width} {height}" width="{width}" role="img" '
        f'xmlns="http://www.w3.org/2000/svg"><title>{title}</title>'
        f"<desc>{escape(describe(found))}</desc>{''.join(drawn)}</svg>"
    )


def describe(found: list[Arrow]) -> str:
    """Return the transitions as sentences, for those who do not see the picture."""
    return " ".join(
        f"{arrow.start} becomes {arrow.end} by {arrow.label}"
        f"{' of the service' if arrow.by_service else ''}."
        for arrow in found
    )


def figure(argument: str, page: str) -> str:
    """Return the picture of one type for a page."""
    return f'<div class="lifecycle-frame">{svg(OperationType(argument))}</div>\n'


def _x(columns: list[str], status: str) -> int:
    return MARGIN + COLUMN * columns.index(status)


def _status(status: str, x: int, height: int) -> str:
    kind = "new" if status == NEW else "closed" if status in CLOSED_STATUSES else "open"
    half = COLUMN // 2 - 6
    return (
        f'<line class="life" x1="{x}" y1="40" x2="{x}" y2="{height - 6}"/>'
        f'<rect class="{kind}" x="{x - half}" y="10" width="{2 * half}" height="28" rx="6"/>'
        f'<text class="status" x="{x}" y="29">{escape(status)}</text>'
    )


def _arrow(arrow: Arrow, columns: list[str], y: int) -> str:
    start, end = _x(columns, arrow.start), _x(columns, arrow.end)
    side = 1 if end > start else -1
    kind = "service" if arrow.by_service else "sdk"
    tip = end - 2 * side
    head = f"{tip},{y} {tip - 8 * side},{y - 4} {tip - 8 * side},{y + 4}"
    return (
        f'<circle class="{kind}" cx="{start}" cy="{y}" r="3"/>'
        f'<line class="{kind}" x1="{start}" y1="{y}" x2="{end - 8 * side}" y2="{y}"/>'
        f'<polygon class="{kind}" points="{head}"/>'
        f'<text class="label" x="{start + 10 * side}" y="{y - 6}" '
        f'text-anchor="{"start" if side > 0 else "end"}">{escape(arrow.label)}</text>'
    )
