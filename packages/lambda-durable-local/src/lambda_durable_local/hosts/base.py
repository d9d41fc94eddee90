"""What a host must have."""

from typing import NamedTuple, Protocol

from lambda_durable_kernel import Invocation, Outcome, Session


class Description(NamedTuple):
    """What is known of a function once it was imported."""

    durable: bool
    """Whether it is a durable handler."""
    handlers: list[str]
    """The names of the durable handlers in its module."""


class Host(Protocol):
    """Runs one function; invocations of it may overlap, each on a thread of its own."""

    def load(self) -> Description:
        """Import the function and describe it; raise TargetError if that is not possible."""
        ...

    def invoke(self, invocation: Invocation, session: Session) -> Outcome:
        """Run an invocation to its end, whatever that is; raise only what is the host's fault."""
        ...

    def close(self) -> None:
        """End what still runs, at once."""
        ...
