"""What a target has to have, so that the same scenarios can run on it."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

Tell: TypeAlias = Callable[[str], None]
"""Writes a line to the run's log: what is made, used and ended."""


class UnavailableError(Exception):
    """Says why nothing can be deployed here, and what to do about it."""


@dataclass(frozen=True, slots=True)
class Function:
    """A function as it is to be deployed."""

    name: str
    """What the scenarios call it; a target may add to it where names are shared with others."""
    handler: str
    """As Lambda writes it; the first part is the flavour's package in `functions`."""
    durable: bool = True
    timeout: int = 60
    """Seconds that one invocation may take."""
    memory_mb: int = 512
    execution_timeout: int | None = 3600
    """Seconds that an execution may take; None is without a limit, or the longest that there is."""

    @property
    def flavour(self) -> str:
        """Return the package of the handler: `plain` for `def`, `awaited` for `async def`."""
        return self.handler.partition(".")[0]


class Deployment(Protocol):
    """Functions that are deployed, and the service that runs them."""

    @property
    def client(self) -> Any:
        """boto3's client of the service, which starts executions and tells of them."""
        ...

    @property
    def skips_time(self) -> bool:
        """Whether waits take no time; scenarios wait for hours then, else for seconds."""
        ...

    @property
    def kills(self) -> bool:
        """Whether `kill` can be called."""
        ...

    def reference(self, name: str) -> str:
        """Return what a deployed function is invoked as, qualifier included."""
        ...

    def kill(self, name: str) -> None:
        """End the environments of a function with SIGKILL, from outside."""
        ...


class Target(Protocol):
    """Deploys functions."""

    def deploy(
        self, functions: Sequence[Function], tell: Tell
    ) -> AbstractContextManager[Deployment]:
        """Deploy functions until the block ends; whatever was made is gone then, however it ends.

        Raise UnavailableError if nothing can be deployed here.
        """
        ...
