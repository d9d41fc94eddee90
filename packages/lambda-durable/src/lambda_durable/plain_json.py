"""Core's serializer: JSON, nothing else, and a clear error for what JSON cannot say."""

import json
from typing import Any

from .abc import Where
from .errors import SerializationError


class PlainJson:
    """Plain JSON text.

    What comes back is what JSON keeps: a tuple is a list, a key that is no string is one. The
    first run sees that too, since every result goes through the payload.
    """

    __slots__ = ()

    def dumps(self, value: Any, where: Where, /) -> str:
        """Return compact JSON; NaN, infinities and other types are a SerializationError."""
        try:
            text = _encode(value)
            if not text.isascii():
                text.encode()  # a lone surrogate cannot travel
        except (TypeError, ValueError, RecursionError) as error:
            raise SerializationError(
                f"{_title(where)} cannot be kept as JSON: {offender(value) or error}. Return "
                'JSON values, or use a serializer that knows the type: pip install "lambda-durable'
                '[serializers]" or serializer=...'
            ) from error
        return text

    def loads(self, text: str, type: Any, where: Where, /) -> Any:
        """Return the JSON value; `type` is not used."""
        try:
            return decoded(text)
        except (ValueError, RecursionError) as error:
            raise SerializationError(
                f"{_title(where)} is not JSON ({error}): {text[:80]!r}. Was it written by another "
                "serializer? Use the same one for reading"
            ) from error


_encode = json.JSONEncoder(allow_nan=False, ensure_ascii=False, separators=(",", ":")).encode
_raw_decode = json.JSONDecoder().raw_decode


def decoded(text: str) -> Any:
    """Return what JSON text means, as `json.loads` does; text without spaces around it is faster.

    A replayed operation costs little else.
    """
    try:
        value, end = _raw_decode(text)
    except ValueError:
        return json.loads(text)
    return value if end == len(text) else json.loads(text)


def offender(value: Any, path: str = "value") -> str | None:
    """Return which part of a value JSON cannot say, and why; None if all is fine."""
    if value is None or isinstance(value, bool | str | int):
        return None
    if isinstance(value, float):
        return None if value - value == 0 else f"{path} is {value}, which JSON does not know"
    if len(path) > 200:
        return f"{path[:60]}... is nested too deeply or contains itself"
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str | int | float | bool | None):
                return f"{path} has the key {key!r} of type {type(key).__qualname__}"
            found = offender(item, f"{path}[{key!r}]")
            if found:
                return found
        return None
    if isinstance(value, list | tuple):
        parts = (offender(item, f"{path}[{index}]") for index, item in enumerate(value))
        return next(filter(None, parts), None)
    return f"{path} is of type {type(value).__module__}.{type(value).__qualname__}"


def _title(where: Where) -> str:
    name = where.operation_name
    return f"the payload of {name!r}" if name else f"the payload of {where.operation_id}"
