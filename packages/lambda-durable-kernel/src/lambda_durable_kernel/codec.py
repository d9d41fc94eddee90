"""The stored values as JSON text and back, for stores that keep text."""

import json
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

from .model import (
    FunctionSpec,
    InFlight,
    InvokeTarget,
    ParentLink,
    Pause,
    Progress,
    Start,
    StoredOperation,
)

ValueT = TypeVar("ValueT")


def dump(value: Start | Progress | StoredOperation) -> str:
    """Return a value as JSON text."""
    return json.dumps(_plain(value), separators=(",", ":"))


def load_start(text: str) -> Start:
    """Return the `Start` that `dump` was given."""
    members = json.loads(text)
    function = members["function"]
    if function.get("aliases") is not None:
        function["aliases"] = tuple(function["aliases"])
    members["function"] = FunctionSpec(**function)
    members["parent"] = _optional(ParentLink, members["parent"])
    return Start(**members)


def load_progress(text: str) -> Progress:
    """Return the `Progress` that `dump` was given."""
    members = json.loads(text)
    members["in_flight"] = _optional(InFlight, members["in_flight"])
    members["pause"] = _optional(Pause, members["pause"])
    return Progress(**members)


def load_operation(text: str) -> StoredOperation:
    """Return the `StoredOperation` that `dump` was given."""
    members = json.loads(text)
    members["target"] = _optional(InvokeTarget, members["target"])
    return StoredOperation(**members)


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return value


def _optional(make: Callable[..., ValueT], members: dict[str, Any] | None) -> ValueT | None:
    return None if members is None else make(**members)
