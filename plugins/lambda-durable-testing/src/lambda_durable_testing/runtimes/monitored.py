"""Calls a function before each instruction of others, by `sys.monitoring`: Python 3.12 and later.

There, `sys.settrace` leaves out the instructions of the first calls, and how many depends on what
ran before; in Python 3.12 it may also crash where generators of several threads are traced.
"""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import Any, Final

_monitoring: Final[Any] = getattr(sys, "monitoring", None)

_TOOL_IDS: Final = (4, 3)
"""Those that Python leaves to anyone; debuggers, profilers and coverage tools have others."""

Call = Callable[[FrameType], None]
Chosen = Callable[[CodeType, str], bool]


@contextmanager
def at_instructions(call: Call, chosen: Chosen) -> Iterator[None]:
    """Call a function before each instruction of what this thread calls inside.

    `chosen` says of which code, by its module's name. Debuggers and coverage tools go on beside it.
    """
    _monitor.begin(chosen)
    before, _own.call = getattr(_own, "call", None), call
    try:
        yield
    finally:
        _own.call = before
        _monitor.end()


_own = threading.local()
"""What this thread is to call."""


class _Monitor:
    """What Python tells of all threads, for as long as one of them wants to know."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wanted = 0
        self._tool = 0
        self._seen: set[CodeType] = set()

    def begin(self, chosen: Chosen) -> None:
        with self._lock:
            self._wanted += 1
            if self._wanted == 1:
                self._start(chosen)

    def end(self) -> None:
        with self._lock:
            self._wanted -= 1
            if not self._wanted:
                self._stop()

    def _start(self, chosen: Chosen) -> None:
        monitoring, events = _monitoring, _monitoring.events

        def entered(code: CodeType, offset: int) -> Any:
            if code in self._seen or getattr(_own, "call", None) is None:
                return None
            frame = sys._getframe(1)  # noqa: SLF001 - documented, and of what is monitored
            if not chosen(code, frame.f_globals.get("__name__", "")):
                return monitoring.DISABLE
            self._seen.add(code)
            monitoring.set_local_events(self._tool, code, events.INSTRUCTION)
            return None

        self._tool = _free_tool()
        monitoring.register_callback(self._tool, events.PY_START, entered)
        monitoring.register_callback(self._tool, events.PY_RESUME, entered)
        monitoring.register_callback(self._tool, events.INSTRUCTION, _instruction)
        monitoring.set_events(self._tool, events.PY_START | events.PY_RESUME)

    def _stop(self) -> None:
        monitoring, events = _monitoring, _monitoring.events
        monitoring.set_events(self._tool, events.NO_EVENTS)
        for code in self._seen:
            monitoring.set_local_events(self._tool, code, events.NO_EVENTS)
        self._seen.clear()
        for event in (events.PY_START, events.PY_RESUME, events.INSTRUCTION):
            monitoring.register_callback(self._tool, event, None)
        monitoring.free_tool_id(self._tool)


def _instruction(code: CodeType, offset: int) -> None:
    call: Call | None = getattr(_own, "call", None)
    if call is not None:
        call(sys._getframe(1))  # noqa: SLF001 - as above


def _free_tool() -> int:
    for tool in _TOOL_IDS:
        if _monitoring.get_tool(tool) is None:
            _monitoring.use_tool_id(tool, "lambda-durable-testing")
            return tool
    holders = ", ".join(repr(_monitoring.get_tool(tool)) for tool in _TOOL_IDS)
    raise RuntimeError(
        f"no tool id of sys.monitoring is free to switch between instructions: {holders} hold "
        f"{', '.join(map(str, _TOOL_IDS))}; run this test without one of them"
    )


_monitor = _Monitor()
