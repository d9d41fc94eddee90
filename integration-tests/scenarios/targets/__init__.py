"""Where the scenarios can run: a module for each target, found by the name of `--target`.

A module has `add_options(group)` for its own options of pytest, `--base-image` or the like, and
`make(config)`, which returns a `Target`; see `base.py`. Nothing is imported that is not asked for,
but for the options.
"""

from importlib import import_module
from typing import Any

NAMES = ("process", "docker", "aws")


def module(name: str) -> Any:
    """Return the module of a target."""
    return import_module(f"{__name__}.{name}")
