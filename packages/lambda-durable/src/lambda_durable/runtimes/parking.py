"""The flows of an `async def` handler that rest until the service has news."""

import asyncio
from collections.abc import Callable, Sequence

from ..branch import Branch
from ..protocol import Operation
from ..scope import Place

_REFRESH_AGAIN_SECONDS = 1.0


class _Parked:
    """A flow that rests: what its record was, and when it is worth asking for news."""

    __slots__ = ("future", "place", "seen", "until")

    def __init__(self, place: Place, until: float | None, future: "asyncio.Future[None]") -> None:
        self.place = place
        self.seen = place.record
        self.until = until
        self.future = future


class Parking:
    """All parked flows of one invocation, by operation."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._parked: dict[str, _Parked] = {}
        self._earliest: float | None = None

    def __bool__(self) -> bool:
        return bool(self._parked)

    async def park(self, place: Place, until: float | None) -> None:
        """Rest until the operation's record has changed."""
        future = asyncio.get_running_loop().create_future()
        parked = self._parked[place.id] = _Parked(place, until, future)
        if until is not None and (self._earliest is None or until < self._earliest):
            self._earliest = until
        try:
            await future
        finally:
            if self._parked.get(place.id) is parked:
                del self._parked[place.id]

    def branches(self) -> dict[Branch, float | None]:
        """Return the branches in which a flow is parked, and the earliest time each waits for."""
        found: dict[Branch, float | None] = {}
        for parked in self._parked.values():
            branch, until = parked.place.scope.branch, parked.until
            known = found.setdefault(branch, until)
            if until is not None and (known is None or until < known):
                found[branch] = until
        return found

    def wake(self, changed: Sequence[Operation]) -> None:
        """Let the flows go on whose records have changed."""
        for operation in changed:
            parked = self._parked.get(operation["Id"])
            if parked is not None and parked.place.record is not parked.seen:
                _resolve(parked)

    def due(self) -> bool:
        """Return whether it is time to ask for news, at most once a second and flow.

        A context has no news of its own: if its time has come, it looks after its branches.
        """
        if self._earliest is None or self._clock() < self._earliest:
            return False
        now = self._clock()
        for parked in self._parked.values():
            if parked.until is not None and parked.until <= now:
                parked.until = now + _REFRESH_AGAIN_SECONDS
                if parked.place.operation.type == "CONTEXT":
                    _resolve(parked)
        times = [p.until for p in self._parked.values() if p.until is not None]
        self._earliest = min(times, default=None)
        return True

    def left(self, timeout: float | None) -> float | None:
        """Return how long to sleep at most so as not to miss the next flow that is due."""
        if self._earliest is None:
            return timeout
        left = max(0.0, self._earliest - self._clock())
        return left if timeout is None else min(timeout, left)


def _resolve(parked: _Parked) -> None:
    if not parked.future.done():
        parked.future.set_result(None)
