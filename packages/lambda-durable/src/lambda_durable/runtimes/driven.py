"""Which lines of an `async def` handler do something just now."""

from collections.abc import Iterator
from contextlib import contextmanager

from ..line import Line


class Driven:
    """Counts, for each line, the flows that run user code or wait for an answer of the service."""

    def __init__(self) -> None:
        self._active: dict[Line, int] = {}

    def is_held(self) -> bool:
        """Return whether a line does something for whose sake the invocation goes on."""
        return any(line.is_held() for line in self._active)

    @contextmanager
    def on(self, line: Line) -> Iterator[None]:
        """Note that a flow on `line` does something while this is held open."""
        self._active[line] = self._active.get(line, 0) + 1
        _count(line, +1)
        try:
            yield
        finally:
            _count(line, -1)
            self._active[line] -= 1
            if not self._active[line]:
                del self._active[line]


def _count(line: Line | None, change: int) -> None:
    while line is not None:
        line.driven += change
        line = line.parent
