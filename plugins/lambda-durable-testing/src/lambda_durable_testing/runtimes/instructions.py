"""Passes turns between any two instructions of user code, to find what branches race for."""

import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from types import CodeType
from typing import Final

from .turns import Turns

if sys.version_info >= (3, 12):
    from .monitored import at_instructions
else:
    from .traced import at_instructions

__all__ = ["passing_between_instructions"]

_OTHERS: Final = (
    *(sysconfig.get_paths()[name] for name in ("stdlib", "purelib", "platlib")),
    *("<frozen", "<string>"),  # the import system, and what named tuples are made of
)


@contextmanager
def passing_between_instructions(turns: Turns) -> Iterator[None]:
    """Open a gate before each instruction of the functions that are called inside.

    Only user code has them: that of the SDK, the standard library and installed packages runs
    through. So does that of threads which the user's functions start.
    """
    with at_instructions(turns.gate, _is_users):
        yield


def _is_users(code: CodeType, module: str) -> bool:
    return not module.startswith("lambda_durable") and not code.co_filename.startswith(_OTHERS)
