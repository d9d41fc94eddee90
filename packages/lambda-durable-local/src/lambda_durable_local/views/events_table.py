"""A history as a table, an event each line."""

from collections.abc import Iterable, Sequence

from rich.table import Table
from rich.text import Text

from lambda_durable.protocol import EventType, Operation
from lambda_durable_kernel.model import Event

from .lines import invocation_ended, words
from .names import Known
from .table import plain_table
from .texts import error_line, one_line, since


def events_table(events: Sequence[Event], operations: Iterable[Operation]) -> Table:
    """Return the table of a history, the times counted from its first event."""
    known = Known()
    known.add(operations)
    table = plain_table(
        ("", "right"), ("time", "right"), ("event", "left"), ("operation", "left"), last="what"
    )
    began = events[0]["EventTimestamp"] if events else 0
    for event in events:
        id = event.get("Id", "")
        named = not event["EventType"].startswith(("Execution", "Invocation"))
        table.add_row(
            str(event["EventId"]),
            since(began, event["EventTimestamp"]),
            event["EventType"],
            known.title(id) if named else "",
            _what(event),
        )
    return table


def _what(event: Event) -> Text:
    type = event["EventType"]
    told = event.get(f"{type}Details", {})
    if type == EventType.INVOCATION_COMPLETED:
        said = invocation_ended(event, closed=True)
        return Text(said.text if "Error" in told else "", style=said.style)
    said = words(event)
    if type == EventType.STEP_FAILED:
        return Text(said.text, style=said.style)
    if "NextAttemptDelaySeconds" in told.get("RetryDetails", {}):
        state = one_line(str(told["Result"].get("Payload", "")))
        return Text.assemble((f"{said.text}: ", said.style), (state, "dim"))
    if type == EventType.CHAINED_INVOKE_STARTED:
        given = one_line(str(told.get("Input", {}).get("Payload", "")))
        return Text.assemble((f"{said.text} ", said.style), (given, "dim"))
    if "Error" in told:
        return Text(error_line(told["Error"].get("Payload")), style="red")
    for member in ("Result", "Input"):
        if member in told:
            return Text(one_line(str(told[member].get("Payload", ""))), style="dim")
    return Text("" if said.text in ("started", "succeeded") else said.text, style=said.style)
