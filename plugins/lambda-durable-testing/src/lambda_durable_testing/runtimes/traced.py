"""Calls a function before each instruction of others, by `sys.settrace`: Python 3.11."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import Any


@contextmanager
def at_instructions(
    call: Callable[[FrameType], None], chosen: Callable[[CodeType, str], bool]
) -> Iterator[None]:
    """Call a function before each instruction of what this thread calls inside.

    `chosen` says of which code, by its module's name. A debugger's or a coverage tool's trace is
    put back afterwards.
    """

    def enter(frame: FrameType, event: str, argument: object) -> Any:
        if not chosen(frame.f_code, frame.f_globals.get("__name__", "")):
            return None
        frame.f_trace_opcodes = True
        return instruction

    def instruction(frame: FrameType, event: str, argument: object) -> Any:
        if event == "opcode":
            call(frame)
        return instruction

    before = sys.gettrace()
    sys.settrace(enter)
    try:
        yield
    finally:
        sys.settrace(before)
