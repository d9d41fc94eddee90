"""Loads, while a Lambda function initializes, what its first invocation will need.

Provisioned concurrency and SnapStart do that ahead of time, and on demand it has the processor to
itself, while a first invocation has what the function's memory buys. Elsewhere (in tests, on the
command line) nothing is loaded before it is used.
"""

from contextlib import suppress
from importlib import import_module
from types import ModuleType

from .plugins import Plugins

_ALWAYS = ("invocation", "logs", "operations.step", "operations.wait")
_THREADS = ("runtimes.threads",)
_TASKS = ("runtimes.tasks",)


def prepare(explicit: tuple[object, ...], *, is_async: bool) -> Plugins | None:
    """Load the runtime and the plugins, connect the client, and return the plugins.

    What fails is left to the first invocation, which can tell its caller. So are the plugins, and
    None is returned, if one is a module that is still being imported, such as the handler's own:
    hooks that follow in it would be missed.
    """
    for module in (*_ALWAYS, *(_TASKS if is_async else _THREADS)):
        import_module(f"{__package__}.{module}")
    try:
        plugins = Plugins(explicit)
    except Exception:  # noqa: BLE001 - told by the first invocation
        return None
    if any(map(_is_being_imported, plugins.members())):
        return None
    with suppress(Exception):  # as above
        connect = getattr(plugins.service_ahead(), "connect", None)
        if connect is not None:
            connect()
    return plugins


def _is_being_imported(plugin: object) -> bool:
    if not isinstance(plugin, ModuleType):
        return False
    spec = plugin.__spec__
    return spec is None or bool(getattr(spec, "_initializing", False))
