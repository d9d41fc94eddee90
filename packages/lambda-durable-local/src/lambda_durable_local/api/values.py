"""Checks values against the shapes of the model, and turns them into those that the service takes.

The rules that botocore's clients leave to the service are here: patterns, ranges and enumerations.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

from botocore.model import ListShape, Shape, StructureShape

from lambda_durable_kernel.errors import InvalidParameterValueError

# The service says itself how large these may be: its limits can be lifted, the model's cannot.
_SIZED_BY_SERVICE: Final = frozenset({"OperationPayload", "BinaryOperationPayload"})
_SHOWN: Final = 100


def checked(shape: Shape, value: Any, where: str) -> Any:
    """Return a value from JSON as the service takes it; raise InvalidParameterValueError.

    Members that the shape does not have are left out, as are those that are null.
    """
    match shape.type_name:
        case "structure":
            assert isinstance(shape, StructureShape), "botocore's own class for it"
            return _structure(shape, value, where)
        case "list":
            assert isinstance(shape, ListShape), "botocore's own class for it"
            return _list(shape, value, where)
        case "string":
            return _string(shape, value, where)
        case "integer" | "long":
            return _integer(shape, value, where)
        case "boolean":
            if not isinstance(value, bool):
                raise _wrong_type(value, where, "true or false")
            return value
        case "timestamp":
            return _timestamp(value, where)
        case _:
            return value


def read_text(shape: Shape, text: str, where: str) -> Any:
    """Return the value that a header, a label or a part of the query stands for."""
    match shape.type_name:
        case "integer" | "long":
            if not re.fullmatch(r"-?[0-9]{1,18}", text):
                raise _wrong_type(text, where, "a whole number")
            return checked(shape, int(text), where)
        case "boolean":
            if text not in ("true", "false"):
                raise _wrong_type(text, where, "true or false")
            return text == "true"
        case _:
            return checked(shape, text, where)


def _structure(shape: StructureShape, value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _wrong_type(value, where, "an object")
    prefix = f"{where}." if where else ""
    found: dict[str, Any] = {}
    for name, member in shape.members.items():
        each = value.get(name)
        if each is not None:
            found[name] = checked(member, each, f"{prefix}{name}")
    check_required(shape, found, prefix)
    return found


def check_required(shape: StructureShape, found: Mapping[str, Any], prefix: str = "") -> None:
    """Refuse a structure without one of its required members."""
    for name in shape.required_members:
        if found.get(name) is None:
            raise _broken(None, f"{prefix}{name}", "Member must not be null")


def _list(shape: ListShape, value: Any, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise _wrong_type(value, where, "a list")
    _check_range(shape, len(value), value, where, "have length")
    return [
        checked(shape.member, each, f"{where}.{number}.member")
        for number, each in enumerate(value, 1)
    ]


def _string(shape: Shape, value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise _wrong_type(value, where, "a string")
    metadata = shape.metadata
    if "enum" in metadata and value not in metadata["enum"]:
        allowed = ", ".join(metadata["enum"])
        raise _broken(value, where, f"Member must satisfy enum value set: [{allowed}]")
    if shape.name not in _SIZED_BY_SERVICE:
        _check_range(shape, len(value), value, where, "have length")
    pattern = metadata.get("pattern")
    if pattern is not None and not _compiled(pattern).fullmatch(value):
        raise _broken(value, where, f"Member must satisfy regular expression pattern: {pattern}")
    return value


def _integer(shape: Shape, value: Any, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _wrong_type(value, where, "a whole number")
    _check_range(shape, value, value, where, "have value")
    return value


def _timestamp(value: Any, where: str) -> float:
    """Return seconds since 1970; bodies have numbers, queries ISO 8601."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC).timestamp()
        if isinstance(value, str):
            if re.fullmatch(r"-?[0-9]{1,18}(\.[0-9]{1,9})?", value):
                return datetime.fromtimestamp(float(value), UTC).timestamp()
            found = datetime.fromisoformat(value)
            return (found if found.tzinfo is not None else found.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError, OSError):
        pass
    raise _wrong_type(value, where, "a time in ISO 8601, as in 2026-01-31T12:00:00Z")


def _check_range(shape: Shape, size: int, value: Any, where: str, have: str) -> None:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and size < low:
        raise _broken(value, where, f"Member must {have} greater than or equal to {low}")
    if high is not None and size > high:
        raise _broken(value, where, f"Member must {have} less than or equal to {high}")


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)


def _wrong_type(value: Any, where: str, wanted: str) -> InvalidParameterValueError:
    return _broken(value, where, f"Member must be {wanted}")


def _broken(value: Any, where: str, rule: str) -> InvalidParameterValueError:
    shown = "null" if value is None else f"'{str(value)[:_SHOWN]}'"
    return InvalidParameterValueError(
        f"1 validation error detected: Value {shown} at '{where}' failed to satisfy constraint: "
        f"{rule}"
    )
