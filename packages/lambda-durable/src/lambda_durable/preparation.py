"""Loads, while a Lambda function initializes, what its first invocation will need.

Provisioned concurrency and SnapStart do that ahead of time, and on demand it has the processor to
itself, while a first invocation has what the function's memory buys. Elsewhere (in tests, on the
command line) nothing is loaded before it is used.
"""

from collections.abc import Sequence
from importlib import import_module

from . import discovery
from .clients.aws import AwsService

_ALWAYS = ("invocation", "logs", "plugins", "operations.step", "operations.wait")
_THREADS = ("runtimes.threads",)
_TASKS = ("runtimes.tasks",)


def prepare(explicit: Sequence[object], *, is_async: bool) -> None:
    """Load the runtime, the plugins and, if no plugin has another client, boto3's.

    Plugins are imported, not yet registered: the handler's own module may be one of them, and is
    not complete here. What fails is left to the first invocation, which can tell somebody.
    """
    for module in (*_ALWAYS, *(_TASKS if is_async else _THREADS)):
        import_module(f"{__package__}.{module}")
    try:
        found = (*explicit, *discovery.installed())
        if not any(hasattr(plugin, "durable_service") for plugin in found):
            AwsService.from_environment().connect()
    except Exception:  # noqa: BLE001 - the first invocation meets it again
        return
