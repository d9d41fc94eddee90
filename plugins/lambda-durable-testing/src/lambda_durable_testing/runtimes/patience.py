"""Tells a thread that waits for another one from a thread that is slow, or on a slow machine.

The clock on the wall cannot: a machine may stand still for seconds and go on. So what is counted
is how often the watcher itself came to run; a thread that could run would have done so meanwhile.
"""

import sys
from typing import Final

TICK_SECONDS: Final = 0.25
"""How long a watcher sleeps before it looks again."""

STILL_TICKS: Final = 8
"""A thread that was so often in a row found at the same instruction waits for another one."""

BUSY_TICKS: Final = 120
"""So does one that came to no durable call for so long; it may ask again and again."""


class Patience:
    """The patience of one watcher with one thread at a time."""

    def __init__(self) -> None:
        self._subject: object = None
        self._position: object = None
        self._still = 0
        self._ticks = 0

    def is_over(self, subject: object, thread: int | None) -> bool:
        """Return whether a thread waits for another one; called once each tick.

        `thread` is its `threading.get_ident()`, None before it has begun. With another `subject`,
        compared by `==`, everything is counted from the start.
        """
        frame = sys._current_frames().get(thread) if thread is not None else None  # noqa: SLF001 - documented, and the only way to see another thread
        position = (id(frame), frame.f_lasti) if frame is not None else None
        if subject != self._subject:
            self._subject, self._still, self._ticks = subject, 0, 0
        elif position != self._position:
            self._still = 0
        self._position = position
        self._still += 1
        self._ticks += 1
        return self._still > STILL_TICKS or self._ticks > BUSY_TICKS
