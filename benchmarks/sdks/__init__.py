"""The measured programs, once for each SDK, with the same names and parameters.

Each module has `PROGRAMS`, functions that return a handler, and `hosted(handler, memory)`, which
returns how one invocation of it is run on the service in memory.
"""

from importlib import import_module
from typing import Any

MODULES = {
    "def": "plain",
    "async def": "awaited",
    "official": "official",
    "async package": "async_package",
}
"""Modules by what their SDK is called in results."""


def load(sdk: str) -> Any:
    """Return the module of an SDK, by its name in results."""
    return import_module(f"{__name__}.{MODULES[sdk]}")
