"""What happened in a run, in order: for whoever has to understand why it went wrong."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from lambda_durable.protocol import OperationUpdate

from ..stand_ins import Call


@dataclass(slots=True)
class Timeline:
    """Lines about invocations, bodies, checkpoints and, marked, the events of the schedule."""

    lines: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    """The events of the schedule that took place."""

    def invocation(self, number: int, function: str) -> None:
        """Note that an invocation begins."""
        self.lines.append(f"  invocation {number} of {function}")

    def body(self, call: Call) -> None:
        """Note that a body begins."""
        self.lines.append(f"    {called(call)}")

    def saved(self, number: int, updates: Sequence[OperationUpdate]) -> None:
        """Note that a checkpoint was saved."""
        self.lines.append(f"    checkpoint {number} saved: {described(updates)}")

    def event(self, text: str) -> None:
        """Note an event of the schedule."""
        self.events.append(text)
        self.lines.append(f"  > {text}")

    @property
    def last(self) -> str:
        """What happened last, on one line."""
        return self.lines[-1].strip(" >") if self.lines else "the start"


def called(call: Call) -> str:
    """Return how a call of a body is written."""
    again = f", attempt {call.attempt}" if call.attempt > 1 else ""
    return f"body of {call.path or call.name!r} runs{again}"


def described(updates: Sequence[OperationUpdate]) -> str:
    """Return what a request asks for, on one line."""
    shown = [
        f"{update['Action']} {update['Type'].lower()} {_name(update)}" for update in updates[:4]
    ]
    more = f" and {len(updates) - 4} more" if len(updates) > 4 else ""
    return (", ".join(shown) or "a refresh") + more


def _name(update: OperationUpdate) -> str:
    name = update.get("Name")
    return repr(name) if name else f"({update.get('SubType') or update['Id'][:8]})"
