"""An event loop that says when it is about to sleep.

A loop asks its selector to wait: not at all while something is ready, for a time while a timer is
pending, and without end when nothing can run. That call is the one moment at which it is known
that all tasks rest, so the runtime listens there. Selectors and loops of one's own choice are
public API of asyncio.
"""

import asyncio
import selectors
import threading
import weakref
from collections.abc import Callable
from typing import Any

Listener = Callable[[float | None], float | None]


class IdleSelector(selectors.DefaultSelector):
    """Asks its listener, before each wait, how long to wait."""

    listener: Listener | None = None

    def select(self, timeout: float | None = None) -> Any:
        """Wait as the listener says, given how long the loop would."""
        if self.listener is not None:
            timeout = self.listener(timeout)
        return super().select(timeout)


class KeptLoop:
    """A loop and its selector, kept for the warm invocations of one thread."""

    def __init__(self) -> None:
        self.selector = IdleSelector()
        self.loop = asyncio.SelectorEventLoop(self.selector)
        weakref.finalize(self, self.loop.close)  # with its thread, or at exit

    def forget(self) -> None:
        """Keep it no longer: the thread's next invocation gets a new one."""
        if getattr(_kept, "loop", None) is self:
            del _kept.loop


_kept = threading.local()


def kept_loop() -> KeptLoop:
    """Return this thread's loop, made on first use: module-level async clients live on it."""
    kept: KeptLoop | None = getattr(_kept, "loop", None)
    if kept is None or kept.loop.is_closed():
        kept = _kept.loop = KeptLoop()
    return kept


def is_inside_a_loop() -> bool:
    """Return whether this thread is running an event loop just now."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
