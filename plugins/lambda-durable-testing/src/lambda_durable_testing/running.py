"""`run`: one call for the common test."""

from collections.abc import Mapping
from typing import Any

from lambda_durable import DurableHandler

from .local import LocalRunner
from .results import Result


def run(
    handler: DurableHandler[Any, Any],
    event: Any = None,
    *,
    steps: Mapping[str, Any] | None = None,
    functions: Mapping[str, Any] | None = None,
    **options: Any,
) -> Result:
    """Run an execution of `handler` to its end on a virtual clock, and return what became of it.

    `steps` and `functions` say what stands in for steps and answers invoked functions, by name: a
    function runs, an exception is raised, anything else is returned. `options` are those of
    `LocalRunner`. Raises ExecutionBlockedError if the execution never ends.
    """
    __tracebackhide__ = True  # pytest shows the line of the test
    runner = LocalRunner(handler, **options)
    for name, value in (steps or {}).items():
        runner.step(name).behaves(value)
    for name, value in (functions or {}).items():
        runner.function(name).behaves(value)
    return runner.run(event)
