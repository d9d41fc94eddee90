"""Takes type annotations apart: what may stand there, and which types a generic class was given."""

import sys
import types
from collections.abc import Iterator, Mapping
from inspect import get_annotations
from typing import (
    Annotated,
    Any,
    ClassVar,
    Final,
    Generic,
    Literal,
    NotRequired,
    Protocol,
    Required,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

_WRAPPERS: Final = (Annotated, ClassVar, Final, Required, NotRequired)


def alternatives(hint: Any) -> Iterator[Any]:
    """Yield the types of which a value can be one: unions, aliases and wrappers are dissolved.

    What is unknown, such as an unresolved name, is `Any`.
    """
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Union or origin is types.UnionType:
        inner = arguments
    elif origin in _WRAPPERS or getattr(origin, "_name", None) == "ReadOnly":
        inner = arguments[:1]
    else:
        inner = _behind(hint, origin or hint, arguments)
    for member in inner:
        yield from alternatives(member)
    if not inner:
        yield from _itself(hint, origin, arguments)


def _behind(hint: Any, named: Any, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return what a name stands for: a type variable, a NewType, or `type X = ...`."""
    if isinstance(hint, TypeVar):
        return hint.__constraints__ or (Any if hint.__bound__ is None else hint.__bound__,)
    if hasattr(hint, "__supertype__"):
        return (hint.__supertype__,)
    if type(named).__name__ == "TypeAliasType":  # from Python 3.12 on
        bindings = dict(zip(named.__type_params__, arguments, strict=False))
        return (substituted(named.__value__, bindings),)
    return ()


def _itself(hint: Any, origin: Any, arguments: tuple[Any, ...]) -> Iterator[Any]:
    if origin is Literal:
        for value in arguments:
            yield type(value)  # a member of an Enum, or a plain value
    elif hint is None:
        yield type(None)
    else:
        yield Any if hint is object or isinstance(hint, str) else hint


def substituted(hint: Any, bindings: Mapping[Any, Any]) -> Any:
    """Return a hint with the type variables replaced that have a binding."""
    if isinstance(hint, TypeVar):
        return bindings.get(hint, hint)
    parameters = getattr(hint, "__parameters__", ())
    if not bindings or not parameters or isinstance(hint, type):
        return hint
    return hint[tuple(bindings.get(parameter, parameter) for parameter in parameters)]


def fields_of(cls: type, arguments: tuple[Any, ...] = ()) -> dict[str, Any]:
    """Return the annotations of a class and its bases, with its type arguments put in.

    Annotations that cannot be evaluated, such as names that exist for type checkers only, are
    `Any`.
    """
    bindings: dict[type, dict[Any, Any]] = {}
    _bind(cls, arguments, bindings)
    hints = _evaluated(cls)
    found: dict[str, Any] = {}
    for owner in reversed(cls.__mro__):
        for name in get_annotations(owner):
            if name in hints:
                found[name] = substituted(hints[name], bindings.get(owner, {}))
    return found


def _bind(cls: type, arguments: tuple[Any, ...], found: dict[type, dict[Any, Any]]) -> None:
    parameters: tuple[Any, ...] = getattr(cls, "__parameters__", ())
    own = found[cls] = dict(zip(parameters, arguments, strict=False))
    for base in vars(cls).get("__orig_bases__", cls.__bases__):
        origin = get_origin(base) or base
        if isinstance(origin, type) and origin not in (Generic, Protocol, object):
            _bind(origin, tuple(substituted(given, own) for given in get_args(base)), found)


def _evaluated(cls: type) -> dict[str, Any]:
    try:
        return get_type_hints(cls)
    except Exception:  # noqa: BLE001 - whatever an annotation raises, it tells nothing
        hints: dict[str, Any] = {}
        for owner in reversed(cls.__mro__):
            names = vars(sys.modules.get(owner.__module__, types))
            for name, hint in get_annotations(owner).items():
                hints[name] = _name_alone(hint, names) if isinstance(hint, str) else hint
        return hints


def _name_alone(text: str, names: Mapping[str, Any]) -> Any:
    """Look a simple name up; anything that had to be evaluated is `Any`."""
    builtin = {"str": str, "int": int, "float": float, "bool": bool, "bytes": bytes}
    return names.get(text, builtin.get(text, Any))
