"""`@durable_execution`: makes a function the handler of a durable Lambda function."""

import inspect
from collections.abc import Callable, Coroutine, Iterable, Sequence
from functools import cached_property, update_wrapper
from typing import Any, Generic, TypeVar, overload

from .abc import RetryStrategy, Serializer, Service
from .context.base import ContextBase
from .context.plain import DurableContext
from .errors import InvalidInputError
from .execution import Execution, Settings
from .invocation import HandlerRuntime, invoke
from .plugins import Plugins
from .policies import check_strategy

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
        self.is_async = _checked(function)
        self._explicit = plugins
        self._settings = settings
        update_wrapper(self, function)

    @cached_property
    def plugins(self) -> Plugins:
        """The plugins of this handler; found and registered once, on first use."""
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
    check_strategy(retry, "retry")
    given = _checked_plugins(plugins)
    settings = Settings(retry, serializer, log_replay)

    def decorate(function: Callable[[Any, Any], Any]) -> DurableHandler[Any, Any]:
        return DurableHandler(function, plugins=given, settings=settings)

    return decorate if function is None else decorate(function)


def _checked_plugins(plugins: Any) -> tuple[object, ...]:
    """Return the plugins; raise InvalidInputError for what stands for one, but is none."""
    if isinstance(plugins, str) or not isinstance(plugins, Iterable):
        raise InvalidInputError(
            f"plugins must be a list of modules and objects with hooks, not {plugins!r:.80}"
        )
    given = tuple(plugins)
    for plugin in given:
        if isinstance(plugin, str):
            raise InvalidInputError(
                f"plugins has the name {plugin!r:.80}; import the module and pass it itself, or "
                "name it in the variable LAMBDA_DURABLE_PLUGINS"
            )
        if isinstance(plugin, type):
            raise InvalidInputError(
                f"plugins has the class {plugin.__qualname__}; pass an instance of it: "
                f"{plugin.__qualname__}()"
            )
    return given


def _checked(function: Any) -> bool:
    """Return whether the function is `async def`; raise InvalidInputError if it is no handler."""
    if not callable(function):
        raise InvalidInputError(f"durable_execution expects a function, not {function!r:.80}")
    if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
        raise InvalidInputError(
            f"{function.__qualname__} is a generator; a durable handler returns its result"
        )
    try:
        inspect.signature(function).bind(None, None)
    except TypeError as error:
        name = getattr(function, "__qualname__", repr(function))
        raise InvalidInputError(
            f"{name}{inspect.signature(function)} cannot be a durable handler: it is called with "
            "two positional arguments, so write it as (event, context)"
        ) from error
    return inspect.iscoroutinefunction(function)


def _thread_runtime(execution: Execution, service: Service) -> HandlerRuntime:
    from .runtimes.threads import ThreadRuntime

    return ThreadRuntime(execution, service)


def _async_runtime(execution: Execution, service: Service) -> HandlerRuntime:
    from .runtimes.tasks import TaskRuntime  # brings asyncio, which `def` handlers do without

    return TaskRuntime(execution, service)
