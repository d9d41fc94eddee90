"""What drives the flows of a context, in each flavour; for type checkers alone."""

from collections.abc import Coroutine
from typing import Protocol, TypeVar

from ..effects import DurableOperation
from ..scope import Place

T = TypeVar("T")


class Runtime(Protocol):
    """What drives the flows of `def` handlers."""

    def run(self, operation: DurableOperation[T], place: Place, /) -> T:
        """Drive an operation's flow to its end."""
        ...


class AsyncRuntime(Protocol):
    """What drives the flows of `async def` handlers."""

    def run(self, operation: DurableOperation[T], place: Place, /) -> Coroutine[object, object, T]:
        """Drive an operation's flow to its end."""
        ...
