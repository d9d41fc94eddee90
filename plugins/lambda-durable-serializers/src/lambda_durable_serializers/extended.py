"""Extended JSON: plain JSON where JSON suffices, tags where it does not, and exact either way.

A value of None, bool, int, float, str, and lists and dicts (with string keys) of those, is written
as the JSON it is. Anything else is an object with a single member whose name begins with `!`:

| tag | holds |
|---|---|
| `!decimal`, `!uuid`, `!bytes`, `!datetime`, `!date`, `!time`, `!timedelta` | see `scalars` |
| `!tuple`, `!set`, `!frozenset` | a list of the items |
| `!dict` | a list of [key, value], if a key is no string |
| `!float` | `"nan"`, `"inf"` or `"-inf"`; other floats, -0.0 included, are plain |
| `!int` | hexadecimal digits, for integers of 4,300 decimal digits and more |
| `!as` | [class name, JSON of the instance], where the annotation leaves a choice |
| `!` | plain JSON that would be taken for something else: a dict that looks like a tag |

What comes back is equal and of the same type, whatever the annotation says. An aware datetime
keeps its instant, its UTC offset, its fold and a ZoneInfo's key; other tzinfo classes come back as
`datetime.timezone`. Identity is not kept: two references to a list come back as two lists.
Subclasses of the types above (OrderedDict, a str Enum without annotation) are refused, never
flattened.

Dataclasses, enums, named tuples and pydantic models are plain objects and values on paper; the
annotation restores them (`list[Order]`, `dict[str, Order]`, `Order | None`, generics, TypedDicts).
If it names none, writing one is a SerializationError: no class is ever looked up by a name from a
payload. JSON from elsewhere is read by the annotation too: `"1.50"` for Decimal, a list for a
tuple, an object for a dataclass.

Payloads that the official AWS SDK wrote, `{"t": tag, "v": value}`, are read as well. A dict of our
own that looks like one is written below `!`.
"""

import json
from contextlib import suppress
from marshal import dumps as exactly
from typing import Any, Final, NamedTuple

from lambda_durable.abc import Where
from lambda_durable.errors import SerializationError
from lambda_durable.plain_json import decoded

from .chain import Chainable
from .envelope import from_official
from .forms import Unwritable
from .nodes import is_envelope
from .reading import read
from .shapes import UNKNOWN, Shape, shape_of
from .writing import write

_encode: Final = json.JSONEncoder(allow_nan=False, ensure_ascii=False, separators=(",", ":")).encode
_encode_ascii: Final = json.JSONEncoder(allow_nan=False, separators=(",", ":")).encode


class ExtendedJson(Chainable):
    """Extended JSON for values of a type.

    `ExtendedJson(list[Order])` knows at writing what it will be told at reading. Without a type,
    classes are written by name, and reading needs the annotation of the function.
    """

    __slots__ = ("_read", "_shape", "type")

    def __init__(self, type: Any = UNKNOWN) -> None:
        self.type = type
        self._read: dict[str, Plain] = {}
        """What was read from the payload written last, for whoever reads it back at once."""
        self._shape = shape_of(type)

    def for_type(self, type: Any) -> "ExtendedJson":
        """Return the serializer for a declared type."""
        return ExtendedJson(type)

    def dumps(self, value: Any, where: Where, /) -> str:
        """Return the payload; SerializationError says which part of a value cannot be kept."""
        if not self._shape.restores():
            plain = plain_json(value)
            if plain is not None and '{"!' not in plain.text and not is_envelope(value):
                self._read["latest"] = plain
                return plain.text
        try:
            node = write(value, self._shape)
            if is_envelope(node):
                node = {"!": node} if type(value) is dict else {"!as": [_name(value), node]}
            return json_text(node)
        except (Unwritable, ValueError) as problem:
            raise SerializationError(f"{title(where)} cannot be kept: {problem}") from problem
        except RecursionError as error:
            raise SerializationError(
                f"{title(where)} cannot be kept: it is nested too deeply, or contains itself"
            ) from error

    def loads(self, text: str, type: Any, where: Where, /) -> Any:
        """Return the value; SerializationError if the payload does not fit the declared type."""
        shape = self._shape if type is Any or type is self.type else shape_of(type)
        try:
            node = self._node(text)
            if is_envelope(node):
                return _read_envelope(node, shape)
            return read(node, shape, '"!' in text)
        except (ValueError, TypeError, LookupError, ArithmeticError, RecursionError) as error:
            raise SerializationError(
                f"{title(where)} cannot be read: {error}; it begins with {text[:80]!r}"
            ) from error

    def _node(self, text: str) -> Any:
        """Return the JSON of a payload; what was read already is handed out once."""
        read = self._read.pop("latest", None)  # in one piece: of two threads, one gets it
        return read.again if read is not None and read.text is text else decoded(text)

    def __repr__(self) -> str:
        return "extended_json" if self.type is UNKNOWN else f"ExtendedJson({self.type!r})"


class Plain(NamedTuple):
    """The JSON of a value, and what was read from it."""

    text: str
    again: Any


def plain_json(value: Any) -> Plain | None:
    """Return the JSON of a value that JSON alone keeps exactly, None for any other.

    No Python code looks at the value. What the text means is compared with the value through
    `marshal`, which tells types apart (a tuple from a list, 1 from True, -0.0 from 0.0), refuses
    subclasses, and, like the JSON encoder, is written in C.
    """
    if type(value) is str and value.isascii() and '"' not in value and "\\" not in value:
        text = f'"{value}"'  # the encoder is slow: it looks at each character by itself
        with suppress(ValueError):  # control characters
            if json.loads(text) == value:
                return Plain(text, value)
    try:
        before = exactly(value, 2)
        text = json_text(value)
        again = decoded(text)
        same = exactly(again, 2) == before
    except (TypeError, ValueError, RecursionError):
        return None
    return Plain(text, again) if same else None


def json_text(node: Any) -> str:
    """Return the text of JSON; a lone surrogate, which UTF-8 cannot carry, is escaped."""
    text = _encode(node)
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            return _encode_ascii(node)
    return text


def title(where: Where) -> str:
    """Return how a payload is called in a message."""
    name = where.operation_name
    return f"the payload of {name!r}" if name else f"the payload of {where.operation_id}"


def _read_envelope(node: Any, shape: Shape) -> Any:
    try:
        translated = from_official(node)
    except (ValueError, TypeError, ArithmeticError):  # other people's data with members t and v
        return read(node, shape, True)
    return read(translated, shape, True)


def _name(value: object) -> str:
    return type(value).__qualname__


extended_json: Final = ExtendedJson()
