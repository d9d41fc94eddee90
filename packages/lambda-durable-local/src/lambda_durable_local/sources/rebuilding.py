"""Operations as their history tells them, for a service that does not list operations."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

from lambda_durable.protocol import Operation, OperationType
from lambda_durable_kernel.model import Event
from lambda_durable_kernel.records import DETAILS

_EVENT = re.compile(r"(Step|Context|Wait|Callback|ChainedInvoke)([A-Z]\w+)")
_TYPES = {
    "Step": "STEP",
    "Context": "CONTEXT",
    "Wait": "WAIT",
    "Callback": "CALLBACK",
    "ChainedInvoke": "CHAINED_INVOKE",
}
_STATUSES = {
    "Started": "STARTED",
    "Succeeded": "SUCCEEDED",
    "Failed": "FAILED",
    "TimedOut": "TIMED_OUT",
    "Stopped": "STOPPED",
    "Cancelled": "CANCELLED",
}


def in_milliseconds(value: Any) -> Any:
    """Return a value of boto3's with whole milliseconds for its times."""
    if isinstance(value, datetime):
        return round(value.timestamp() * 1000)
    if isinstance(value, dict):
        return {key: in_milliseconds(each) for key, each in value.items()}
    if isinstance(value, list):
        return [in_milliseconds(each) for each in value]
    return value


def operations(events: Iterable[Event]) -> list[Operation]:
    """Return the operations of a history, in the order of their starts."""
    found: dict[str, dict[str, Any]] = {}
    for event in events:
        kind = _EVENT.fullmatch(event["EventType"])
        if kind is not None:
            _apply(found, event, _TYPES[kind[1]], _STATUSES[kind[2]])
    return cast(list[Operation], list(found.values()))


def _apply(found: dict[str, dict[str, Any]], event: Event, type: str, status: str) -> None:
    at = event["EventTimestamp"]
    record = found.get(event["Id"])
    if record is None:
        record = found[event["Id"]] = {"Id": event["Id"], "Type": type, "StartTimestamp": at}
        for key in ("Name", "ParentId", "SubType"):
            if key in event:
                record[key] = event[key]
    delay = _add_details(record, event, type)
    if delay is not None:
        status = "PENDING"
    record["Status"] = status
    if status not in ("STARTED", "PENDING"):
        record["EndTimestamp"] = at


def _add_details(record: dict[str, Any], event: Event, type: str) -> int | None:
    """Add what an event tells of its operation; return the seconds until the next attempt."""
    told: dict[str, Any] = event.get(f"{event['EventType']}Details", {})
    details = record.setdefault(DETAILS[OperationType(type)], {})
    if event["EventType"].endswith("Started"):
        details.pop("NextAttemptTimestamp", None)
    else:
        # An attempt's end stands for all attempts before it.
        for key in ("Result", "Error", "NextAttemptTimestamp"):
            details.pop(key, None)
    for key in ("Result", "Error"):
        if "Payload" in told.get(key, {}):
            details[key] = told[key]["Payload"]
    for key in ("CallbackId", "ScheduledEndTimestamp"):
        if key in told:
            details[key] = told[key]
    retry = told.get("RetryDetails", {})
    if "CurrentAttempt" in retry:
        details["Attempt"] = retry["CurrentAttempt"]
    delay: int | None = retry.get("NextAttemptDelaySeconds")
    if delay is not None:
        details["NextAttemptTimestamp"] = event["EventTimestamp"] + delay * 1000
    return delay
