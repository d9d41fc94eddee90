"""The operations of an execution, rebuilt from its history: as the service held them at each event.

The history does not say which contexts were kept with ReplayChildren; one whose payload is empty,
or the summary of a batch, was.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from lambda_durable.protocol import CLOSED_STATUSES, Operation
from lambda_durable.protocol import EventType as E
from lambda_durable.protocol import OperationStatus as S
from lambda_durable.protocol import OperationType as T

_STATUSES: Final[dict[str, tuple[T, S]]] = {
    E.CONTEXT_STARTED: (T.CONTEXT, S.STARTED),
    E.CONTEXT_SUCCEEDED: (T.CONTEXT, S.SUCCEEDED),
    E.CONTEXT_FAILED: (T.CONTEXT, S.FAILED),
    E.STEP_STARTED: (T.STEP, S.STARTED),
    E.STEP_SUCCEEDED: (T.STEP, S.SUCCEEDED),
    E.STEP_FAILED: (T.STEP, S.FAILED),
    E.WAIT_STARTED: (T.WAIT, S.STARTED),
    E.WAIT_SUCCEEDED: (T.WAIT, S.SUCCEEDED),
    E.WAIT_CANCELLED: (T.WAIT, S.CANCELLED),
    E.CALLBACK_STARTED: (T.CALLBACK, S.STARTED),
    E.CALLBACK_SUCCEEDED: (T.CALLBACK, S.SUCCEEDED),
    E.CALLBACK_FAILED: (T.CALLBACK, S.FAILED),
    E.CALLBACK_TIMED_OUT: (T.CALLBACK, S.TIMED_OUT),
    E.CHAINED_INVOKE_STARTED: (T.CHAINED_INVOKE, S.STARTED),
    E.CHAINED_INVOKE_SUCCEEDED: (T.CHAINED_INVOKE, S.SUCCEEDED),
    E.CHAINED_INVOKE_FAILED: (T.CHAINED_INVOKE, S.FAILED),
    E.CHAINED_INVOKE_TIMED_OUT: (T.CHAINED_INVOKE, S.TIMED_OUT),
    E.CHAINED_INVOKE_STOPPED: (T.CHAINED_INVOKE, S.STOPPED),
}
_MEMBERS: Final = {
    T.CONTEXT: "ContextDetails",
    T.STEP: "StepDetails",
    T.WAIT: "WaitDetails",
    T.CALLBACK: "CallbackDetails",
    T.CHAINED_INVOKE: "ChainedInvokeDetails",
}
_SUMMARIES: Final = ("MapResult", "ParallelResult")

Event = dict[str, Any]
Records = dict[str, Operation]


@dataclass(frozen=True, slots=True)
class State:
    """All operations of an execution after one of its events, in start order."""

    event: Event
    execution: Operation
    records: Records
    at: int
    """When that was, in milliseconds since 1970."""

    def visible(self) -> list[Operation]:
        """Return what an invocation would be given: without the inside of contexts that ended."""
        hidden: set[str] = set()
        shown: list[Operation] = []
        for record in self.records.values():
            parent = record.get("ParentId")
            if parent in hidden or (parent is not None and self._hides(parent)):
                hidden.add(record["Id"])
            else:
                shown.append(record)
        return shown

    def _hides(self, id: str) -> bool:
        record = self.records.get(id)
        if record is None or record["Status"] not in CLOSED_STATUSES:
            return False
        return not (record.get("ContextDetails") or {}).get("ReplayChildren")


def states(events: Iterable[Event]) -> Iterator[State]:
    """Yield the state after each event that changed it, the start of the execution first.

    That a retry is due is no event, but a state of its own.
    """
    execution: Operation | None = None
    records: Records = {}
    waiting: dict[str, int] = {}
    last: Event = {}
    for event in events:
        type, at = event["EventType"], event["EventTimestamp"]
        if type == E.EXECUTION_STARTED:
            execution = _execution(event)
        elif type not in _STATUSES or execution is None:
            continue
        else:
            due = {id for id, until in waiting.items() if until <= at}
            if due:
                records = {**records, **{id: {**records[id], "Status": S.READY} for id in due}}
                yield State(last, execution, records, max(waiting[id] for id in due))
            record = _changed(records.get(event["Id"]), event)
            records = {**records, record["Id"]: record}
            waiting = {id: until for id, until in waiting.items() if id not in due}
            if record["Status"] == S.PENDING:
                waiting[record["Id"]] = record["StepDetails"]["NextAttemptTimestamp"]
        last = event
        yield State(event, execution, records, at)


def rebuilt(events: Iterable[Event]) -> Records:
    """Return all operations after the last of the events, in start order."""
    records: Records = {}
    for event in events:
        if event["EventType"] in _STATUSES:
            records[event["Id"]] = _changed(records.get(event["Id"]), event)
    return records


def _execution(event: Event) -> Operation:
    details = event.get("ExecutionStartedDetails") or {}
    payload = (details.get("Input") or {}).get("Payload")
    return {
        "Id": event.get("Id") or "execution",
        "Type": T.EXECUTION,
        "Status": S.STARTED,
        "StartTimestamp": event["EventTimestamp"],
        "ExecutionDetails": {} if payload is None else {"InputPayload": payload},
    }


def _changed(known: Operation | None, event: Event) -> Operation:
    """Return the record of an operation after an event about it."""
    type, status = _STATUSES[event["EventType"]]
    shown = event.get(f"{event['EventType']}Details") or {}
    record: Operation
    if known is None:
        record = {"Id": event["Id"], "Type": type, "Status": status}
        for key in ("ParentId", "Name", "SubType"):
            if event.get(key) is not None:
                record[key] = event[key]
        record["StartTimestamp"] = event["EventTimestamp"]
    else:
        record = known.copy()
    member = _MEMBERS[type]
    kept: Any = known or {}
    before: dict[str, Any] = kept.get(member) or {}
    details = {**before, **_outcome(shown)}
    if type == T.STEP:
        details, status = _step(before, shown, status, event["EventTimestamp"])
    elif type == T.CONTEXT and status == S.SUCCEEDED and _is_replayed(record, details):
        details["ReplayChildren"] = True
    elif "ScheduledEndTimestamp" in shown:
        details["ScheduledEndTimestamp"] = shown["ScheduledEndTimestamp"]
    elif "CallbackId" in shown:
        details["CallbackId"] = shown["CallbackId"]
    record["Status"] = status
    if status in CLOSED_STATUSES:
        record["EndTimestamp"] = event["EventTimestamp"]
    record[member] = details  # type: ignore[literal-required]  # a table of member names
    return record


def _step(
    before: dict[str, Any], shown: dict[str, Any], status: S, at: int
) -> tuple[dict[str, Any], S]:
    """Return a step's details and status: an attempt that ended may be followed by another."""
    if status == S.STARTED:
        kept = {key: value for key, value in before.items() if key != "NextAttemptTimestamp"}
        return {"Attempt": 0, **kept}, status
    retry = shown.get("RetryDetails") or {}
    attempt = retry.get("CurrentAttempt") or before.get("Attempt", 0) + 1
    details = {"Attempt": attempt, **_outcome(shown)}
    delay = retry.get("NextAttemptDelaySeconds")
    if delay is None:
        return details, status
    return {**details, "NextAttemptTimestamp": at + delay * 1000}, S.PENDING


def _outcome(shown: dict[str, Any]) -> dict[str, Any]:
    """Return the payload and the error that an event tells of."""
    found = {}
    for name in ("Result", "Error"):
        payload = (shown.get(name) or {}).get("Payload")
        if payload is not None:
            found[name] = payload
    return found


def _is_replayed(record: Operation, details: dict[str, Any]) -> bool:
    """Return whether the context's result was too large to be kept, so that it runs again."""
    text = details.get("Result")
    if text == "":
        return True
    if record.get("SubType") not in ("Map", "Parallel") or text is None:
        return False
    try:
        summary = json.loads(text)
    except ValueError:
        return False
    return isinstance(summary, dict) and summary.get("type") in _SUMMARIES
