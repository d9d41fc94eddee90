"""Which lines of an `async def` handler do something just now."""

from types import TracebackType

from ..line import Line


class Driven:
    """Counts, for each line, the flows that run user code or wait for an answer of the service."""

    def __init__(self) -> None:
        self._active: dict[Line, int] = {}

    def is_held(self) -> bool:
        """Return whether a line does something for whose sake the invocation goes on."""
        return any(line.is_held() for line in self._active)

    def on(self, line: Line) -> "_Busy":
        """Note that a flow on `line` does something while what is returned is held open."""
        return _Busy(self._active, line)


class _Busy:
    """Counts a line as active; a class of its own, since each operation opens several."""

    __slots__ = ("_active", "_line")

    def __init__(self, active: dict[Line, int], line: Line) -> None:
        self._active = active
        self._line = line

    def __enter__(self) -> None:
        self._active[self._line] = self._active.get(self._line, 0) + 1
        _count(self._line, +1)

    def __exit__(
        self,
        type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        _count(self._line, -1)
        left = self._active[self._line] - 1
        if left:
            self._active[self._line] = left
        else:
            del self._active[self._line]


def _count(line: Line | None, change: int) -> None:
    while line is not None:
        line.driven += change
        line = line.parent
