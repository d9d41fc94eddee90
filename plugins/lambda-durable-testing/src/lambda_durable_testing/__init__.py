"""Tests for durable handlers: whole executions in milliseconds, and every crash tried."""

from .local import LocalRunner
from .operations import Operation, Operations
from .results import Result
from .running import run

__all__ = ["LocalRunner", "Operation", "Operations", "Result", "run"]
