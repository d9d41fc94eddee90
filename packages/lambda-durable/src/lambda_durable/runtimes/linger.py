"""Sends what nobody waits for when user code runs long, so that it shows at the service.

There is a thread only while entries come and go, and it sleeps until the moment at which the
oldest one is due.
"""

import threading
from collections.abc import Callable
from time import monotonic

LINGER_SECONDS = 0.1


class Linger:
    """Calls `flush` once entries have been queued for `LINGER_SECONDS`."""

    def __init__(self, flush: Callable[[], None]) -> None:
        self._flush = flush
        self._wake = threading.Condition()
        self._since: float | None = None
        self._thread: threading.Thread | None = None
        self._stopped = False

    def queued(self) -> None:
        """Note that something was queued that nobody waits for."""
        if self._since is not None:
            return
        with self._wake:
            self._since = monotonic()
            if self._thread is None and not self._stopped:
                self._thread = threading.Thread(
                    target=self._watch, name="lambda-durable-linger", daemon=True
                )
                self._thread.start()

    def sent(self) -> None:
        """Note that the queue was emptied."""
        self._since = None

    def stop(self) -> None:
        """End the thread, and wait until it has ended."""
        with self._wake:
            self._stopped = True
            thread = self._thread
            self._wake.notify_all()
        if thread is not None:
            thread.join()

    def _watch(self) -> None:
        while self._sleep_until_due():
            self._flush()

    def _sleep_until_due(self) -> bool:
        """Return True when a flush is due, False when nothing was queued for a while."""
        with self._wake:
            idle = False
            while not self._stopped and not idle:
                since = self._since
                left = LINGER_SECONDS if since is None else since + LINGER_SECONDS - monotonic()
                if left <= 0:
                    return True
                self._wake.wait(left)
                # One that ends at once would be started again by the next step.
                idle = since is None and self._since is None
            self._thread = None
            return False
