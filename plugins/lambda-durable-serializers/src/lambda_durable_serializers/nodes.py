"""Tells apart what `json.loads` returns: an object, a list, a tag, an official payload."""

from typing import Any, Final, TypeGuard

_ENVELOPE: Final = {"t", "v"}


def is_object(node: object) -> TypeGuard[dict[str, Any]]:
    """Tell whether a node is a JSON object."""
    return type(node) is dict


def is_list(node: object) -> TypeGuard[list[Any]]:
    """Tell whether a node is a JSON list."""
    return type(node) is list


def is_tagged(node: object) -> bool:
    """Tell whether a node is a tag: an object with one member, whose name begins with `!`."""
    return is_object(node) and len(node) == 1 and next(iter(node)).startswith("!")


def is_envelope(node: object) -> bool:
    """Tell whether a node has exactly the members of an official payload, t and v."""
    return is_object(node) and node.keys() == _ENVELOPE
