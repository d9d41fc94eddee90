"""Passes turns between any two instructions of user code, to find what branches race for."""

import inspect
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, Final

from .turns import Turns

_OTHERS: Final = (
    *(sysconfig.get_paths()[name] for name in ("stdlib", "purelib", "platlib")),
    *("<frozen", "<string>"),  # the import system, and what named tuples are made of
)

_LEFT_ALONE: Final = inspect.CO_GENERATOR if sys.version_info[:2] == (3, 12) else 0
"""Python 3.12 may crash where generators of several threads are traced by instruction."""


@contextmanager
def passing_between_instructions(turns: Turns) -> Iterator[None]:
    """Open a gate before each instruction of the functions that are called inside.

    Only user code has them: that of the SDK, the standard library and installed packages runs
    through. A debugger's or a coverage tool's trace is put back afterwards.
    """

    def enter(frame: FrameType, event: str, argument: object) -> Any:
        ours = frame.f_globals.get("__name__", "").startswith("lambda_durable")
        if ours or frame.f_code.co_filename.startswith(_OTHERS):
            return None
        if frame.f_code.co_flags & _LEFT_ALONE:
            return None
        frame.f_trace_opcodes = True
        return instruction

    def instruction(frame: FrameType, event: str, argument: object) -> Any:
        if event == "opcode":
            turns.gate(frame)
        return instruction

    before = sys.gettrace()
    sys.settrace(enter)
    try:
        yield
    finally:
        sys.settrace(before)
