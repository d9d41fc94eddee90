"""Histories in a form in which those of two services can be compared."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

Normalised = dict[str, list[str]]
"""What happened to each operation, in order; operations by their path of names."""

_SERVICE = "(execution)"


def normalised(events: Sequence[Mapping[str, Any]]) -> Normalised:
    """Return a history without what differs from run to run, and from service to service.

    That is ids, times, payloads, and how what ran side by side was interleaved. Of invocations, it
    depends on how long waits take how many there are; only their errors are compared.
    """
    paths: dict[str, str] = {}
    found: Normalised = {}
    for event in events:
        happened = _happened(event)
        if happened is not None:
            found.setdefault(_path(event, paths), []).append(happened)
    return found


def differences(one: Normalised, other: Normalised) -> list[str]:
    """Return what differs, a line for each operation."""
    return [
        f"{path}: {one.get(path, 'is not there')} and {other.get(path, 'is not there')}"
        for path in sorted({*one, *other})
        if one.get(path) != other.get(path)
    ]


def compare(file: Path, events: Sequence[Mapping[str, Any]]) -> None:
    """Raise AssertionError if a history is another than the one that was saved in a file."""
    saved = json.loads(file.read_text(encoding="utf-8"))["events"]
    found = differences(normalised(saved), normalised(events))
    assert not found, f"{file.name} was recorded otherwise:\n" + "\n".join(found)


def _path(event: Mapping[str, Any], paths: dict[str, str]) -> str:
    id = event.get("Id")
    if id is None or event["EventType"].startswith("Execution"):
        return _SERVICE
    if id not in paths:
        above = paths.get(event.get("ParentId") or "", "")
        paths[id] = f"{above}/{event.get('Name') or '-'} ({event.get('SubType') or '-'})"
    return paths[id]


def _happened(event: Mapping[str, Any]) -> str | None:
    type = event["EventType"]
    details = event.get(f"{type}Details") or {}
    error = ((details.get("Error") or {}).get("Payload") or {}).get("ErrorType")
    if type == "InvocationCompleted" and error is None:
        return None
    attempt = (details.get("RetryDetails") or {}).get("CurrentAttempt")
    parts = [type, f"attempt {attempt}" if attempt else None, error]
    return " ".join(part for part in parts if part)
