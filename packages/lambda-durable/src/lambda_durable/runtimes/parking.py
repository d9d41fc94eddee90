"""The flows of an `async def` handler that rest until the service has news."""

import asyncio
from collections.abc import Callable, Sequence

from ..line import Line
from ..protocol import Operation
from ..scope import Place

_REFRESH_AGAIN_SECONDS = 1.0
_LONGEST_SLEEP_SECONDS = 86_400.0
"""Selectors refuse more than some weeks."""


class _Parked:
    """A flow that rests: what its operation's record was, and when it is worth asking for news."""

    __slots__ = ("future", "line", "seen", "until")

    def __init__(
        self,
        line: Line,
        seen: Operation | None,
        until: float | None,
        future: "asyncio.Future[None]",
    ) -> None:
        self.line = line
        self.seen = seen
        self.until = until
        self.future = future

    def go_on(self) -> None:
        """Let the flow be run again."""
        if not self.future.done():
            self.future.set_result(None)


class Parking:
    """All parked flows of one invocation, by the operation they wait for."""

    def __init__(
        self,
        clock: Callable[[], float],
        rested: Callable[[Line], None],
        held_back: Callable[[Line, Callable[[], None]], bool],
    ) -> None:
        self._clock = clock
        self._rested = rested
        self._held_back = held_back
        self._parked: dict[str, list[_Parked]] = {}
        self._earliest: float | None = None

    def __bool__(self) -> bool:
        return bool(self._parked)

    async def park(self, place: Place, until: float | None, on: str) -> None:
        """Rest until the record of the operation `on` has changed."""
        future = asyncio.get_running_loop().create_future()
        line = place.scope.line
        seen = place.execution.history.records.get(on)
        parked = _Parked(line, seen, until, future)
        self._parked.setdefault(on, []).append(parked)
        if until is not None and (self._earliest is None or until < self._earliest):
            self._earliest = until
        count_parked(line, +1)
        self._rested(line)
        try:
            await future
        finally:
            count_parked(line, -1)
            beside = self._parked[on]
            beside.remove(parked)
            if not beside:
                del self._parked[on]

    def is_held(self) -> bool:
        """Return whether a flow is parked for whose sake the invocation goes on."""
        return any(each.line.is_held() for parked in self._parked.values() for each in parked)

    def wake(self, changed: Sequence[Operation]) -> None:
        """Let the flows go on whose records have changed, those of limited branches in turn."""
        for operation in changed:
            for parked in self._parked.get(operation["Id"], ()):
                if operation is not parked.seen and not self._held_back(parked.line, parked.go_on):
                    parked.go_on()

    def due(self) -> bool:
        """Return whether it is time to ask for news, at most once a second and flow."""
        if self._earliest is None or self._clock() < self._earliest:
            return False
        now = self._clock()
        waiting = [each for parked in self._parked.values() for each in parked]
        for parked in waiting:
            if parked.until is not None and parked.until <= now:
                parked.until = now + _REFRESH_AGAIN_SECONDS
        times = [parked.until for parked in waiting if parked.until is not None]
        self._earliest = min(times, default=None)
        return True

    def left(self, timeout: float | None) -> float | None:
        """Return how long to sleep at most so as not to miss the next flow that is due."""
        if self._earliest is None:
            return timeout
        left = min(max(0.0, self._earliest - self._clock()), _LONGEST_SLEEP_SECONDS)
        return left if timeout is None else min(timeout, left)


def count_parked(line: Line | None, change: int) -> None:
    """Note that a flow on `line` rests, or does so no longer."""
    while line is not None:
        line.parked += change
        line = line.parent
