"""The functions of the scenarios, in both flavours, as they are deployed on every target."""

from collections.abc import Iterator, Mapping
from typing import Any

from targets.base import Function

FLAVOURS = ("plain", "awaited")
"""The packages with the handlers: `def` and `async def`."""

_HANDLERS: Mapping[str, tuple[str, ...]] = {
    "steps": (
        *("step_wait_step", "multiple_steps", "replays", "changes"),
        *("fails", "retries", "gives_up"),
    ),
    "waits": ("waits", "waits_long"),
    "callbacks": (
        *("awaits", "submits", "awaits_in_vain"),
        *("expects_heartbeats", "misses_heartbeats"),
    ),
    "children": ("nests", "recovers", "overflows"),
    "batches": (
        *("maps", "maps_flat", "maps_overflowing"),
        *("branches", "branches_flat", "branches_overflowing"),
    ),
    "invokes": ("invokes", "invokes_in_vain", "is_invoked", "is_plain"),
    "interruptions": (
        *("is_interrupted", "is_interrupted_at_most_once", "overruns"),
        "returns_much",
    ),
}
_SPECIAL: Mapping[str, Mapping[str, Any]] = {
    "waits_long": {"execution_timeout": None},
    # Where time is skipped, its end would come before anybody has answered.
    "awaits": {"execution_timeout": None},
    "is_plain": {"durable": False},
    "overruns": {"timeout": 10},
    "returns_much": {"memory_mb": 1024},
}


def functions() -> list[Function]:
    """Return all functions of both flavours."""
    return [each for flavour in FLAVOURS for each in _functions(flavour)]


def name_of(flavour: str, function: str) -> str:
    """Return the name under which a handler of a flavour is deployed."""
    return f"{flavour}-{function}"


def _functions(flavour: str) -> Iterator[Function]:
    for module, names in _HANDLERS.items():
        for name in names:
            handler = f"{flavour}.{module}.{name}"
            yield Function(name_of(flavour, name), handler, **_SPECIAL.get(name, {}))
