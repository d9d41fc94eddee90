"""How the result of a callback is read: it comes from outside, as any text."""

import json
from typing import Any, Final, NoReturn

from lambda_durable.abc import Serializer, Where
from lambda_durable.defaults import PLAIN_JSON
from lambda_durable.errors import SerializationError
from lambda_durable.payloads import Codec, codec_for
from lambda_durable.scope import Place


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)  # NaN and Infinity are words, not JSON


_decode = json.JSONDecoder(parse_constant=_no_constant).decode


class JsonOrText:
    """Reads a JSON document as its value, and any other text as it is; writes plain JSON."""

    __slots__ = ()

    def dumps(self, value: Any, where: Where, /) -> str:
        """Return plain JSON; what JSON cannot say is a SerializationError."""
        return PLAIN_JSON.dumps(value, where)

    def loads(self, text: str, type: Any, where: Where, /) -> Any:
        """Return the JSON value, or the text if it is no JSON; `type` is not used."""
        try:
            return _decode(text)
        except ValueError:
            return text


class StringOrText(JsonOrText):
    """Reads everything as a string: a JSON string as its characters, any other text as it is."""

    __slots__ = ()

    def loads(self, text: str, type: Any, where: Where, /) -> str:
        """Return a string, so that `"yes"` and `yes` are the same and `42` is two characters."""
        value = super().loads(text, type, where)
        return value if isinstance(value, str) else text


class Text:
    """The payload itself: strings only, unchanged both ways."""

    __slots__ = ()

    def dumps(self, value: Any, where: Where, /) -> str:
        """Return the string; anything else is a SerializationError."""
        if not isinstance(value, str):
            raise SerializationError(
                f"the serializer 'text' writes strings only, not {value!r:.80}; pass a string, or "
                "use another serializer"
            )
        return value

    def loads(self, text: str, type: Any, where: Where, /) -> str:
        """Return the text; `type` is not used."""
        return text


JSON_OR_TEXT: Final = JsonOrText()
STRING_OR_TEXT: Final = StringOrText()
TEXT: Final = Text()


def result_codec(here: Place, serializer: Serializer | str | None, result_type: Any) -> Codec:
    """Return how a callback's result is read: as the call says, by type, or as JSON or text.

    What the handler's decorator says is left out, as for an invoke: the other side does not know.
    """
    if serializer is not None:
        return codec_for(here, serializer, Any if result_type is None else result_type)
    if result_type is None or result_type is Any:
        return Codec(JSON_OR_TEXT, Any)
    if result_type is str:
        return Codec(STRING_OR_TEXT, str)
    return Codec(here.execution.plugins.serializer_for(result_type), result_type)
