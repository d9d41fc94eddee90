"""Serializers that chain: `extended_json | compress` writes from left to right."""

from typing import Any, Protocol, runtime_checkable

from lambda_durable.abc import Serializer, Where
from lambda_durable.errors import InvalidInputError


@runtime_checkable
class Transform(Protocol):
    """Turns the text of a payload into another text and back: compresses, encrypts, offloads.

    One that does I/O sets `does_io = True`, like a serializer.
    """

    def encode(self, text: str, where: Where, /) -> str:
        """Return the text to be kept."""
        ...

    def decode(self, text: str, where: Where, /) -> str:
        """Return the text that `encode` was given."""
        ...


class Chainable:
    """Gives a serializer the operator `|`."""

    __slots__ = ()

    def __or__(self, transform: Transform) -> "Chain":
        serializer: Any = self
        return Chain(serializer, transform)


class Chain(Chainable):
    """A serializer, and transforms that its payloads go through."""

    __slots__ = ("serializer", "transforms")

    def __init__(self, serializer: Serializer, *transforms: Transform) -> None:
        given: Any
        for given in transforms:
            if not isinstance(given, Transform):
                raise InvalidInputError(
                    f"{given!r} is no transform: what follows | needs encode and decode, which "
                    "turn text into text"
                )
        inner = serializer if isinstance(serializer, Chain) else None
        self.serializer: Serializer = inner.serializer if inner else serializer
        self.transforms: tuple[Transform, ...] = (
            (*inner.transforms, *transforms) if inner else transforms
        )

    @property
    def does_io(self) -> bool:
        """Tell whether a part of the chain does I/O."""
        parts = (self.serializer, *self.transforms)
        return any(getattr(part, "does_io", False) for part in parts)

    def for_type(self, type: Any) -> "Chain":
        """Return the chain for a declared type."""
        bound: Any = getattr(self.serializer, "for_type", None)
        return Chain(bound(type), *self.transforms) if bound else self

    def dumps(self, value: Any, where: Where, /) -> str:
        """Return the serializer's payload, transformed from left to right."""
        text = self.serializer.dumps(value, where)
        for transform in self.transforms:
            text = transform.encode(text, where)
        return text

    def loads(self, text: str, type: Any, where: Where, /) -> Any:
        """Return the value of a payload, transformed back from right to left."""
        for transform in reversed(self.transforms):
            text = transform.decode(text, where)
        return self.serializer.loads(text, type, where)

    def __repr__(self) -> str:
        return " | ".join(map(repr, (self.serializer, *self.transforms)))
