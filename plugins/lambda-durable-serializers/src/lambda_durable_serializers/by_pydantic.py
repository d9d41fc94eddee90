"""The serializer that leaves everything to pydantic: what comes back is what validation makes.

Payloads are the JSON that pydantic writes for a type. Without a type, a value that JSON alone does
not keep is written as `{"!pydantic":<json>}`, and reading it needs the annotation.
"""

import json
from functools import lru_cache
from typing import Any, Final

from lambda_durable.abc import Where
from lambda_durable.errors import SerializationError

from .chain import Chainable
from .extended import plain_json, title
from .shapes import UNKNOWN

_BEGIN: Final = '{"!pydantic":'


class PydanticJson(Chainable):
    """JSON by pydantic, for values of a type; pydantic is imported on first use.

    With a type, writing checks that an equal value comes back.
    """

    __slots__ = ("type",)

    def __init__(self, type: Any = UNKNOWN) -> None:
        self.type = type

    def for_type(self, type: Any) -> "PydanticJson":
        """Return the serializer for a declared type."""
        return PydanticJson(type)

    def dumps(self, value: Any, where: Where, /) -> str:
        """Return pydantic's JSON; SerializationError for what would not come back equal."""
        try:
            if self.type is Any or self.type is UNKNOWN:
                return self._by_value(value)
            return _by_type(value, _adapter(self.type))
        except ValueError as error:
            raise SerializationError(f"{title(where)} cannot be kept: {error}") from error

    def loads(self, text: str, type: Any, where: Where, /) -> Any:
        """Return what the declared type makes of the payload, validated."""
        declared = self.type if type is Any else type
        is_untyped = declared is Any or declared is UNKNOWN
        is_marked = text.startswith(_BEGIN)
        try:
            if is_marked and is_untyped:
                raise ValueError("it needs a type: annotate the function with what it returns")
            if is_untyped:
                return json.loads(text)
            return _adapter(declared).validate_json(text[len(_BEGIN) : -1] if is_marked else text)
        except ValueError as error:
            raise SerializationError(
                f"{title(where)} cannot be read: {error}; it begins with {text[:80]!r}"
            ) from error

    def _by_value(self, value: Any) -> str:
        plain = plain_json(value)
        if plain is not None and not plain.text.startswith(_BEGIN):
            return plain.text
        if self.type is Any:
            raise ValueError(
                f"a {type(value).__qualname__} needs a type: annotate the function with what it "
                "returns"
            )
        from pydantic_core import to_json

        return f"{_BEGIN}{to_json(value, round_trip=True, inf_nan_mode='constants').decode()}}}"

    def __repr__(self) -> str:
        return "pydantic_json" if self.type is UNKNOWN else f"PydanticJson({self.type!r})"


def _by_type(value: Any, adapter: Any) -> str:
    problem: ValueError | None = None
    for by_alias in (True, False):  # by alias, where that can be read back
        raw = adapter.dump_json(value, by_alias=by_alias, round_trip=True, warnings=False)
        text: str = raw.decode()
        try:
            back = adapter.validate_json(text)
        except ValueError as error:
            problem = problem or error
            continue
        if type(back) is type(value) and back == value:
            return text
        problem = problem or ValueError(f"{value!r:.80} would come back as {back!r:.80}")
    raise problem or ValueError(f"{value!r:.80} would not come back")


@lru_cache(maxsize=1024)
def _adapter(type: Any) -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(type)


pydantic_json: Final = PydanticJson()
