"""Writes values as JSON with tags; see `extended` for the format.

Whatever the annotation says, a value comes back as what it was: where a reader would make
something else of plain JSON (a dict where the annotation names a class), it is written below `!`.
"""

from collections.abc import Sequence
from enum import Enum
from typing import Any, Final

from .forms import Form, Unwritable, form_of
from .nodes import is_tagged
from .scalars import scalar_of
from .shapes import Shape, shape_of

_HEX_FROM: Final = 1 << 14_283  # below 10**4300: Python reads at most 4,300 decimal digits
_SCALARS: Final = frozenset({str, bool, int, float, type(None)})
_CONTAINERS: Final = (dict, list, tuple, set, frozenset, str, int, float, bytes)


def write(value: object, shape: Shape) -> Any:
    """Return a value as JSON with tags."""
    kind = type(value)
    if kind in _SCALARS:
        node = _number(value) if kind is int or kind is float else value
        return node if kind in shape.as_is or node is not value else {"!": node}
    if kind is dict:
        return _dict(value, shape)
    if kind is list:
        items = _items(value, shape)
        return items if shape.takes_list() else {"!": items}
    if kind is tuple:
        return _tuple(value, shape)
    if kind is set or kind is frozenset:
        return {f"!{kind.__name__}": _items(value, shape)}
    scalar = scalar_of(kind)
    if scalar is not None:
        return {scalar.tag: scalar.encode(value)}
    return _instance(value, kind, shape)


def _number(value: Any) -> Any:
    if type(value) is int:
        return value if -_HEX_FROM < value < _HEX_FROM else {"!int": hex(value)}
    return value if value - value == 0 else {"!float": repr(value)}


def _items(values: Any, shape: Shape, places: Sequence[Shape] | None = None) -> list[Any]:
    written: list[Any] = []
    item = shape.item
    try:
        for index, value in enumerate(values):
            written.append(write(value, places[index] if places else item))
    except Unwritable as problem:
        problem.path.append(f"[{len(written)}]")
        raise
    return written


def _tuple(value: Any, shape: Shape) -> Any:
    return {"!tuple": _items(value, shape, shape.places(len(value)))}


def _dict(value: Any, shape: Shape) -> Any:
    node: dict[Any, Any] = {}
    key: Any = None
    try:
        for key, item in value.items():
            node[key] = write(item, shape.member(key))
    except Unwritable as problem:
        problem.path.append(f"[{key!r:.80}]")
        raise
    if not {*map(type, value)} <= {str} or not shape.takes_string_keys():
        return {"!dict": [[_key(key, shape), item] for key, item in node.items()]}
    return {"!": node} if is_tagged(node) or not shape.takes_dict() else node


def _key(key: Any, shape: Shape) -> Any:
    try:
        return write(key, shape.key)
    except Unwritable as problem:
        problem.path.append(f" (key {key!r:.80})")
        raise


def _instance(value: Any, kind: type, shape: Shape) -> Any:
    form = shape.form(kind)
    if form is None:
        raise Unwritable(_why_not(kind, shape))
    node = _formed(value, form)
    if shape.is_only(form) and node is not None and not is_tagged(node):
        return node
    return {"!as": [kind.__qualname__, node]}


def _formed(value: Any, form: Form) -> Any:
    def convert(inner: Any, hint: Any) -> Any:
        return write(inner, shape_of(hint))

    try:
        return form.write(value, convert)
    except (ValueError, TypeError) as error:
        raise Unwritable(f"cannot be kept: {error}") from error


def _why_not(kind: type, shape: Shape) -> str:
    name = f"{kind.__module__}.{kind.__qualname__}"
    if form_of(kind) is not None:
        declared = "nothing" if shape.is_open else repr(shape.hint)
        return (
            f"is a {name}, and the annotation says {declared}: its class would be lost. Annotate "
            f"the function with what it returns (-> {kind.__qualname__}, -> list[...]), or give "
            f"serializer=ExtendedJson({kind.__qualname__})"
        )
    for base in _CONTAINERS:
        if issubclass(kind, base) and not issubclass(kind, Enum):
            return (
                f"is a {name}, a subclass of {base.__name__} that would come back as a plain "
                f"{base.__name__}: convert it, as in {base.__name__}(value)"
            )
    return (
        f"is a {name}, which is neither JSON nor one of the types that extended JSON knows: return "
        "its data instead (a dict, a dataclass), or use a serializer of your own"
    )
