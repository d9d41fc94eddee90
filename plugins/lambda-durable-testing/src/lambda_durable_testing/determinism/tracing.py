"""What a replay asks for, as plain data that can be compared and sent between processes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias

from lambda_durable import DurableHandler

from ..recorded import Recording
from ..recorded.comparing import replay_moment
from ..recorded.moments import Moment, moments
from ..recorded.reading import Payloads
from .surroundings import Surroundings, within


class Asked(NamedTuple):
    """An operation that the code asked for."""

    id: str
    title: str
    """Type, subtype and name."""
    is_new: bool
    """Whether the state does not hold it yet."""
    line: str

    def __str__(self) -> str:
        return f"{'new     ' if self.is_new else 'recorded'}  {self.title}    {self.line}"

    @property
    def compared(self) -> tuple[str, str, bool]:
        """What has to be the same."""
        return self.id, self.title, self.is_new


class Trace(NamedTuple):
    """One replay: after which event, what it asked for, and how the invocation ended."""

    after: str
    asked: tuple[Asked, ...]
    ending: str

    @property
    def compared(self) -> Any:
        """What has to be the same; in which order branches asked does not."""
        return sorted(each.compared for each in self.asked), self.ending


Traces: TypeAlias = list[Trace]


def traced(
    handler: DurableHandler[Any, Any], recording: Recording, surroundings: Surroundings
) -> Traces:
    """Replay a handler at each prefix of a recording, in other surroundings."""
    with within(surroundings):
        return [_trace(handler, recording, moment) for moment in moments(recording)]


def dumped(traces: Traces) -> str:
    """Return traces as JSON."""
    return json.dumps(traces)


def loaded(text: str) -> Traces:
    """Return traces from JSON."""
    found: Sequence[Any] = json.loads(text)
    return [
        Trace(after, tuple(Asked(*each) for each in asked), ending)
        for after, asked, ending in found
    ]


def _trace(handler: DurableHandler[Any, Any], recording: Recording, moment: Moment) -> Trace:
    replayed = replay_moment(handler, recording.arn, moment, Payloads(recording.serializers))
    watch, records = replayed.watch, moment.state.records
    asked: list[Asked] = []
    for id, line in watch.asked.items():
        record, ground = records.get(id), watch.ground.get(id)
        if record is not None:
            title = _title(record["Type"], record.get("SubType"), record.get("Name"))
        elif ground is not None:
            title = _title(ground.type, ground.subtype, ground.name)
        else:
            continue  # it was looked for and never asked for
        asked.append(Asked(id, title, record is None, line))
    ending = replayed.status + (f" {replayed.error.splitlines()[0]}" if replayed.error else "")
    if replayed.asked is not None:
        ending += f": it asked for {_title(*replayed.asked[3:6])}"
    event = moment.state.event
    after = f"event {event['EventId']}, {event['EventType']} {event.get('Name') or ''}".strip()
    return Trace(after, tuple(asked), ending)


def _title(type: str, subtype: str | None, name: str | None) -> str:
    kind = (
        type.lower() if subtype is None or subtype.upper() == type else f"{type.lower()} {subtype}"
    )
    return f"{kind} {name!r}" if name else kind
