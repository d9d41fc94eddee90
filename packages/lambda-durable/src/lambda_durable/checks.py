"""Checks of what callers pass in: names, durations, identifiers; each error says the way out."""

import math
from datetime import timedelta
from functools import partial
from typing import Any

from .errors import InvalidInputError
from .protocol import Limits

_SUBTYPE_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")
_TENANT_CHARACTERS = _SUBTYPE_CHARACTERS | frozenset("._:/=+@ ")


def checked_name(name: str | None) -> str | None:
    """Return `name` if the service takes it: 1-256 printable ASCII characters, or None."""
    if name is None:
        return None
    if not isinstance(name, str):
        raise InvalidInputError(f"name must be a string, not {_shown(name)}")
    if not name:
        raise InvalidInputError("name is empty; leave it out to name the operation by its function")
    if len(name) > Limits.NAME_LENGTH:
        raise InvalidInputError(
            f"name {_shown(name)} has {len(name)} characters; the service takes at most "
            f"{Limits.NAME_LENGTH}, so shorten it"
        )
    if not (name.isascii() and name.isprintable()):
        raise InvalidInputError(
            f"name {_shown(name)} is not printable ASCII (the service takes characters from space "
            "to ~ only); pass another one as name=..."
        )
    return name


def check_strategy(chosen: Any, what: str) -> None:
    """Raise InvalidInputError unless `chosen` is a name, a function or None."""
    if chosen is not None and not isinstance(chosen, str) and not callable(chosen):
        raise InvalidInputError(
            f"{what} must be a name or a function of (error or state, attempt, elapsed), not "
            f"{chosen!r:.80}"
        )


def function_name_of(func: Any) -> str | None:
    """Return the name an operation takes from its function, None if it has none."""
    if not callable(func):
        raise InvalidInputError(
            f"expected a function, not {_shown(func)}; pass the function itself and its arguments "
            "separately: step(f, x), not step(f(x))"
        )
    while isinstance(func, partial):
        func = func.func
    name = getattr(func, "__name__", None)
    return name if isinstance(name, str) else type(func).__name__


def whole_seconds(value: Any, what: str, *, maximum: int = Limits.WAIT_SECONDS) -> int:
    """Return a duration as the service wants it: whole seconds, rounded up, from 1 to `maximum`."""
    seconds = _seconds(value, what)
    if seconds <= 0:
        raise InvalidInputError(f"{what} must be longer than zero, not {_shown(value)}")
    rounded = math.ceil(seconds)
    if rounded > maximum:
        raise InvalidInputError(
            f"{what} must be at most {maximum} seconds (the service's limit: "
            f"{maximum // 86_400} days), not {_shown(value)}"
        )
    return rounded


def delay_seconds(value: Any, what: str) -> int:
    """Return the delay a strategy asks for, brought into the service's range of 1 s to 366 days.

    A strategy may compute zero or more than the service takes; that is adjusted, not refused. A
    value that is no duration at all is an error.
    """
    seconds = _seconds(value, what, finite=False)
    if seconds <= 1:
        return 1
    return min(math.ceil(min(seconds, Limits.WAIT_SECONDS)), Limits.WAIT_SECONDS)


def checked_subtype(subtype: str) -> str:
    """Return `subtype` if the service takes it: 1-32 letters, digits, `-` and `_`."""
    valid = isinstance(subtype, str) and 0 < len(subtype) <= Limits.SUBTYPE_LENGTH
    if not valid or not _SUBTYPE_CHARACTERS.issuperset(subtype):
        raise InvalidInputError(
            f"subtype {_shown(subtype)} must be 1-{Limits.SUBTYPE_LENGTH} letters, digits, - and _"
        )
    return subtype


def checked_function_name(name: str) -> str:
    """Return the name or ARN of a function to invoke, if it can be one."""
    if not isinstance(name, str) or not name or len(name) > Limits.FUNCTION_NAME_LENGTH:
        raise InvalidInputError(
            f"function {_shown(name)} must be a function's name or ARN of 1-"
            f"{Limits.FUNCTION_NAME_LENGTH} characters"
        )
    if not name.isascii() or not name.isprintable() or " " in name:
        raise InvalidInputError(
            f"function {_shown(name)} is neither a function's name nor an ARN; they have letters, "
            "digits and : / . $ - _ only"
        )
    return name


def checked_tenant_id(tenant_id: str | None) -> str | None:
    """Return a tenant id if the service takes it, None for none."""
    if tenant_id is None:
        return None
    valid = isinstance(tenant_id, str) and 0 < len(tenant_id) <= Limits.TENANT_ID_LENGTH
    if not valid or not _TENANT_CHARACTERS.issuperset(tenant_id):
        raise InvalidInputError(
            f"tenant_id {_shown(tenant_id)} must be 1-{Limits.TENANT_ID_LENGTH} letters, digits, "
            "spaces and . _ : / = + - @"
        )
    return tenant_id


def _seconds(value: Any, what: str, *, finite: bool = True) -> float:
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidInputError(
            f"{what} must be a timedelta or a number of seconds, not {_shown(value)}"
        )
    if isinstance(value, float) and (math.isnan(value) or (finite and math.isinf(value))):
        raise InvalidInputError(f"{what} must be a finite duration, not {_shown(value)}")
    return value


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
