"""What a test uses, whether the function runs in this process or is deployed.

A test that is written against `Runner` runs on every runner: `LocalRunner` and `CloudRunner` are
the two that come with this package.
"""

from typing import Any, Protocol

from lambda_durable.abc import Duration

from .operations import Operations
from .results import Result


class Callback(Protocol):
    """An open callback of an execution, to be completed as an outside system would."""

    @property
    def id(self) -> str:
        """The id that the handler gives away."""
        ...

    def succeed(self, value: object = None, *, payload: str | None = None) -> None:
        """Complete it with a value, sent as JSON, or with a payload that is sent as it is."""
        ...

    def fail(self, error: BaseException | str, *, type: str | None = None) -> None:
        """Complete it with a failure: an exception, or a message and the type it is to have."""
        ...

    def heartbeat(self) -> None:
        """Start its heartbeat time-out anew."""
        ...


class Execution(Protocol):
    """An execution that was started."""

    @property
    def arn(self) -> str:
        """The execution's ARN."""
        ...

    @property
    def operations(self) -> Operations:
        """The operations as they are now."""
        ...

    def result(self) -> Result:
        """Return the execution as it is now, without letting it go on."""
        ...

    def advance(self, duration: Duration = 0.0) -> None:
        """Let time pass, and all that is due in it happen; 0 makes the invocations due now."""
        ...

    def callback(self, name: str | None = None) -> Callback:
        """Let the execution go on until a callback of that name is open, and return it.

        Without a name, the only one that is open. A LookupError shows the operations if the
        execution ends or stands still before.
        """
        ...

    def finish(self) -> Result:
        """Let the execution go on to its end; raise if it never ends, and say why."""
        ...


class Runner(Protocol):
    """Starts executions of one function."""

    def start(self, event: Any = None, *, name: str | None = None) -> Execution:
        """Start an execution; nothing has run yet."""
        ...

    def run(self, event: Any = None, *, name: str | None = None) -> Result:
        """Start an execution and let it go on to its end."""
        ...
