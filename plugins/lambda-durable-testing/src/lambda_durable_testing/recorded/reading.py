"""Whether recorded payloads are still read by the serializer that wrote them.

A recording may name the serializers. Otherwise each payload that a replay reads is written again.
The same serializer writes it in the same form; what only adds members (a new field with a default)
counts as the same, and so do texts that no two runs write alike (compressed or encrypted ones).
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from lambda_durable.abc import Serializer, Where

_OPAQUE: Final = re.compile(r"[A-Za-z0-9+/=_-]{40,}")
_OFFICIAL_TAGS: Final = frozenset(
    ["n", "s", "i", "f", "b", "B", "u", "d", "dt", "D", "t", "l", "m", "br"]
)


class Misread(NamedTuple):
    """A recorded payload that the code of today does not read as it was written."""

    recorded: str
    now: str | None
    """How it would be written today; None if it could not be read, or not be written."""
    error: Exception | None = None
    written_by: str | None = None
    read_by: str | None = None


Known = dict[tuple[str, str, str], Misread | None]
"""What is known of payloads already, by operation, serializer and text."""


class Payloads:
    """Sees what serializers read; `misread` is what they read wrongly.

    `written_by` names the serializers that wrote the payloads, by operation, as far as known. What
    was found out about a payload is kept in `known`, for further replays of the same code.
    """

    def __init__(
        self,
        written_by: Mapping[str, str] | None = None,
        *,
        only_readable: bool = False,
        known: "Known | None" = None,
    ) -> None:
        self._written_by = written_by or {}
        self._only_readable = only_readable
        self._known: Known = {} if known is None else known
        self.misread: dict[str, Misread] = {}
        self.read_by: dict[str, str] = {}
        """The names of the serializers that read, by operation."""

    def seen(self, serializer: Serializer) -> Serializer:
        """Return the serializer so that what it reads is looked at."""
        return serializer if self.is_seen(serializer) else _Seen(serializer, self)

    def is_seen(self, serializer: object) -> bool:
        """Return whether `seen` made it."""
        return isinstance(serializer, _Seen)

    def check(self, serializer: Serializer, text: str, type: Any, where: Where) -> Any:
        """Read a payload, and note it if it is not read as it was written."""
        id = where.operation_id
        self.read_by[id] = by = serializer_name(serializer)
        try:
            value = serializer.loads(text, type, where)
        except Exception as error:
            self.misread[id] = Misread(text, None, error, self._written_by.get(id), by)
            raise
        if not self._only_readable and id not in self.misread:
            key = id, by, text
            if key not in self._known:
                self._known[key] = self._difference(serializer, text, value, where)
            wrong = self._known[key]
            if wrong is not None:
                self.misread[id] = wrong._replace(written_by=self._written_by.get(id), read_by=by)
        return value

    def _difference(
        self, serializer: Serializer, text: str, value: Any, where: Where
    ) -> Misread | None:
        written_by = self._written_by.get(where.operation_id)
        if written_by is not None and written_by != serializer_name(serializer):
            return Misread(text, None)
        if getattr(serializer, "does_io", False):  # writing would be a side effect
            return None
        try:
            now = serializer.dumps(value, where)
        except Exception as error:  # noqa: BLE001 - plugins raise what they like; it is reported
            return Misread(text, None, error)
        if same_form(text, now) and not is_left_tagged(text, value):
            return None
        return Misread(text, now)


class _Seen:
    """A serializer that is looked at while it reads."""

    def __init__(self, serializer: Serializer, payloads: Payloads) -> None:
        self._serializer = serializer
        self._payloads = payloads

    def __getattr__(self, name: str) -> Any:
        member = getattr(self._serializer, name)
        if name != "for_type":
            return member
        return lambda type: self._payloads.seen(member(type))

    def __repr__(self) -> str:
        return repr(self._serializer)

    def dumps(self, value: Any, where: Where, /) -> str:
        """Write as the serializer does."""
        return self._serializer.dumps(value, where)

    def loads(self, text: str, type: Any, where: Where, /) -> Any:
        """Read as the serializer does, and have it looked at."""
        return self._payloads.check(self._serializer, text, type, where)


def serializer_name(serializer: object) -> str:
    """Return which serializer it is, whatever type it was made for: its class, or its chain's."""
    parts = [getattr(serializer, "serializer", None), *getattr(serializer, "transforms", ())]
    if len(parts) > 1 and parts[0] is not None:
        return " | ".join(map(serializer_name, parts))
    kind = type(serializer)
    return f"{kind.__module__}.{kind.__qualname__}"


def is_left_tagged(text: str, value: Any) -> bool:
    """Return whether a payload has tags for types, and all are still there in what was read."""
    try:
        before = sum(1 for _ in _tags(json.loads(text)))
    except ValueError:
        return False
    return before > 0 and sum(1 for _ in _tags(value)) == before


def _tags(value: Any) -> Iterator[Any]:
    """Yield the tags of extended JSON and of the official SDK's format in a JSON value."""
    if isinstance(value, dict):
        extended = len(value) == 1 and str(next(iter(value))).startswith("!")
        if extended or (value.keys() == {"t", "v"} and str(value["t"]) in _OFFICIAL_TAGS):
            yield value
        for item in value.values():
            yield from _tags(item)
    elif isinstance(value, list):
        for item in value:
            yield from _tags(item)


def same_form(recorded: str, now: str) -> bool:
    """Return whether two payloads of one value were written by the same serializer."""
    if recorded == now:
        return True
    try:
        before, after = json.loads(recorded), json.loads(now)
    except ValueError:
        return _both_opaque(recorded, now)
    return _contains(before, after)


def _contains(before: Any, after: Any) -> bool:
    if type(before) is not type(after):
        return isinstance(before, int | float) and before == after
    if isinstance(before, dict):
        return all(key in after and _contains(before[key], after[key]) for key in before)
    if isinstance(before, list):
        if len(before) != len(after):
            return False
        if all(map(_contains, before, after)):
            return True
        return sorted(map(json.dumps, before)) == sorted(map(json.dumps, after))  # a set
    if isinstance(before, str):
        return before == after or _both_opaque(before, after)
    return bool(before == after)


def _both_opaque(before: str, after: str) -> bool:
    return bool(_OPAQUE.fullmatch(before) and _OPAQUE.fullmatch(after))
