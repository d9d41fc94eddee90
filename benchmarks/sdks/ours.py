"""How programs of our SDK are invoked, in either flavour."""

from collections.abc import Callable
from typing import Any

from lambda_durable import durable_execution


def hosted(function: Any, memory: Any) -> Callable[[Any], Any]:
    """Return how one invocation is run; the plugins are found before, as the official SDK's are."""
    handler = durable_execution(function)
    _ = handler.plugins
    return lambda event: handler.run_invocation(event, None, service=memory)


def started(function: Any) -> Callable[[Any], Any]:
    """Return how one invocation is run with the SDK's own client."""
    handler = durable_execution(function)
    return lambda event: handler(event, None)


def workflow_test(function: Any) -> Callable[[], str]:
    """Return a test of the handler with the SDK's own local runner; it returns the status."""
    from lambda_durable_testing import run

    handler = durable_execution(function)
    return lambda: str(run(handler).status)
