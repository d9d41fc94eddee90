"""Who is told of the executions of a test: pytest's plugin, to show and check them."""

from contextvars import ContextVar
from typing import Any, Protocol

from .results import Result


class Shown(Protocol):
    """An execution that can be shown."""

    @property
    def name(self) -> str:
        """What it is an execution of."""
        ...

    def result(self) -> Result:
        """Return the execution as it is now."""
        ...


class Listener(Protocol):
    """What is told of the executions that nothing disturbs."""

    def started(self, execution: Shown) -> None:
        """Take note of an execution that was started."""
        ...

    def finished(self, execution: Any) -> None:
        """Look at a local execution that has ended; what this raises fails the test."""
        ...


LISTENER: ContextVar[Listener | None] = ContextVar("lambda_durable_testing_listener", default=None)
