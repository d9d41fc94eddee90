"""Requests that wait until an execution has ended."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence

from lambda_durable_kernel.model import Change


class Endings:
    """Tells whoever waits for an execution on an event loop; changes come from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[str, set[asyncio.Future[None]]] = {}
        self._closed = False

    def changed(self, changes: Sequence[Change]) -> None:
        """Take note of what was saved."""
        for change in changes:
            if change.progress.closed:
                self._release(change.start.arn)

    def close(self) -> None:
        """Release all, and whoever comes later: the service stops."""
        with self._lock:
            self._closed = True
            arns = list(self._waiting)
        for arn in arns:
            self._release(arn)

    async def wait(self, arn: str, is_closed: Callable[[], Awaitable[bool]]) -> None:
        """Return when an execution has ended, which `is_closed` tells, or the service stops."""
        future = asyncio.get_running_loop().create_future()
        with self._lock:
            self._waiting.setdefault(arn, set()).add(future)
        try:
            # Asked after it is waited for: an end in between is not missed.
            if not await is_closed() and not self._closed:
                await future
        finally:
            with self._lock:
                waiting = self._waiting.get(arn)
                if waiting is not None:
                    waiting.discard(future)
                    if not waiting:
                        del self._waiting[arn]

    def _release(self, arn: str) -> None:
        with self._lock:
            futures = list(self._waiting.get(arn, ()))
        for future in futures:
            loop = future.get_loop()
            if not loop.is_closed():
                loop.call_soon_threadsafe(_set, future)


def _set(future: "asyncio.Future[None]") -> None:
    if not future.done():
        future.set_result(None)
