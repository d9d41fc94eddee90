"""How many requests of each operation are answered in a second."""

import threading
import time
from collections.abc import Callable

from lambda_durable_kernel.errors import TooManyRequestsError


class Rates:
    """A bucket for each operation: full it holds one second's requests, and fills up evenly."""

    def __init__(self, per_second: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_second
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, operation: str) -> None:
        """Count a request; raise TooManyRequestsError if there were too many of its operation."""
        now = self._clock()
        with self._lock:
            left, at = self._buckets.get(operation, (float(self._per_second), now))
            left = min(float(self._per_second), left + (now - at) * self._per_second)
            if left < 1.0:
                self._buckets[operation] = (left, now)
                msg = f"Rate exceeded: {operation} is answered {self._per_second} times a second."
                raise TooManyRequestsError(msg)
            self._buckets[operation] = (left - 1.0, now)
