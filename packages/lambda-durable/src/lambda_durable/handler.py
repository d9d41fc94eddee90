"""`@durable_execution`: makes a function the handler of a durable Lambda function.

What an invocation needs is loaded by the first one or, in Lambda, while the function initializes.
"""

from __future__ import annotations

import os
from functools import cached_property, update_wrapper
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from .context.base import ContextBase
from .declared import checked_function, checked_plugins
from .settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from .abc import RetryStrategy, Serializer, Service
    from .context.plain import DurableContext
    from .execution import Execution
    from .invocation import HandlerRuntime
    from .plugins import Plugins

E = TypeVar("E")
R = TypeVar("R")


class DurableHandler(Generic[E, R]):
    """A handler that Lambda can call, and that stays a function for unit tests.

    Called with a durable invocation's event and Lambda's context, it runs one invocation and
    returns the service's output. Called with a durable context as second argument, it is the
    plain function. Lambda's own name for it is `module.handler_name`, as for any handler.
    """

    def __init__(
        self, function: Callable[[E, Any], R], *, plugins: tuple[object, ...], settings: Settings
    ) -> None:
        self.function = function
        """The function as it was written."""
        self.is_async = checked_function(function)
        self._explicit = plugins
        self._settings = settings
        update_wrapper(self, function)
        if "AWS_LAMBDA_RUNTIME_API" in os.environ:
            from .preparation import prepare  # elsewhere the first invocation is soon enough

            prepared = prepare(plugins, is_async=self.is_async)
            if prepared is not None:
                self.plugins = prepared

    @cached_property
    def plugins(self) -> Plugins:
        """The plugins of this handler; found and registered once, on first use."""
        from .plugins import Plugins  # with pluggy: only invocations need them

        return Plugins(self._explicit)

    @overload
    def __call__(self, event: E, context: DurableContext, /) -> R: ...
    @overload
    def __call__(self, event: Any, context: Any, /) -> Any: ...
    def __call__(self, event: Any, context: Any, /) -> Any:
        """Run one invocation, or the plain function if `context` is a durable context."""
        if isinstance(context, ContextBase):
            return self.function(event, context)
        return self.run_invocation(event, context)

    def run_invocation(
        self, event: object, lambda_context: Any, *, service: Service | None = None
    ) -> dict[str, Any]:
        """Run one invocation and return its output for the service.

        `service` replaces the client that the plugins supply; local hosts pass their own. Raises
        what makes the service invoke again: an error that another invocation may not meet.
        """
        from .invocation import invoke  # with all that carries an execution out

        return invoke(
            self.function,
            event,
            lambda_context,
            plugins=self.plugins,
            service=service,
            settings=self._settings,
            make_runtime=_async_runtime if self.is_async else _thread_runtime,
        )


@overload
def durable_execution(
    function: Callable[[E, Any], Coroutine[Any, Any, R]], /
) -> DurableHandler[E, Coroutine[Any, Any, R]]: ...
@overload
def durable_execution(function: Callable[[E, Any], R], /) -> DurableHandler[E, R]: ...
@overload
def durable_execution(
    *,
    plugins: Sequence[object] = (),
    retry: RetryStrategy | str | None = None,
    serializer: Serializer | str | None = None,
    log_replay: bool = False,
) -> Callable[[Callable[[E, Any], R]], DurableHandler[E, R]]: ...
def durable_execution(
    function: Callable[..., Any] | None = None,
    /,
    *,
    plugins: Sequence[object] = (),
    retry: RetryStrategy | str | None = None,
    serializer: Serializer | str | None = None,
    log_replay: bool = False,
) -> Any:
    """Make `function(event, context)` a durable handler; `def` and `async def` alike.

    `event` is the JSON value the execution was started with, the same in every invocation. What
    the function returns must be JSON; what it raises ends the execution as FAILED. On replay the
    function runs again from its top, and its durable calls answer from their records.

    `plugins` are registered before those that are found by themselves. `retry` and `serializer`
    (names or objects) are the defaults of this handler's steps; without them the plugins choose.
    With `log_replay=True`, what the handler logs while it replays is logged again.

    Raises InvalidInputError at once if the function does not take exactly an event and a context,
    or `plugins` has something that can be none.
    """
    if retry is not None:
        from .checks import check_strategy  # brings dates, which this module does without

        check_strategy(retry, "retry")
    given = checked_plugins(plugins)
    settings = Settings(retry, serializer, log_replay)

    def decorate(function: Callable[[Any, Any], Any]) -> DurableHandler[Any, Any]:
        return DurableHandler(function, plugins=given, settings=settings)

    return decorate if function is None else decorate(function)


def _thread_runtime(execution: Execution, service: Service) -> HandlerRuntime:
    from .runtimes.threads import ThreadRuntime

    return ThreadRuntime(execution, service)


def _async_runtime(execution: Execution, service: Service) -> HandlerRuntime:
    from .runtimes.tasks import TaskRuntime  # brings asyncio, which `def` handlers do without

    return TaskRuntime(execution, service)
