"""The time the service lives in: the wall clock's, or one that skips what nobody would watch."""

import time
from collections.abc import Callable


class WallClock:
    """The real time, or ahead of it: a store that was written ahead of time is never behind."""

    def __init__(self, not_before: float = 0.0) -> None:
        self._ahead = max(0.0, not_before - time.time())

    def now(self) -> float:
        """Return the time in seconds since 1970."""
        return time.time() + self._ahead

    def wait_until(self, at: float, *, idle: bool) -> float:
        """Return how many real seconds to wait for `at`, or for whatever happens before."""
        return max(0.0, at - self.now())


class SkippingClock(WallClock):
    """Goes as fast as the real time while functions run, and jumps to the next timer else."""

    def __init__(
        self, not_before: float = 0.0, on_skip: Callable[[float], None] = lambda seconds: None
    ) -> None:
        super().__init__(not_before)
        self._on_skip = on_skip

    def wait_until(self, at: float, *, idle: bool) -> float:
        """Jump to `at` if nothing runs; see `WallClock`."""
        left = super().wait_until(at, idle=idle)
        if not idle or left == 0.0:
            return left
        self._ahead += left
        self._on_skip(left)
        return 0.0
