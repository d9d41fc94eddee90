"""Tests for durable handlers: whole executions in milliseconds, and every crash tried."""

from .crashes import crash_everywhere
from .determinism import check_determinism
from .local import LocalRunner
from .operations import Operation, Operations
from .results import Result
from .running import run

__all__ = [
    "LocalRunner",
    "Operation",
    "Operations",
    "Result",
    "check_determinism",
    "crash_everywhere",
    "run",
]
