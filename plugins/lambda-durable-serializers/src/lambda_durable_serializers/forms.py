"""Forms: how instances of a class become JSON and back, for classes that annotations name.

A class is never looked up by a name that stands in a payload: it comes from the annotation, or,
where one is written by name, is one of those that the annotation allows.
"""

import sys
from collections.abc import Callable
from enum import Enum
from functools import lru_cache
from typing import Any, Protocol, TypeAlias, get_args, get_origin

from .hints import fields_of
from .nodes import is_list, is_object

Convert: TypeAlias = Callable[[Any, Any], Any]
"""A function of (what is to be converted, its type annotation)."""


_MISSING = object()


class Unwritable(Exception):
    """A part of a value cannot be kept; `path` leads to it, innermost first."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.path: list[str] = []

    def __str__(self) -> str:
        return f"value{''.join(reversed(self.path))} {self.reason}"


class Form(Protocol):
    """How instances of one class are written and read; `convert` does what is inside of them."""

    cls: type

    def write(self, value: Any, convert: Convert) -> Any:
        """Return JSON for an instance."""
        ...

    def read(self, node: Any, convert: Convert) -> Any:
        """Return the instance; ValueError or TypeError if the JSON does not fit."""
        ...


class EnumForm:
    """A member of an enumeration, as its value."""

    __slots__ = ("cls",)

    def __init__(self, cls: type[Enum]) -> None:
        self.cls: type[Enum] = cls

    def write(self, value: Any, convert: Convert) -> Any:
        """Return the member's value."""
        kept = value._value_
        if self.cls(kept) != value:
            raise ValueError(f"{value!r} is not what its value {kept!r} stands for")
        return convert(kept, Any)

    def read(self, node: Any, convert: Convert) -> Any:
        """Return the member with that value."""
        return self.cls(convert(node, Any))


class RecordForm:
    """What dataclasses and named tuples share: an object with one member per field."""

    __slots__ = ("cls", "fields", "required")

    def __init__(self, cls: type, fields: dict[str, Any], required: set[str]) -> None:
        self.cls = cls
        self.fields = fields
        self.required = required

    def write(self, value: Any, convert: Convert) -> Any:
        """Return an object with the value of every field."""
        node: dict[str, Any] = {}
        name = ""
        try:
            for name, hint in self.fields.items():
                node[name] = convert(getattr(value, name), hint)
        except Unwritable as problem:
            problem.path.append(f".{name}")
            raise
        return node

    def read(self, node: Any, convert: Convert) -> Any:
        """Return an instance; members that are no fields (any longer) are ignored."""
        if not is_object(node):
            raise TypeError(f"{self.cls.__qualname__} is made of an object, not {node!r:.80}")
        missing = sorted(self.required - node.keys())
        if missing:
            raise ValueError(f"{self.cls.__qualname__} lacks {', '.join(missing)} in {node!r:.80}")
        return self.make({n: convert(node[n], h) for n, h in self.fields.items() if n in node})

    def make(self, values: dict[str, Any]) -> Any:
        """Return an instance with these fields."""
        return self.cls(**values)


class NamedTupleForm(RecordForm):
    """A named tuple; JSON from elsewhere may also be a list of its items."""

    __slots__ = ()

    def __init__(self, cls: Any, hints: dict[str, Any]) -> None:
        names: tuple[str, ...] = cls._fields
        required = set(names).difference(cls._field_defaults)
        super().__init__(cls, {name: hints.get(name, Any) for name in names}, required)

    def read(self, node: Any, convert: Convert) -> Any:
        """Return an instance."""
        if is_list(node):
            node = dict(zip(self.fields, node, strict=False))
        return super().read(node, convert)


class DataclassForm(RecordForm):
    """A dataclass: its `__init__` runs, then every field is set to what it was."""

    __slots__ = ("arguments", "lost")

    def __init__(self, cls: Any, hints: dict[str, Any]) -> None:
        from dataclasses import MISSING, InitVar, fields

        declared = {field.name: field for field in fields(cls)}
        required = {
            name
            for name, field in declared.items()
            if field.init and field.default is MISSING and field.default_factory is MISSING
        }
        super().__init__(cls, {name: hints.get(name, Any) for name in declared}, required)
        self.arguments = {name for name, field in declared.items() if field.init}
        self.lost = [
            name
            for name, field in cls.__dataclass_fields__.items()
            if isinstance(hints.get(name), InitVar) and field.default is MISSING
        ]

    def write(self, value: Any, convert: Convert) -> Any:
        """Return an object with the value of every field."""
        if self.lost:
            raise ValueError(
                f"{self.cls.__qualname__} cannot be made again without {', '.join(self.lost)}: an "
                "instance does not keep an InitVar; give it a default"
            )
        return super().write(value, convert)

    def make(self, values: dict[str, Any]) -> Any:
        """Return an instance whose fields are these, whatever `__post_init__` does to them."""
        made = self.cls(**{n: value for n, value in values.items() if n in self.arguments})
        for name, value in values.items():
            if getattr(made, name, _MISSING) is not value:
                object.__setattr__(made, name, value)
        return made


class ModelForm:
    """A pydantic model, through its own JSON; at writing it is checked that it comes back equal."""

    __slots__ = ("cls",)

    def __init__(self, cls: type) -> None:
        self.cls = cls

    def write(self, value: Any, convert: Convert) -> Any:
        """Return the model's own JSON, by alias where that can be read back, else by name."""
        from json import loads

        reason: object = "its JSON gives another value"
        for by_alias in (True, False):
            try:
                text = value.model_dump_json(round_trip=True, by_alias=by_alias)
                if self._made(text) == value:
                    return convert(loads(text), Any)
            except ValueError as error:
                reason = error
        raise ValueError(f"{value!r:.80} would not come back equal: {reason}")

    def read(self, node: Any, convert: Convert) -> Any:
        """Return the model, validated."""
        from json import dumps

        return self._made(dumps(convert(node, Any)))

    def _made(self, text: str) -> Any:
        model: Any = self.cls
        return model.model_validate_json(text)


def form_of(hint: Any) -> Form | None:
    """Return the form of a class, or of a generic class with its arguments; None if it has none."""
    try:
        hash(hint)
    except TypeError:
        return None
    return _form_of(hint)


@lru_cache(maxsize=4096)
def _form_of(hint: Any) -> Form | None:
    named = get_origin(hint) or hint
    if not isinstance(named, type):
        return None
    cls: Any = named
    if issubclass(named, Enum):
        return EnumForm(named)
    if hasattr(cls, "__dataclass_fields__"):
        return DataclassForm(cls, fields_of(cls, get_args(hint)))
    if issubclass(named, tuple) and hasattr(cls, "_fields"):
        return NamedTupleForm(cls, fields_of(cls, get_args(hint)))
    pydantic: Any = sys.modules.get("pydantic")  # there is no model unless it has been imported
    if pydantic is not None and issubclass(named, pydantic.BaseModel):
        return ModelForm(cls)
    return None
