"""Opaque strings: checkpoint tokens, callback ids and the markers of pages.

All are base64, as the service's model demands, and hold what is needed to find their target
again, so that none of them has to be stored.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Any, NamedTuple

from .errors import InvalidParameterValueError
from .model import InFlight, Start


def checkpoint_token(start: Start, invocation: InFlight, number: int) -> str:
    """Return the token of an execution, an invocation of it, and a place in its sequence."""
    return b64encode(f"{start.id}/{invocation.id}/{number}".encode()).decode()


def callback_id(execution_arn: str, operation_id: str) -> str:
    """Return the id under which a callback is completed from outside."""
    return b64encode(json.dumps([execution_arn, operation_id]).encode()).decode()


def read_callback_id(text: str) -> tuple[str, str]:
    """Return the execution's ARN and the operation's id that a callback id was made from."""
    try:
        parts = json.loads(b64decode(text, validate=True))
    except ValueError:
        parts = None
    match parts:
        case [str(arn), str(operation_id)]:
            return arn, operation_id
        case _:
            msg = "Invalid callback id"
            raise InvalidParameterValueError(msg)


class StateMarker(NamedTuple):
    """Where a page of operations begins, and which operations the pages are about."""

    position: int
    since: int = -1
    """Only operations that changed after this version; -1 is the whole state."""

    def __str__(self) -> str:
        """Return the marker as it travels."""
        return marker(self.position, self.since)


def read_state_marker(text: str) -> StateMarker:
    """Return the marker that was made by `str(StateMarker(...))`; none is the beginning."""
    return StateMarker(*read_marker(text, int, int)) if text else StateMarker(0)


def marker(*parts: object) -> str:
    """Return a marker that `read_marker` takes apart again."""
    return b64encode(",".join(str(part) for part in parts).encode()).decode()


def read_marker(text: str, *types: Callable[[str], Any]) -> list[Any]:
    """Return the parts of a marker, each of its type; a text that is none is refused."""
    try:
        parts = b64decode(text, validate=True).decode().split(",")
        return [make(part) for make, part in zip(types, parts, strict=True)]
    except ValueError:
        msg = "Invalid marker"
        raise InvalidParameterValueError(msg) from None
