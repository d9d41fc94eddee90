"""Who wants to know of executions that a test has run to their end."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .started import LocalExecution

FINISHED: ContextVar[Callable[[LocalExecution], None] | None] = ContextVar(
    "lambda_durable_testing_finished", default=None
)
"""Called after each execution of an undisturbed runner; what it raises fails the test."""
