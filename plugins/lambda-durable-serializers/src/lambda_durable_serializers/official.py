"""The serializer that reads and writes the official AWS SDK's format; see `envelope`."""

import json
from typing import Any, Final

from lambda_durable.abc import Where
from lambda_durable.errors import SerializationError

from .chain import Chainable
from .envelope import from_official, to_official
from .extended import title
from .forms import Unwritable
from .nodes import is_envelope
from .reading import read
from .shapes import shape_of

_encode: Final = json.JSONEncoder(separators=(",", ":")).encode


class OfficialJson(Chainable):
    """The official SDK's default format, byte for byte, for executions that are moved over.

    It keeps less than extended JSON. Keys that are no strings, sets, times, time differences,
    classes, and subclasses of the types it knows are a SerializationError; of a datetime's zone it
    keeps the UTC offset.
    """

    __slots__ = ()

    def dumps(self, value: Any, where: Where, /) -> str:
        """Return the payload that the official SDK would write."""
        try:
            return _encode(to_official(value))
        except (Unwritable, ValueError, RecursionError) as error:
            raise SerializationError(f"{title(where)} cannot be kept: {error}") from error

    def loads(self, text: str, type: Any, where: Where, /) -> Any:
        """Return the value; the annotation then makes instances of plain dicts, if it names any."""
        try:
            node = json.loads(text)
            tagged = is_envelope(node)
            return read(from_official(node) if tagged else node, shape_of(type), tagged)
        except (ValueError, TypeError, LookupError, ArithmeticError, RecursionError) as error:
            raise SerializationError(
                f"{title(where)} cannot be read: {error}; it begins with {text[:80]!r}"
            ) from error

    def __repr__(self) -> str:
        return "official_json"


official_json: Final = OfficialJson()
