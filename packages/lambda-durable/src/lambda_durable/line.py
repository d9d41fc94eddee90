"""A line of control, which a suspension ends as a whole."""

from collections.abc import Mapping

from .errors import Suspension
from .protocol import Operation

Awaited = Mapping[str, Operation | None]
"""The operations that a line waits for, by id, and their records when it began to."""

_NOTHING: Awaited = {}


class Line:
    """A line of control: the handler, or one branch beside it. A suspension ends all of it."""

    __slots__ = ("awaited", "depth", "driven", "held", "parent", "parked", "suspension", "until")

    def __init__(self, parent: "Line | None" = None, *, held: bool = True) -> None:
        self.parent = parent
        self.depth: int = 0 if parent is None else parent.depth + 1
        self.held = held
        """Whether the invocation goes on for its sake."""
        self.driven = 0
        """How many flows do something just now, in it and below, where the runtime counts that."""
        self.parked = 0
        """How many flows rest, in it and below, where the runtime counts that."""
        self.suspension: Suspension | None = None
        self.until: float | None = None
        self.awaited: Awaited = _NOTHING

    def renewed(self) -> "Line":
        """Return a line in its place that is not suspended."""
        return Line(self.parent, held=self.held)

    def is_held(self) -> bool:
        """Return whether the invocation goes on for the sake of this line and all above it."""
        line: Line | None = self
        while line is not None and line.held:
            line = line.parent
        return line is None

    def suspend(
        self, where: str, until: float | None = None, awaited: Awaited | None = None
    ) -> Suspension:
        """Note that the line rests until `until`, and return what to raise."""
        if self.suspension is None:
            self.suspension = Suspension(f"suspended at {where!r}")
            self.until = until
            self.awaited = awaited or _NOTHING
        return self.suspension
