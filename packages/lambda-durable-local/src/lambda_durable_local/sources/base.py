"""What a source of executions must have."""

from collections.abc import Sequence
from typing import Protocol

from lambda_durable_kernel.model import Event, ExecutionRow

from ..report import Report


class Source(Protocol):
    """Executions that can be looked at; raises LocalError for what is not there."""

    @property
    def place(self) -> str:
        """What it is, for messages."""
        ...

    def rows(self, function: str | None = None) -> Sequence[ExecutionRow]:
        """Return all executions, or those of one function, the newest first."""
        ...

    def named(self, name: str, function: str | None = None) -> Sequence[ExecutionRow]:
        """Return the executions of exactly this name."""
        ...

    def report(self, arn: str) -> Report:
        """Return an execution as it stands, with its operations."""
        ...

    def events(self, arn: str) -> Sequence[Event]:
        """Return an execution's history, oldest first; times are milliseconds."""
        ...

    def close(self) -> None:
        """Let go of what was opened."""
        ...
