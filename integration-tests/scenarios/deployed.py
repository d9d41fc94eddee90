"""The functions of the scenarios, in both flavours, as they are deployed on every target."""

from collections.abc import Iterator

from targets.base import Function

FLAVOURS = ("plain", "awaited")
"""The packages with the handlers: `def` and `async def`."""

HANDLERS = {
    "steps": ("step_wait_step", "multiple_steps"),
}
"""The durable handlers of each module."""


def functions() -> list[Function]:
    """Return all functions of both flavours."""
    return [each for flavour in FLAVOURS for each in _functions(flavour)]


def name_of(flavour: str, function: str) -> str:
    """Return the name under which a handler of a flavour is deployed."""
    return f"{flavour}-{function}"


def _functions(flavour: str) -> Iterator[Function]:
    for module, names in HANDLERS.items():
        for name in names:
            yield Function(name_of(flavour, name), f"{flavour}.{module}.{name}")
