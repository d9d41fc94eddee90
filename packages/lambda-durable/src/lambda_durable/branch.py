"""A line of control, which a suspension ends as a whole."""

from .errors import Suspension


class Branch:
    """A line of control: the handler, or one branch beside it. A suspension ends all of it."""

    __slots__ = ("driven", "parent", "suspension", "until")

    def __init__(self, parent: "Branch | None" = None) -> None:
        self.parent = parent
        self.driven = 0
        """How many of its flows do something just now, where the runtime counts that."""
        self.suspension: Suspension | None = None
        self.until: float | None = None

    def renewed(self) -> "Branch":
        """Return a branch in its place that is not suspended."""
        return Branch(self.parent)

    def suspend(self, where: str, until: float | None) -> Suspension:
        """Note that the branch rests until `until`, and return what to raise."""
        if self.suspension is None:
            self.suspension = Suspension(f"suspended at {where!r}")
            self.until = until
        return self.suspension
