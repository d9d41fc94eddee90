"""What there is to say about an execution: read from its store, for people and for programs."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from lambda_durable.protocol import EventType, Operation
from lambda_durable_kernel import Store
from lambda_durable_kernel.model import Event, ExecutionRow

UNKNOWN: Final = -1
"""Stands for a number that only the service knows."""


@dataclass(frozen=True, slots=True)
class Report:
    """An execution as it stands.

    By the id of an operation, `runs` is how often the body of a step began, and `deadlines` when a
    callback times out, in milliseconds.
    """

    row: ExecutionRow
    operations: list[Operation]
    runs: dict[str, int]
    deadlines: dict[str, int] = field(default_factory=dict)

    @property
    def invocations(self) -> int:
        """How many times its handler was invoked."""
        return self.row.progress.invocations

    @property
    def checkpoints(self) -> int | None:
        """How many checkpoint requests were answered with a token; None if that is unknown."""
        if self.row.progress.token_number == UNKNOWN:
            return None
        # Each invocation and each answer takes the next number.
        return self.row.progress.token_number - self.row.progress.invocations

    @property
    def elapsed(self) -> float | None:
        """Seconds from its start to its end, on its own clock; None while it is open."""
        ended_at = self.row.progress.ended_at
        return None if ended_at is None else ended_at - self.row.start.started_at

    def as_json(self) -> dict[str, Any]:
        """Return all of it in JSON's types; times are ISO 8601, in UTC."""
        return {
            **summary(self.row),
            "checkpoints": self.checkpoints,
            "input": read_json(self.row.start.input),
            "operations": [_operation(each, self) for each in self.operations],
        }


def summary(row: ExecutionRow) -> dict[str, Any]:
    """Return an execution without its operations, in JSON's types."""
    start, progress = row.start, row.progress
    return {
        "arn": start.arn,
        "name": start.name,
        "function": start.function.name,
        "status": str(progress.status),
        "started_at": as_iso(start.started_at * 1000),
        "ended_at": None if progress.ended_at is None else as_iso(progress.ended_at * 1000),
        "invocations": None if progress.invocations == UNKNOWN else progress.invocations,
        "result": None if progress.result is None else read_json(progress.result),
        "error": progress.error,
    }


def report(store: Store, arn: str) -> Report:
    """Return the report of an execution that is in the store."""
    row = store.execution(arn)
    assert row is not None, "looked up before"
    operations = as_tree([each.record for each in store.operations(arn)])
    events = store.events(arn, 0, None, reverse=False)
    return Report(row, operations, body_runs(events), deadlines(events))


def as_tree(operations: Iterable[Operation]) -> list[Operation]:
    """Return operations, given in the order of their starts, each followed by what is inside it."""
    children: dict[str | None, list[Operation]] = {}
    for operation in operations:
        children.setdefault(operation.get("ParentId"), []).append(operation)
    ordered: list[Operation] = []
    waiting = children.get(None, [])[::-1]
    while waiting:
        operation = waiting.pop()
        ordered.append(operation)
        waiting += children.get(operation["Id"], [])[::-1]
    return ordered


def body_runs(events: Iterable[Event]) -> dict[str, int]:
    """Return how often the body of each step began, by its id, as far as a history tells.

    A START is a run. An attempt that a crash interrupted has no second START when it is made
    again, so what was interrupted and then ended has run once more; unless it is the interruption
    itself that is recorded as its end (an at-most-once step).
    """
    runs: Counter[str] = Counter()
    interrupted: dict[str, int] = {}
    for event in events:
        match event["EventType"]:
            case EventType.STEP_STARTED:
                runs[event["Id"]] += 1
                interrupted[event["Id"]] = 0
            case EventType.STEP_SUCCEEDED | EventType.STEP_FAILED:
                again = interrupted.pop(event["Id"], 0)
                if not _error_type(event).endswith("StepInterruptedError"):
                    runs[event["Id"]] += again
            case EventType.INVOCATION_COMPLETED:
                if "Error" in event["InvocationCompletedDetails"]:
                    for id in interrupted:
                        interrupted[id] += 1
            case _:
                pass
    return dict(runs)


def deadlines(events: Iterable[Event]) -> dict[str, int]:
    """Return when callbacks time out, in milliseconds, by their ids; heartbeats apart."""
    return {
        event["Id"]: event["EventTimestamp"] + event["CallbackStartedDetails"]["Timeout"] * 1000
        for event in events
        if event["EventType"] == EventType.CALLBACK_STARTED
        and event["CallbackStartedDetails"].get("Timeout")
    }


def waits_until(record: Operation, report: Report) -> int | None:
    """Return until when an operation waits at most, in milliseconds; None without such a time."""
    match record["Type"], record["Status"]:
        case "WAIT", "STARTED":
            return record.get("WaitDetails", {}).get("ScheduledEndTimestamp")
        case "STEP", "PENDING":
            return record.get("StepDetails", {}).get("NextAttemptTimestamp")
        case "CALLBACK", "STARTED":
            return report.deadlines.get(record["Id"])
        case _:
            return None


def details(record: Operation) -> dict[str, Any]:
    """Return the member of a record that belongs to its type."""
    for key in ("StepDetails", "ContextDetails", "ChainedInvokeDetails", "CallbackDetails"):
        found: dict[str, Any] | None = record.get(key)  # type: ignore[assignment]  # one of its keys
        if found is not None:
            return found
    return {}


def read_json(text: str) -> Any:
    """Return the value of a JSON text, the text itself if it is none."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _operation(record: Operation, report: Report) -> dict[str, Any]:
    until = waits_until(record, report)
    told = details(record)
    ended = record.get("EndTimestamp")
    return {
        "id": record["Id"],
        "parent_id": record.get("ParentId"),
        "name": record.get("Name"),
        "type": record["Type"],
        "subtype": record.get("SubType"),
        "status": record["Status"],
        "attempts": told.get("Attempt"),
        "runs": report.runs.get(record["Id"]),
        "started_at": as_iso(record["StartTimestamp"]),
        "ended_at": None if ended is None else as_iso(ended),
        "result": told.get("Result"),
        "error": told.get("Error"),
        "waits_until": None if until is None else as_iso(until),
    }


def _error_type(event: Event) -> str:
    if event["EventType"] != EventType.STEP_FAILED:
        return ""
    error: dict[str, Any] = event["StepFailedDetails"]["Error"].get("Payload") or {}
    return str(error.get("ErrorType") or "")


def as_iso(milliseconds: float) -> str:
    """Return a time as ISO 8601, in UTC."""
    # Rounded, as the service does it in what it answers.
    moment = datetime.fromtimestamp(round(milliseconds) / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
