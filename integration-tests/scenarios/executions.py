"""Executions as the scenarios see them: over Lambda's API, the same on every target."""

import json
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from targets.base import Deployment

_POLL_SECONDS = 0.2
_PATIENCE_SECONDS = 240.0
"""How long a scenario may take on a machine that has much else to do."""


@dataclass(frozen=True, slots=True)
class Execution:
    """An execution that has ended, as the service tells of it."""

    arn: str
    status: str
    result: Any
    error: dict[str, Any]
    events: Sequence[dict[str, Any]]

    @property
    def outline(self) -> list[str]:
        """Return the history in brief, the same wherever and whenever it was recorded.

        A line has the type of an event, the name of its operation, and for an invocation that
        ended in an error the type of that.
        """
        return [_line(event) for event in self.events]

    def of(self, *types: str, name: str | None = None) -> list[dict[str, Any]]:
        """Return the events of these types, or those of one operation."""
        found = [each for each in self.events if each["EventType"] in types]
        return [each for each in found if name is None or each.get("Name") == name]

    @property
    def invocations(self) -> int:
        """Return how many invocations it took."""
        return len(self.of("InvocationCompleted"))


class Runner:
    """Starts executions of one deployment's functions."""

    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment

    def run(self, name: str, event: Any = None) -> Execution:
        """Start an execution, wait for its end, and return what was recorded."""
        return self.finish(self.start(name, event))

    def start(self, name: str, event: Any = None) -> str:
        """Start an execution and return its ARN."""
        answer = self._deployment.client.invoke(
            FunctionName=self._deployment.reference(name),
            InvocationType="Event",
            DurableExecutionName=f"scenario-{uuid.uuid4().hex}",
            Payload=json.dumps(event),
        )
        return str(answer["DurableExecutionArn"])

    def until(self, arn: str, type: str, *, name: str | None = None) -> dict[str, Any]:
        """Wait for an event, of an operation with that name, and return it."""
        until = time.monotonic() + _PATIENCE_SECONDS
        while True:
            events = self.history(arn)
            for event in events:
                if event["EventType"] == type and name in (None, event.get("Name")):
                    return event
            _look_again(until, f"no {type} in the history of {arn}", events)

    def finish(self, arn: str) -> Execution:
        """Wait until an execution has ended, and return what was recorded of it."""
        until = time.monotonic() + _PATIENCE_SECONDS
        while True:
            found = self._deployment.client.get_durable_execution(DurableExecutionArn=arn)
            if found["Status"] not in ("RUNNING", "PAUSING", "PAUSED"):
                result = found.get("Result")
                return Execution(
                    arn,
                    found["Status"],
                    None if result is None else json.loads(result),
                    dict(found.get("Error", {})),
                    self.history(arn),
                )
            _look_again(until, f"{arn} is still {found['Status']}", self.history(arn))

    def history(self, arn: str) -> list[dict[str, Any]]:
        """Return all events of an execution so far, oldest first."""
        events: list[dict[str, Any]] = []
        marker: dict[str, Any] = {}
        while True:
            page = self._deployment.client.get_durable_execution_history(
                DurableExecutionArn=arn, IncludeExecutionData=True, MaxItems=1000, **marker
            )
            events += [dict(each) for each in page["Events"]]
            if not page.get("NextMarker"):
                return events
            marker = {"Marker": page["NextMarker"]}


def _line(event: dict[str, Any]) -> str:
    of_operation = not event["EventType"].startswith("Execution")
    parts = [event["EventType"], event.get("Name") if of_operation else None]
    error = event.get("InvocationCompletedDetails", {}).get("Error", {}).get("Payload", {})
    parts.append(error.get("ErrorType"))
    return " ".join(part for part in parts if part)


def _look_again(until: float, what: str, events: Sequence[dict[str, Any]]) -> None:
    if time.monotonic() > until:
        told = "\n".join(_line(event) for event in events)
        raise AssertionError(f"after {_PATIENCE_SECONDS:.0f} s {what}, only\n{told}")
    time.sleep(_POLL_SECONDS)
