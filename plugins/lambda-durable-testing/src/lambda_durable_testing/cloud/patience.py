"""Asking a remote service until it says what one waits for: less and less often, not for ever."""

import time
from collections.abc import Callable, Iterator
from typing import Final

FIRST_SECONDS: Final = 0.05
LONGEST_SECONDS: Final = 5.0
GROWTH: Final = 1.5


class Patience:
    """How long one waits, in seconds, with the clock and the sleep that are used for it."""

    def __init__(
        self,
        seconds: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.seconds = seconds
        self._clock = clock
        self._sleep = sleep

    def looks(self, seconds: float | None = None) -> Iterator[float]:
        """Yield each time it is worth to look again, until `seconds` (all) have passed.

        The first look is at once, the last one when the time is over. Yields the seconds left.
        """
        end = self._clock() + (self.seconds if seconds is None else seconds)
        pause = FIRST_SECONDS
        while True:
            left = end - self._clock()
            yield max(0.0, left)
            if left <= 0:
                return
            self._sleep(min(pause, max(0.0, end - self._clock())))
            pause = min(pause * GROWTH, LONGEST_SECONDS)
