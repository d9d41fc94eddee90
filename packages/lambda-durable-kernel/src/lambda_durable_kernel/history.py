"""The parts that history events are made of, and how their data is left out."""

from typing import Any

from lambda_durable.protocol import ErrorObject, EventType, Operation

from .model import Event

_DATA = ("Input", "Result", "Error", "Reason")


def event(
    number: int, type: EventType, at: int, details: dict[str, Any], record: Operation | None
) -> Event:
    """Return event `number` of a history; `record` is the operation it is about, if any."""
    entry: Event = {"EventId": number, "EventType": type, "EventTimestamp": at}
    if record is not None:
        entry["Id"] = record["Id"]
        for key in ("Name", "ParentId", "SubType"):
            if key in record:
                entry[key] = record[key]
    entry[f"{type}Details"] = details
    return entry


def data(payload: str | ErrorObject | None) -> dict[str, Any]:
    """Return the wrapping in which a history shows a payload, an error or a reason."""
    if payload is None:
        return {"Truncated": False}
    return {"Payload": payload, "Truncated": False}


def retry_details(attempt: int, delay: int | None = None) -> dict[str, int]:
    """Return which attempt (from 1) has ended, and in how many seconds there is another."""
    if delay is None:
        return {"CurrentAttempt": attempt}
    return {"CurrentAttempt": attempt, "NextAttemptDelaySeconds": delay}


def without_data(entry: Event) -> Event:
    """Return the event with payloads left out and marked as truncated."""
    key = f"{entry['EventType']}Details"
    details = dict(entry[key])
    for name in _DATA:
        if "Payload" in details.get(name, ()):
            details[name] = {"Truncated": True}
    return {**entry, key: details}
