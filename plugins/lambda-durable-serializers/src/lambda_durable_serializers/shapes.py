"""A shape is a type annotation made ready: what may stand at a place, and what stands below it."""

import collections.abc as abc
from functools import lru_cache
from typing import Any, Final, Union, get_args, get_origin, is_typeddict

from .forms import Form, form_of
from .hints import alternatives, fields_of
from .scalars import Scalar, scalar_of


class UNKNOWN:
    """Stands for an annotation that the serializer is not told; classes are written by name."""


_PLAIN: Final[frozenset[type]] = frozenset({str, int, float, bool, type(None)})
_ARRAYS: Final[dict[Any, str]] = {
    list: "list",
    abc.Sequence: "list",
    abc.MutableSequence: "list",
    abc.Collection: "list",
    abc.Iterable: "list",
    tuple: "tuple",
    set: "set",
    abc.Set: "set",
    abc.MutableSet: "set",
    frozenset: "frozenset",
}
_MAPPINGS = frozenset({dict, abc.Mapping, abc.MutableMapping})


class Shape:
    """What a type annotation says about one place of a value.

    `is_open` means anything may stand there; `plain` are the JSON types, `scalars` the standard
    types, `forms` the classes that are named; `as_is` are the JSON types whose values are what
    they look like, and `array` is what a JSON list becomes. Shapes below this one are made when
    they are first needed, since types may be recursive.
    """

    __slots__ = (
        "_fields",
        "_fixed",
        "_item",
        "_keys",
        "_lists",
        "_member",
        "_restores",
        "_values",
        "array",
        "as_is",
        "forms",
        "hint",
        "is_open",
        "is_unknown",
        "maps",
        "plain",
        "scalars",
    )

    def __init__(self, hint: Any) -> None:
        self.hint = hint
        self.is_unknown = False
        self.is_open = False
        self.plain: set[type] = set()
        self.scalars: list[Scalar] = []
        self.forms: list[Form] = []
        self.array: str | None = None
        self.maps = False
        self._lists: list[Any] = []
        self._fixed: tuple[Any, ...] | None = None
        self._fields: dict[str, Any] | None = None
        self._item: Shape | None = None
        self._keys: list[Any] = []
        self._values: list[Any] = []
        self._member: Shape | None = None
        self._restores: bool | None = None
        for alternative in alternatives(hint):
            self._admit(alternative)
        self.as_is = self._as_is()

    def _admit(self, hint: Any) -> None:
        origin, arguments = get_origin(hint) or hint, get_args(hint)
        scalar = scalar_of(hint)
        if origin in _PLAIN:
            self.plain.add(origin)
        elif origin in _ARRAYS:
            self._admit_array(_ARRAYS[origin], arguments)
        elif origin in _MAPPINGS:
            self.maps = True
            key, value = arguments or (Any, Any)
            self._keys.append(key)
            self._values.append(value)
        elif scalar is not None:
            self.scalars.append(scalar)
        elif is_typeddict(origin):
            self._fields = {**(self._fields or {}), **fields_of(origin, arguments)}
        elif (form := form_of(hint)) is None:
            self.is_open = True
            self.is_unknown = self.is_unknown or hint is UNKNOWN
        elif form not in self.forms:
            self.forms.append(form)

    def _admit_array(self, kind: str, arguments: tuple[Any, ...]) -> None:
        order = ("list", "tuple", "set", "frozenset")
        if self.array is None or order.index(kind) < order.index(self.array):
            self.array = kind
        if kind == "tuple" and arguments[-1:] != (...,):
            self._fixed = arguments or self._fixed
            self._lists += [] if arguments else [Any]
        else:
            self._lists += arguments[:1] or [Any]

    @property
    def item(self) -> "Shape":
        """The shape of the items of a list, set or tuple of any length."""
        if self._item is None:
            self._item = shape_of(_union(self._lists)) if self._lists else self._below
        return self._item

    def places(self, length: int) -> "list[Shape] | None":
        """Return the shapes of the places of a tuple, None if all have that of `item`."""
        if self._fixed is None:
            return None
        places = [shape_of(hint) for hint in self._fixed[:length]]
        return places + [self.item] * (length - len(places))

    @property
    def key(self) -> "Shape":
        """The shape of the keys of a mapping."""
        return shape_of(_union(self._keys)) if self.maps else self._below

    def member(self, name: object) -> "Shape":
        """Return the shape of one value of a dict."""
        if self.maps:
            self._member = self._member or shape_of(_union(self._values))
            return self._member
        if self._fields is not None:
            return shape_of(self._fields.get(name, Any)) if isinstance(name, str) else ANY
        return self._below

    @property
    def _below(self) -> "Shape":
        return UNKNOWN_SHAPE if self.is_unknown else ANY

    def takes_dict(self) -> bool:
        """Tell whether a JSON object at this place is a dict, rather than an instance."""
        return self.is_open or self.maps or self._fields is not None or not self.forms

    def takes_list(self) -> bool:
        """Tell whether a JSON list at this place is a list."""
        return self.array == "list" or (self.array is None and (self.is_open or not self.forms))

    def _as_is(self) -> frozenset[type]:
        if self.is_open or not (self.scalars or self.forms):
            return _PLAIN
        admitted: set[type] = {type(None), *self.plain}
        if float in admitted:
            admitted.add(int)
        return frozenset(admitted)

    def takes_string_keys(self) -> bool:
        """Tell whether the keys of a JSON object at this place are strings."""
        return not self.maps or self.key.takes_key()

    def takes_key(self) -> bool:
        """Tell whether a string that is a key here is just that."""
        return str in self.as_is and (self.is_open or str in self.plain or not self.plain)

    def restores(self) -> bool:
        """Tell whether JSON without tags can become something else at or below this place."""
        if self._restores is None:
            self._restores = _restores(self, set())
        return self._restores

    def below(self) -> "list[Shape]":
        """Return the shapes below this one."""
        hints = [*self._lists, *(self._fixed or ()), *(self._fields or {}).values()]
        return [shape_of(hint) for hint in (*hints, *self._values)]

    def form(self, cls: type) -> Form | None:
        """Return how instances of a class are written here, None if it is not named here."""
        named = next((form for form in self.forms if form.cls is cls), None)
        if named is not None or not self.is_unknown:
            return named
        parameters: tuple[Any, ...] = getattr(cls, "__parameters__", ())
        generic: Any = cls
        return form_of(generic[(UNKNOWN,) * len(parameters)] if parameters else cls)

    def is_only(self, form: Form) -> bool:
        """Tell whether nothing but this class, or None, can stand here."""
        return (
            self.forms == [form]
            and self.plain <= {type(None)}
            and not (self.is_open or self.scalars or self.array or not self._is_bare())
        )

    def _is_bare(self) -> bool:
        return not self.maps and self._fields is None


def _union(hints: list[Any]) -> Any:
    return Union[tuple(hints)]  # noqa: UP007 - they are not known before


def _restores(shape: Shape, seen: set[int]) -> bool:
    if id(shape) in seen:
        return False
    seen.add(id(shape))
    if shape.scalars or shape.forms or not shape.takes_string_keys():
        return True
    if shape.array not in (None, "list"):
        return True
    return any(_restores(below, seen) for below in shape.below())


def shape_of(hint: Any) -> Shape:
    """Return the shape of a type annotation, made once for each."""
    try:
        return _shape_of(hint)
    except TypeError:  # an unhashable annotation
        return Shape(hint)


_shape_of = lru_cache(maxsize=4096)(Shape)
ANY: Final = shape_of(Any)
UNKNOWN_SHAPE: Final = shape_of(UNKNOWN)
