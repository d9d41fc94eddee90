"""A service that applies updates in memory, and nothing else: equally cheap for all SDKs.

It does not validate, keeps no history and answers at once, or after a latency in seconds.
"""

import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

ARN = "arn:aws:lambda:eu-west-1:123456789012:function:orders:7/durable-execution/order-1/inv-1"
_NOW = datetime(2026, 11, 21, 5, tzinfo=UTC)
_LATER = datetime(2100, 1, 1, tzinfo=UTC)
_ENDED = {"SUCCEED": "SUCCEEDED", "FAIL": "FAILED"}
_MOMENTS = ("StartTimestamp", "EndTimestamp")


class Memory:
    """The state of one execution, and counts of what was sent."""

    def __init__(self, latency: float = 0, *, measures_bytes: bool = False) -> None:
        self.latency = latency
        self._measures_bytes = measures_bytes
        self.forget()

    def forget(self) -> None:
        """Begin anew, with another execution."""
        self.requests = 0
        self.bytes = 0
        self._records: dict[str, dict[str, Any]] = {}

    # --- What the SDKs call -----------------------------------------------------------------

    def checkpoint(self, execution_arn: str, token: str, updates: Sequence[Any]) -> Any:
        """Save updates, as our own SDK asks for it."""
        if self.latency:
            time.sleep(self.latency)
        return self.apply(updates)

    def get_state(self, execution_arn: str, token: str, marker: str) -> Any:
        """Nothing is ever on another page."""
        raise AssertionError(marker)

    def checkpoint_durable_execution(self, **given: Any) -> Any:
        """Save updates, as boto3's client does."""
        return self.checkpoint(given["DurableExecutionArn"], "", given["Updates"])

    def get_durable_execution_state(self, **given: Any) -> Any:
        """Nothing is ever on another page."""
        raise AssertionError(given)

    def apply(self, updates: Sequence[Any]) -> Any:
        """Save updates and return the answer."""
        self.requests += 1
        if self._measures_bytes:
            self.bytes += len(json.dumps(updates))
        changed = {}
        for update in updates:
            id = update["Id"]
            record = self._records.get(id)
            if record is None:
                self._records[id] = record = {"StartTimestamp": _NOW}
            else:
                record = self._records[id] = dict(record)  # an answer is a copy of what is stored
            _change(record, update)
            changed[id] = record
        return {
            "CheckpointToken": f"token-{self.requests}",
            "NewExecutionState": {"Operations": list(changed.values())},
        }

    # --- What the host does -----------------------------------------------------------------

    def event(self) -> dict[str, Any]:
        """Return an invocation's event with all that is to be seen of the state."""
        operations: list[Any] = [
            {
                "Id": "inv-1",
                "Type": "EXECUTION",
                "Status": "STARTED",
                "StartTimestamp": _milliseconds(_NOW),
                "ExecutionDetails": {"InputPayload": "{}"},
            }
        ]
        hidden = set()
        for id, record in self._records.items():
            parent = record.get("ParentId")
            if parent in hidden:
                hidden.add(id)
                continue
            context = record.get("ContextDetails") or {}
            if record["Status"] in _ENDED.values() and not context.get("ReplayChildren"):
                hidden.add(id)  # so are its own children; the operation itself is not
            operations.append({key: _in_event(value) for key, value in record.items()})
        return {
            "DurableExecutionArn": ARN,
            "CheckpointToken": "token-0",
            "InitialExecutionState": {"Operations": operations},
        }

    def pass_time(self) -> int:
        """End all waits; return how many there were."""
        waiting = [
            record
            for record in self._records.values()
            if record["Type"] == "WAIT" and record["Status"] == "STARTED"
        ]
        for record in waiting:
            record.update({"Status": "SUCCEEDED", "EndTimestamp": _NOW})
        return len(waiting)


def _change(record: dict[str, Any], update: Any) -> None:
    action, kind = update["Action"], update["Type"]
    record["Id"], record["Type"] = update["Id"], kind
    for member in ("ParentId", "Name", "SubType"):
        if member in update:
            record[member] = update[member]
    record["Status"] = _ENDED.get(action, "STARTED")
    if action in _ENDED:
        record["EndTimestamp"] = _NOW
    if kind == "STEP":
        record["StepDetails"] = {"Attempt": int(action != "START"), "Result": update.get("Payload")}
    elif kind == "CONTEXT":
        options = update.get("ContextOptions") or {}
        record["ContextDetails"] = {
            "Result": update.get("Payload"),
            "ReplayChildren": options.get("ReplayChildren", False),
        }
    elif kind == "WAIT":
        record["WaitDetails"] = {"ScheduledEndTimestamp": _LATER}


def _in_event(value: Any) -> Any:
    if isinstance(value, datetime):
        return _milliseconds(value)
    if isinstance(value, dict):
        return {key: _in_event(member) for key, member in value.items()}
    return value


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
