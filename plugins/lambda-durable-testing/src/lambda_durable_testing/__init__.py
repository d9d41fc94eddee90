"""Tests for durable handlers: whole executions in milliseconds, and every crash tried."""

from .operations import Operation, Operations
from .results import Result

__all__ = ["Operation", "Operations", "Result"]
