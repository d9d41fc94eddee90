"""Opaque strings: checkpoint tokens, callback ids and the markers of pages.

All are base64, as the service's model demands, and hold what is needed to find their target
again, so that none of them has to be stored.
"""

import json
import math
import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from hashlib import blake2b
from hmac import compare_digest
from typing import Any, NamedTuple

from .errors import InvalidParameterValueError
from .model import InFlight, Start

_WHOLE = re.compile(r"-?[0-9]{1,18}")


def checkpoint_token(start: Start, invocation: InFlight, number: int) -> str:
    """Return the token of an execution, an invocation of it, and a place in its sequence."""
    text = f"{start.id}/{invocation.id}/{number}"
    return b64encode(f"{text}/{_proof(start, text)}".encode()).decode()


def callback_id(start: Start, operation_id: str) -> str:
    """Return the id under which a callback is completed from outside."""
    parts = [start.arn, operation_id, _proof(start, operation_id)]
    return b64encode(json.dumps(parts).encode()).decode()


def check_callback(start: Start, operation_id: str, proof: str) -> None:
    """Refuse a callback id that the service has not made."""
    if not compare_digest(proof.encode(), _proof(start, operation_id).encode()):
        raise _invalid_callback_id()


def _proof(start: Start, text: str) -> str:
    """Return what only the service can know: ARNs and operation ids are no secrets."""
    return blake2b(text.encode(), key=start.secret.encode()[:64], digest_size=16).hexdigest()


def _invalid_callback_id() -> InvalidParameterValueError:
    return InvalidParameterValueError("Invalid callback id")


def read_callback_id(text: str) -> tuple[str, str, str]:
    """Return the parts of a callback id: the execution's ARN, the operation's id, the proof."""
    try:
        parts = json.loads(b64decode(text, validate=True))
    except ValueError:
        parts = None
    match parts:
        # No name in an ARN, no id and no proof has other characters, and not all can be stored.
        case [str(arn), str(operation_id), str(proof)] if (arn + operation_id + proof).isascii():
            return arn, operation_id, proof
        case _:
            raise _invalid_callback_id()


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
    return StateMarker(*read_marker(text, whole, whole)) if text else StateMarker(0)


def marker(*parts: object) -> str:
    """Return a marker that `read_marker` takes apart again."""
    return b64encode(",".join(str(part) for part in parts).encode()).decode()


def whole(text: str) -> int:
    """Read a number in a marker; raise ValueError for one that no store can hold."""
    if not _WHOLE.fullmatch(text):
        raise ValueError(text)
    return int(text)


def moment(text: str) -> float:
    """Read a time in a marker; raise ValueError for what is none."""
    found = float(text)
    if not math.isfinite(found):
        raise ValueError(text)
    return found


def read_marker(text: str, *types: Callable[[str], Any]) -> list[Any]:
    """Return the parts of a marker, each of its type; a text that is none is refused."""
    try:
        parts = b64decode(text, validate=True).decode().split(",")
        return [make(part) for make, part in zip(types, parts, strict=True)]
    except ValueError:
        msg = "Invalid marker"
        raise InvalidParameterValueError(msg) from None
