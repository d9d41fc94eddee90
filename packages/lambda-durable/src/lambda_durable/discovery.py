"""Finds the installed plugins: first-party modules by name, then entry points.

`LAMBDA_DURABLE_PLUGINS=a,b` replaces both; empty, it disables them. Entry points are not enough:
common Lambda packagers delete `*.dist-info`, and then there are none.
"""

import os
from importlib import import_module
from importlib.util import find_spec
from typing import Final

from .entry_points import entry_points
from .errors import PluginError

FIRST_PARTY: Final = (
    "lambda_durable_retry",
    "lambda_durable_serializers",
    "lambda_durable_callbacks",
    "lambda_durable_concurrency",
    "lambda_durable_lean_client",
)
ENTRY_POINT_GROUP: Final = "lambda_durable"
VARIABLE: Final = "LAMBDA_DURABLE_PLUGINS"


def installed() -> list[object]:
    """Return the plugins of this environment, in the order in which they are registered."""
    listed = os.environ.get(VARIABLE)
    if listed is not None:
        return [_imported(name.strip(), VARIABLE) for name in listed.split(",") if name.strip()]
    first_party = [_imported(n, "first-party plugins") for n in FIRST_PARTY if find_spec(n)]
    return [*first_party, *_entry_points(known=first_party)]


def _imported(name: str, source: str) -> object:
    module, _, attribute = name.partition(":")
    try:
        plugin: object = import_module(module)
        return getattr(plugin, attribute) if attribute else plugin
    except (ImportError, AttributeError) as error:
        raise PluginError(
            f"plugin {name!r} (from {source}) cannot be imported: {error}; install it or take it "
            "off the list"
        ) from error


def _entry_points(known: list[object]) -> list[object]:
    plugins: list[object] = []
    for entry_point in entry_points(ENTRY_POINT_GROUP):
        if entry_point.module in FIRST_PARTY:
            continue
        plugin = _imported(entry_point.value, f"entry point {entry_point.name!r}")
        if not any(plugin is other for other in (*known, *plugins)):
            plugins.append(plugin)
    return plugins
