"""What a test decides about an invocation that it drives."""

from typing import Any, Protocol

from lambda_durable.effects import Call


class Driver(Protocol):
    """Says whose turn it is, and what runs for a body."""

    def choose(self, count: int) -> int:
        """Return which of `count` branches goes on, from 0; 0 is the one that runs just now.

        Asked wherever more than one could, in the same order in every run.
        """
        ...

    def body(self, effect: Call[Any], *, is_async: bool) -> Call[Any] | None:
        """Return the call to make for a body or a context's function; None lets its branch rest.

        `is_async` says of which flavour the handler is.
        """
        ...
