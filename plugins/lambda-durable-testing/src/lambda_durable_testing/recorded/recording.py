"""A recorded execution: its history with all data, as a versioned JSON file."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Protocol

from lambda_durable.errors import InvalidInputError
from lambda_durable.protocol import epoch_seconds

from .redaction import Redact, redacted

FORMAT: Final = "lambda-durable-recording"
VERSION: Final = 1

Event = dict[str, Any]
"""One entry of a history, in the service's shape; timestamps are whole milliseconds."""

_DATA: Final = ("Input", "Result", "Error", "Reason")
_ENDS: Final = {
    "ExecutionSucceeded": "SUCCEEDED",
    "ExecutionFailed": "FAILED",
    "ExecutionTimedOut": "TIMED_OUT",
    "ExecutionStopped": "STOPPED",
}


_NOT_REPLAYED: Final = frozenset(
    {*_ENDS, "InvocationCompleted", "ExecutionPaused", "ExecutionResumed"}
)
"""What no state is made of, so that its data may be missing."""


class Histories(Protocol):
    """A service in this process that keeps histories: the kernel's, on whatever store."""

    def events(self, arn: str) -> Sequence[Mapping[str, Any]]:
        """Return the whole history of an execution, oldest first."""
        ...


@dataclass(frozen=True, slots=True)
class Recording:
    """What happened in one execution, event by event.

    Make one with `from_client` (AWS, or any endpoint that boto3 can reach), `from_service` (a
    local store) or `from_events`; keep it with `save`, and get it back with `load`.
    """

    arn: str
    events: Sequence[Event]
    handler: str | None = None
    """Which handler made it, as `module:name`, for those who replay whole folders."""
    serializers: Mapping[str, str] = field(default_factory=dict)
    """Which serializers wrote the payloads, by operation id, as far as known; see `made_by`."""

    @classmethod
    def from_client(
        cls, client: Any, arn: str, *, handler: str | None = None, redact: Redact | None = None
    ) -> "Recording":
        """Record an execution through a boto3 Lambda client, page by page.

        It may still run; then all is recorded that has happened. `redact` is called for each text
        that the history holds. InvalidInputError if the service has left data out.
        """
        return cls.from_events(arn, history_of(client, arn), handler=handler, redact=redact)

    @classmethod
    def from_service(
        cls,
        service: Histories,
        arn: str,
        *,
        handler: str | None = None,
        redact: Redact | None = None,
    ) -> "Recording":
        """Record an execution of a service in this process, such as `DurableService` on a store."""
        return cls.from_events(arn, service.events(arn), handler=handler, redact=redact)

    @classmethod
    def from_events(
        cls,
        arn: str,
        events: Iterable[Mapping[str, Any]],
        *,
        handler: str | None = None,
        redact: Redact | None = None,
    ) -> "Recording":
        """Make a recording of events that are at hand, oldest first."""
        kept = [plain(event) for event in events]
        if not kept or kept[0].get("EventType") != "ExecutionStarted":
            raise InvalidInputError(
                f"the history of {arn} does not begin with ExecutionStarted; record it whole, from "
                "its first event on, oldest first"
            )
        for event in kept:
            _check_whole(arn, event)
        if redact is not None:
            kept = [redacted(event, redact) for event in kept]
        return cls(arn, kept, handler)

    @classmethod
    def load(cls, path: Path | str) -> "Recording":
        """Read a recording from its file; InvalidInputError if it is none."""
        try:
            content = json.loads(Path(path).read_text(encoding="utf-8"))
        except ValueError as error:
            raise InvalidInputError(f"{path} is no recording: it is not JSON ({error})") from error
        if not isinstance(content, dict) or content.get("format") != FORMAT:
            raise InvalidInputError(
                f"{path} is no recording: its member `format` is not {FORMAT!r}. Recordings are "
                "written by Recording.save()"
            )
        if content.get("version") != VERSION:
            raise InvalidInputError(
                f"{path} has version {content.get('version')!r} of the format, but this release of "
                f"lambda-durable-testing reads version {VERSION}; record the execution again"
            )
        made = cls.from_events(content["arn"], content["events"], handler=content.get("handler"))
        return replace(made, serializers=content.get("serializers") or {})

    def save(self, path: Path | str) -> None:
        """Write the recording to a file, one event per line, so that changes can be reviewed."""
        head = {
            "format": FORMAT,
            "version": VERSION,
            "arn": self.arn,
            "handler": self.handler,
            "serializers": dict(self.serializers),
        }
        lines = ",\n".join(json.dumps(event, ensure_ascii=False) for event in self.events)
        text = f'{json.dumps(head, indent=1)[:-2]},\n "events": [\n{lines}\n]}}\n'
        Path(path).write_text(text, encoding="utf-8")

    @property
    def status(self) -> str:
        """How the execution ended: SUCCEEDED, FAILED, TIMED_OUT, STOPPED, or RUNNING."""
        return _ENDS.get(self.events[-1]["EventType"], "RUNNING")

    @property
    def name(self) -> str:
        """The function and the execution's name, as the ARN tells them."""
        function, _, execution = self.arn.partition("/durable-execution/")
        name = function.partition(":function:")[2].partition(":")[0] or function
        return f"{name}/{execution.partition('/')[0]}" if execution else name


def history_of(client: Any, arn: str) -> list[Event]:
    """Return the whole history of an execution, with its data, through a boto3 Lambda client."""
    asked = {"DurableExecutionArn": arn, "IncludeExecutionData": True, "MaxItems": 1000}
    page = client.get_durable_execution_history(**asked)
    events = list(page["Events"])
    while page.get("NextMarker"):
        page = client.get_durable_execution_history(**asked, Marker=page["NextMarker"])
        events += page["Events"]
    return [plain(event) for event in events]


def plain(value: Any) -> Any:
    """Return a value of boto3's answers as JSON has it; points in time become milliseconds."""
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items() if key != "ResponseMetadata"}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, datetime):
        return round((epoch_seconds(value) or 0.0) * 1000)
    return value


def _check_whole(arn: str, event: Event) -> None:
    if event.get("EventType") in _NOT_REPLAYED:
        return
    details = event.get(f"{event.get('EventType')}Details") or {}
    for name in _DATA:
        if (details.get(name) or {}).get("Truncated"):
            raise InvalidInputError(
                f"event {event.get('EventId')} ({event['EventType']}) of {arn} has its {name} cut "
                "off, so nothing can be replayed from it; ask for the history with "
                "IncludeExecutionData=True"
            )
