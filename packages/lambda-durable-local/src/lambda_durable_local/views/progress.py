"""The progress of executions, line by line, while they run."""

import threading
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from lambda_durable.protocol import EventType, Operation
from lambda_durable_kernel.model import Change, Event, InFlight, Start

from .layout import row
from .lines import Words, invocation_ended, words
from .names import Known
from .screen import Screen
from .texts import duration, since, took
from .waiting import doing

_ENDS: Final = frozenset(
    {
        EventType.EXECUTION_SUCCEEDED,
        EventType.EXECUTION_FAILED,
        EventType.EXECUTION_TIMED_OUT,
        EventType.EXECUTION_STOPPED,
    }
)


class Progress:
    """Shows what a service changes, as it does; its methods may be called from any thread."""

    def __init__(self, screen: Screen, main_function: str) -> None:
        self._screen = screen
        self._main_function = main_function
        self._lock = threading.Lock()
        # Ids are unique in one execution only.
        self._known: defaultdict[str, Known] = defaultdict(Known)
        self._in_flight: dict[str, str | None] = {}
        self._invocations: dict[str, int] = {}
        self._began: float | None = None
        self._now = 0.0

    def resume(self, start: Start, operations: Sequence[Operation]) -> None:
        """Take note of what an execution did before."""
        self._began = start.started_at * 1000
        self._known[start.arn].add(operations)

    def changed(self, changes: Sequence[Change]) -> None:
        """Show what was saved."""
        with self._lock:
            for change in changes:
                self._changed(change)

    def log(self, function: str, line: str) -> None:
        """Show a line that a function printed."""
        source = "" if function == self._main_function else f"{function}: "
        with self._lock:
            self._print("", "", Words(f"| {source}{line}", "dim"))

    def skipped(self, seconds: float) -> None:
        """Show that the time jumped."""
        with self._lock:
            self._print("", "", Words(f"... {duration(round(seconds) or seconds)} skipped", "dim"))

    def killed(self, name: str, body_done: bool) -> None:
        """Show that a process was killed."""
        when = "after its body, before its outcome was saved" if body_done else "while it ran"
        with self._lock:
            text = f"SIGKILL to the function's process, {when}"
            self._print(f"  {name}", "kill", Words(text, "bold red"), self._now)

    def close(self) -> None:
        """End the movement on the screen."""
        self._screen.close()

    def _changed(self, change: Change) -> None:
        arn, progress = change.start.arn, change.progress
        if self._began is None:
            self._began = change.start.started_at * 1000
        known = self._known[arn]
        known.add(operation.record for operation in change.operations)
        ended = {event["EventType"] for event in change.events} & _ENDS
        last = {event["Id"]: event["EventId"] for event in change.events if "Id" in event}
        for event in change.events:
            is_last = last.get(event.get("Id", "")) == event["EventId"]
            # A START is not worth a line if what it led to has one in the same moment.
            if is_last or event["EventType"] == EventType.INVOCATION_COMPLETED:
                self._event(change.start, event, closed=bool(ended))
        self._note_invocation(change.start, progress.in_flight, progress.invocations)
        if arn in self._in_flight and change.start.parent is None:
            number = self._invocations.get(arn) if progress.in_flight is not None else None
            self._screen.status(doing(known, number, self._now))

    def _note_invocation(self, start: Start, in_flight: InFlight | None, number: int) -> None:
        id = in_flight.id if in_flight is not None else None
        if id is not None and self._in_flight.get(start.arn) != id:
            self._now = in_flight.started_at * 1000 if in_flight is not None else self._now
            self._invocations[start.arn] = number
            self._heading(start, number, Words("begins"), self._now)
        self._in_flight[start.arn] = id

    def _event(self, start: Start, event: Event, *, closed: bool) -> None:
        type, at = event["EventType"], event["EventTimestamp"]
        self._now = at
        if type == EventType.INVOCATION_COMPLETED:
            said = invocation_ended(event, closed=closed)
            self._heading(start, self._invocations.get(start.arn, 0), said, at)
        elif type not in _ENDS and type != EventType.EXECUTION_STARTED:
            id, known = event["Id"], self._known[start.arn]
            record = known.record(id)
            said = words(event, took=None if record is None else took(record))
            indent = "  " * (1 + known.depth(id) + (start.parent is not None))
            title = f"{indent}{known.title(id)}"
            self._print(title, known.kind(id), said, at)

    def _heading(self, start: Start, number: int, said: Words, at: float) -> None:
        title = f"invocation {number}"
        if start.parent is not None:
            title = f"  {start.function.name} {title}"
        self._print(title, "", said, at)

    def _print(self, name: str, kind: str, said: Words, at: float | None = None) -> None:
        time = "" if at is None or self._began is None else since(self._began, at)
        self._screen.print(row(self._screen.console, time, name, kind, said))
