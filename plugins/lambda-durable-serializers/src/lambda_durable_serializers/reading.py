"""Reads JSON with tags, and turns plain JSON into what the type annotation says."""

from typing import Any, Final

from .forms import Form
from .nodes import is_list, is_object, is_tagged
from .scalars import SCALARS_BY_TAG
from .shapes import Shape, shape_of

_ARRAYS: Final[dict[str, type]] = {
    "!tuple": tuple,
    "!set": set,
    "!frozenset": frozenset,
}
# what scalars and classes raise for JSON that does not fit them
_MISFITS: Final = (ValueError, TypeError, LookupError, ArithmeticError)


def read(node: object, shape: Shape, tags: bool) -> Any:
    """Return the value of a JSON value; `tags` tells whether there can be tags in it.

    ValueError or TypeError if it does not fit its tag or its annotation.
    """
    if not tags and not shape.restores():
        return node
    if is_object(node):
        if tags and is_tagged(node):
            ((tag, inner),) = node.items()
            return _tagged(tag, inner, shape)
        return _object(node, shape, tags)
    if is_list(node):
        return _array(node, shape, tags)
    return node if type(node) in shape.as_is else _scalar(node, shape)


def _object(node: dict[str, Any], shape: Shape, tags: bool) -> Any:
    if not shape.takes_dict():
        return _instance(node, shape, tags)
    members = {key: read(item, shape.member(key), tags) for key, item in node.items()}
    if shape.takes_string_keys():
        return members
    return {_key(key, shape.key): item for key, item in members.items()}


def _array(node: list[Any], shape: Shape, tags: bool) -> Any:
    if shape.takes_list():
        below = shape.item
        as_is = below.as_is
        return [item if type(item) in as_is else read(item, below, tags) for item in node]
    if shape.array is None:
        return _instance(node, shape, tags)
    return _collected(f"!{shape.array}", node, shape, tags)


def _collected(tag: str, node: Any, shape: Shape, tags: bool) -> Any:
    if not is_list(node):
        raise TypeError(f"{tag} holds {node!r:.80}, which is no list")
    if tag == "!tuple":
        places = shape.places(len(node)) or [shape.item] * len(node)
        return tuple(map(read, node, places, [tags] * len(node)))
    return _ARRAYS[tag](read(item, shape.item, tags) for item in node)


def _scalar(node: Any, shape: Shape) -> Any:
    for scalar in shape.scalars:
        try:
            return scalar.decode(node)
        except _MISFITS:
            continue
    if shape.forms:
        return _instance(node, shape, tags=False)
    raise ValueError(f"{node!r:.80} is no {shape.hint!r}")


def _key(key: str, shape: Shape) -> Any:
    """Return a key of plain JSON as the type that the annotation gives to keys."""
    for plain in (int, float):
        if plain in shape.plain:
            return plain(key)
    return key if str in shape.as_is else _scalar(key, shape)


def _instance(node: Any, shape: Shape, tags: bool) -> Any:
    """Return an instance of the first class that the JSON fits."""
    problems: list[str] = []
    for form in shape.forms:
        try:
            return _formed(node, form, tags)
        except _MISFITS as error:
            problems.append(str(error))
    raise ValueError("; ".join(problems))


def _formed(node: Any, form: Form, tags: bool) -> Any:
    def convert(inner: Any, hint: Any) -> Any:
        return read(inner, shape_of(hint), tags)

    return form.read(node, convert)


def _tagged(tag: str, inner: Any, shape: Shape) -> Any:
    scalar = SCALARS_BY_TAG.get(tag)
    if scalar is not None:
        return scalar.decode(inner)
    if tag in _ARRAYS:
        return _collected(tag, inner, shape, tags=True)
    if tag == "!":
        return _literal(inner, shape)
    if tag == "!dict":
        return {
            read(key, shape.key, True): read(item, shape.member(key), True) for key, item in inner
        }
    if tag == "!as":
        return _named(inner, shape)
    if tag == "!int":
        return int(inner, 16)
    if tag == "!float":
        return float(inner)
    raise ValueError(f"{tag!r} is no tag known here; it was written by another serializer")


def _literal(inner: Any, shape: Shape) -> Any:
    if is_object(inner):
        return {key: read(item, shape.member(key), True) for key, item in inner.items()}
    if is_list(inner):
        return [read(item, shape.item, True) for item in inner]
    return inner


def _named(inner: Any, shape: Shape) -> Any:
    name, node = inner
    named = [form for form in shape.forms if form.cls.__qualname__ == name]
    if len(named) == 1:
        return _formed(node, named[0], tags=True)
    if named:
        raise ValueError(f"the annotation {shape.hint!r} names several classes called {name!r}")
    declared = "nothing" if shape.is_open and not shape.forms else repr(shape.hint)
    raise ValueError(
        f"it holds a {name!r}, and the annotation says {declared}: annotate the function with what "
        "it returns, so that the class is known"
    )
