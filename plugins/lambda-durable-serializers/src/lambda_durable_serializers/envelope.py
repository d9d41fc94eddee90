"""The payloads of the official AWS SDK's default serializer, for moving over.

None, strings, numbers, booleans, and lists of those are bare JSON. Everything else is
`{"t": tag, "v": ...}`, recursively: `n s i f b` for those, `B` bytes (base64), `u` UUID, `d`
Decimal, `dt` datetime, `D` date, `t` tuple, `l` list, `m` dict with string keys, and `br` for a
batch result, which is read as the dict it holds.
"""

from typing import Any, Final

from .forms import Unwritable
from .nodes import is_envelope, is_list, is_object
from .scalars import SCALARS_BY_TAG, scalar_of

_TAGS: Final = {
    "B": "!bytes",
    "u": "!uuid",
    "d": "!decimal",
    "dt": "!datetime",
    "D": "!date",
    "t": "!tuple",
}
_OFFICIAL: Final = {tag: name for name, tag in _TAGS.items()}
_PLAIN: Final[dict[str, type]] = {"n": type(None), "s": str, "i": int, "f": float, "b": bool}
_PLAIN_TAGS: Final = {kind: tag for tag, kind in _PLAIN.items()}


def from_official(node: Any) -> Any:
    """Return an official payload in the form of extended JSON; ValueError if it is none."""
    if not is_object(node) or not is_envelope(node):
        raise ValueError(f"{node!r:.80} has no tag")
    tag, inner = node["t"], node["v"]
    if tag in _PLAIN:
        if type(inner) is not _PLAIN[tag]:
            raise ValueError(f"{inner!r:.80} does not fit the tag {tag!r}")
        return inner
    if tag == "l" or tag == "t":
        items = [from_official(item) for item in _of(list, inner)]
        return items if tag == "l" else {"!tuple": items}
    if tag == "m" or tag == "br":
        members = {key: from_official(item) for key, item in _of(dict, inner).items()}
        return {"!": members} if len(members) == 1 else members
    if tag not in _TAGS:
        raise ValueError(f"{tag!r} is no tag of the official SDK")
    SCALARS_BY_TAG[_TAGS[tag]].decode(_of(str, inner))  # what does not fit is no official payload
    return {_TAGS[tag]: inner}


def to_official(value: Any) -> Any:
    """Return a value in the official form, to be written as JSON."""
    return value if _is_bare(value) else _enveloped(value)


def _is_bare(value: Any) -> bool:
    if is_list(value):
        return all(map(_is_bare, value))
    return type(value) in _PLAIN_TAGS


def _enveloped(value: Any) -> Any:
    kind = _kind(value)
    if kind in _PLAIN_TAGS:
        return {"t": _PLAIN_TAGS[kind], "v": value}
    if kind is list or kind is tuple:
        return {"t": "l" if kind is list else "t", "v": [_enveloped(item) for item in value]}
    if kind is dict:
        for key in value:
            if type(key) is not str:
                raise Unwritable(f"has the key {key!r:.80}; the official format keeps only strings")
        return {"t": "m", "v": {key: _enveloped(item) for key, item in value.items()}}
    scalar = scalar_of(kind)
    if scalar is None or scalar.tag not in _OFFICIAL:
        raise Unwritable(f"holds a {kind.__qualname__}, which the official format does not know")
    text = value.isoformat() if hasattr(value, "isoformat") else scalar.encode(value)
    return {"t": _OFFICIAL[scalar.tag], "v": text}


def _kind(value: object) -> type:
    return type(value)


def _of(kind: type, node: Any) -> Any:
    if type(node) is not kind:
        raise ValueError(f"{node!r:.80} is no {kind.__name__}")
    return node
