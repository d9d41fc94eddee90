"""An ordered set of timers: at most one time for each key.

Nothing in it has to be stored, since every time in it can be computed from what is.
"""

from heapq import heapify, heappop, heappush
from itertools import count
from typing import Generic, TypeVar

KeyT = TypeVar("KeyT")


class TimerQueue(Generic[KeyT]):
    """Keys by the time at which they are due; of equal times the one that was set first."""

    __slots__ = ("_at", "_heap", "_order")

    def __init__(self) -> None:
        self._at: dict[KeyT, tuple[float, int]] = {}
        self._heap: list[tuple[float, int, KeyT]] = []
        self._order = count()

    def set(self, key: KeyT, at: float | None) -> None:
        """Set the time of `key`, instead of the one it had; None removes it."""
        known = self._at.get(key)
        if at is None:
            if known is not None:
                del self._at[key]
            return
        if known is not None and known[0] == at:
            return
        entry = (at, next(self._order))
        self._at[key] = entry
        heappush(self._heap, (*entry, key))
        # A key that is set again and again leaves stale entries behind; they must not pile up.
        if len(self._heap) > 64 and len(self._heap) > 4 * len(self._at):
            self._heap = [(*value, name) for name, value in self._at.items()]
            heapify(self._heap)

    def next_at(self) -> float | None:
        """Return the earliest time, None if there is none."""
        heap = self._heap
        while heap:
            at, order, key = heap[0]
            if self._at.get(key) == (at, order):
                return at
            heappop(heap)
        return None

    def pop_due(self, now: float) -> KeyT | None:
        """Remove and return the earliest key if its time has come, else return None."""
        at = self.next_at()
        if at is None or at > now:
            return None
        key = heappop(self._heap)[2]
        del self._at[key]
        return key
