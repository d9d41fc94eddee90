"""Times, durations, names and values as short texts."""

import re
from datetime import datetime
from typing import Any

from lambda_durable.protocol import Operation

_KINDS = {
    "Step": "step",
    "Wait": "wait",
    "Callback": "callback",
    "ChainedInvoke": "invoke",
    "RunInChildContext": "context",
    "WaitForCondition": "condition",
    "ParallelBranch": "branch",
    "MapIteration": "item",
}
_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"))


def duration(seconds: float) -> str:
    """Return a duration in the one or two units that matter: `4 ms`, `1.2 s`, `2 h 5 min`."""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f}".removesuffix(".0") + " s"
    left = round(seconds)
    parts: list[str] = []
    for size, unit in (*_UNITS, (1, "s")):
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {unit}")
        elif parts:
            break
    return " ".join(parts[:2])


def took(record: Operation) -> str:
    """Return how long an operation took, from its start to its end."""
    started, ended = record.get("StartTimestamp"), record.get("EndTimestamp")
    if started is None or ended is None:
        return "-"
    milliseconds = ended - started
    # Its start and its end came with one request, as they do when a body is quick.
    return duration(milliseconds / 1000) if milliseconds else "< 0.1 s"


def since(start: float, at: float) -> str:
    """Return the time from `start` to `at` (both milliseconds), as `H:MM:SS.mmm`.

    From ten hours on nobody looks at milliseconds.
    """
    seconds, milliseconds = divmod(max(0, round(at - start)), 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    rest = f".{milliseconds:03}" if hours < 10 else ""
    return f"{hours}:{minutes:02}:{seconds:02}{rest}"


def moment(milliseconds: float, beside: float) -> str:
    """Return a local time of day, with the date if that is not the day of `beside`."""
    at = datetime.fromtimestamp(milliseconds / 1000).astimezone()
    same = at.date() == datetime.fromtimestamp(beside / 1000).astimezone().date()
    return f"{at:%H:%M:%S}" if same else f"{at:%Y-%m-%d %H:%M:%S}"


def kind(type: str, subtype: str | None) -> str:
    """Return what an operation is called: `step`, `wait`, `context`, `wait-for-callback`."""
    if subtype is None:
        return _KINDS.get(type.title(), type.lower().replace("_", " "))
    if subtype in _KINDS:
        return _KINDS[subtype]
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", subtype).lower()


def error_line(error: dict[str, Any] | None) -> str:
    """Return an error object in one line."""
    error = error or {}
    type, message = error.get("ErrorType"), error.get("ErrorMessage")
    text = ": ".join(str(part) for part in (type, message) if part)
    return one_line(text) or "no reason was given"


def one_line(text: str) -> str:
    """Return a text without line ends."""
    return " ".join(text.split())
