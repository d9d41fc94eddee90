"""What a test decides about an invocation that it drives."""

from types import FrameType
from typing import Any, Protocol

from lambda_durable.effects import Call
from lambda_durable.scope import Place


class Driver(Protocol):
    """Says whose turn it is, and what runs for a body."""

    def choose(self, count: int, frame: FrameType | None = None) -> int:
        """Return which of `count` branches goes on, from 0; 0 is the one that runs just now.

        Asked wherever more than one could, in the same order in every run. Between two
        instructions of user code, `frame` is the function that would go on.
        """
        ...

    @property
    def fine(self) -> bool:
        """Whether turns may also pass between any two instructions of user code in threads."""
        ...

    def body(self, effect: Call[Any], place: Place, *, is_async: bool) -> Call[Any] | None:
        """Return the call to make for the body of the operation at `place`; None: it rests.

        `is_async` says of which flavour the handler is.
        """
        ...
