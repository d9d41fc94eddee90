"""Frozen values that cost nothing to import: a dataclass costs half a millisecond to make.

A subclass names its fields in `__slots__` and annotates them; type checkers see a dataclass.
"""

from typing import Any, ClassVar, NoReturn, dataclass_transform


@dataclass_transform(frozen_default=True)
class Value:
    """Equal by class and fields, hashable, and never changed."""

    __slots__ = ()
    _names: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        cls._names += cls.__dict__["__slots__"]

    def __init__(self, *values: Any, **named: Any) -> None:
        given = dict(zip(self._names, values, strict=False)) | named
        for name in self._names:
            object.__setattr__(self, name, given[name])

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is frozen; make another one instead")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is frozen; make another one instead")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Value) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __reduce__(self) -> tuple[type, tuple[Any, ...]]:
        return self._key()

    def _key(self) -> tuple[type, tuple[Any, ...]]:
        return type(self), tuple(getattr(self, name) for name in self._names)


def spelled(call: str, /, *positional: str, **named: Any) -> str:
    """Return the source text of a call, leaving out what is None."""
    parts = list(positional)
    for name, value in named.items():
        if value is not None:
            text = f"{value:.10g}" if isinstance(value, float) else name_of(value)
            parts.append(f"{name}={text}")
    return f"{call}({', '.join(parts)})"


def name_of(value: object) -> str:
    """Return how a value is called in a repr: a function or a class by its name."""
    name = getattr(value, "__qualname__", None)
    return name if isinstance(name, str) else repr(value)
