"""The plugins of one handler, typed: nobody else talks to pluggy.

A `Plugins` belongs to a handler and is built once per process: on the handler's first
invocation or, in Lambda, while the function initializes.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import pluggy

from . import defaults, discovery, hookspecs
from .abc import RetryStrategy, Serializer, Service, WaitStrategy
from .errors import DurableError, MissingPluginError, PluginError, UnknownNameError
from .events import Call, Invocation, Invoke, OperationInfo
from .own_log import own_log

_WORDS = {
    "durable_create_callback": ("create_callback", "callbacks"),
    "durable_wait_for_callback": ("wait_for_callback", "callbacks"),
    "durable_parallel": ("parallel", "concurrency"),
    "durable_map": ("map", "concurrency"),
    "durable_combine": ("", "concurrency"),  # the word is what it is asked to do: all, any, ...
    "durable_saga": ("saga", "concurrency"),
    "durable_with_retry": ("with_retry", "retry"),
}
_HOOKS = tuple(name for name in vars(hookspecs) if name.startswith("durable_"))
_PROVIDED_BY = {
    "retry strategy": "retry",
    "wait strategy": "retry",
    "serializer": "serializers",
}


class _Implementation(NamedTuple):
    """A plugin's implementation of a hook."""

    plugin: str
    call: Callable[..., Any]
    """Takes all parameters of the hook."""
    wanted: tuple[str, ...]
    """The parameters that it uses."""


class Plugins:
    """Everything that plugins supply to one handler, core's own defaults included."""

    def __init__(self, explicit: tuple[object, ...] = ()) -> None:
        self._manager = pluggy.PluginManager(hookspecs.PROJECT)
        self._manager.add_hookspecs(hookspecs)
        for plugin in (*explicit, *discovery.installed()):
            self._register(plugin)
        self._register(defaults)
        self._implementations = _by_hook(self._manager)
        self._names: dict[str, dict[str, Any]] = {}
        self._serializers: dict[Any, Serializer] = {}
        self.observed = frozenset(self._implementations)
        """The names of the hooks that somebody implements; the others need not be called."""

    def names(self) -> list[str]:
        """Return the names of the registered plugins, in order."""
        return [name for name, _ in self._manager.list_name_plugin()]

    def members(self) -> set[Any]:
        """Return the registered plugins."""
        return self._manager.get_plugins()

    # --- Names and defaults -----------------------------------------------------------------

    def retry_strategy(self, name: str) -> RetryStrategy:
        """Return the retry strategy that is registered under `name`."""
        found: RetryStrategy = self._named("durable_retry_strategies", "retry strategy", name)
        return found

    def wait_strategy(self, name: str) -> WaitStrategy[Any]:
        """Return the wait strategy that is registered under `name`."""
        found: WaitStrategy[Any] = self._named("durable_wait_strategies", "wait strategy", name)
        return found

    def serializer(self, name: str) -> Serializer:
        """Return the serializer that is registered under `name`."""
        found: Serializer = self._named("durable_serializers", "serializer", name)
        return found

    def serializer_for(self, type: Any) -> Serializer:
        """Return the serializer for a declared type; asked once per type."""
        try:
            known = self._serializers.get(type)
        except TypeError:  # an unhashable annotation
            return self._serializer_for(type)
        if known is None:
            known = self._serializers[type] = self._serializer_for(type)
        return known

    def _serializer_for(self, type: Any) -> Serializer:
        chosen: Serializer | None = self._first("durable_serializer", type=type)
        return chosen or defaults.PLAIN_JSON

    def retry_for(self, operation: OperationInfo) -> RetryStrategy | None:
        """Return the retry strategy for an operation that names none, None for no retry."""
        chosen: RetryStrategy | None = self._first("durable_retry", operation=operation)
        return chosen

    def service(self, invocation: Invocation) -> Service:
        """Return the client of the service for an invocation."""
        chosen: Service = self._first("durable_service", invocation=invocation)
        return chosen

    def service_ahead(self) -> Service | None:
        """Return the client of every invocation, None if somebody has to see the invocation."""
        for _, call, wanted in self._implementations["durable_service"]:
            if wanted:
                return None
            chosen: Service | None = call()
            if chosen is not None:
                return chosen
        return None

    def trace_header(self, invoke: Invoke) -> str | None:
        """Return the trace header for a chained invoke."""
        chosen: str | None = self._first("durable_trace_header", invoke=invoke)
        return chosen

    def word(self, hook: str, arguments: Mapping[str, Any]) -> Any:
        """Return what carries out a word of the contexts; raise MissingPluginError if nobody does.

        What a plugin says about the arguments, a DurableError, is the caller's to read.
        """
        try:
            answer = self._first(hook, **arguments)
        except PluginError as error:
            if isinstance(error.__cause__, DurableError):
                raise error.__cause__ from None
            raise
        if answer is None:
            name, extra = _WORDS[hook]
            word = name or arguments["how"]
            raise MissingPluginError(
                f'ctx.{word}() needs a plugin: pip install "lambda-durable[{extra}]"'
            )
        return answer

    # --- Observers and surroundings ---------------------------------------------------------

    def tell(self, hook: str, event: object) -> None:
        """Give an event to every observer; what they raise is logged and goes no further."""
        if hook not in self.observed:
            return
        for name, call, _ in self._implementations.get(hook, ()):
            try:
                call(event=event)
            except Exception:  # noqa: BLE001 - a plugin may not stop the code
                own_log().exception("plugin %s failed in %s; the execution goes on", name, hook)

    def surroundings(self, call: Call) -> list[tuple[str, Any]]:
        """Return what plugins want held open around user code, with the plugins' names."""
        found: list[tuple[str, Any]] = []
        for name, implementation, _ in self._implementations.get("durable_around_call", ()):
            try:
                manager = implementation(call=call)
            except Exception:  # noqa: BLE001 - a plugin may not stop the code
                own_log().exception("plugin %s failed in durable_around_call", name)
                continue
            if manager is not None:
                found.append((name, manager))
        return found

    # --- The only code that knows pluggy ----------------------------------------------------

    def _register(self, plugin: object) -> None:
        if self._manager.is_registered(plugin):
            return
        name, number = _name_of(plugin), 2
        while self._manager.has_plugin(name):
            name, number = f"{_name_of(plugin)} ({number})", number + 1
        _check_marks(plugin)
        try:
            self._manager.register(plugin, name)
            self._manager.check_pending()
        except pluggy.PluginValidationError as error:
            raise PluginError(
                f"plugin {_name_of(plugin)} does not fit the hooks: {error}; see "
                "lambda_durable.hookspecs for their names and parameters"
            ) from error
        except ValueError as error:
            raise PluginError(f"plugin {_name_of(plugin)} cannot be registered: {error}") from error

    def _first(self, hook: str, **arguments: Any) -> Any:
        for name, call, _ in self._implementations.get(hook, ()):
            try:
                answer = call(**arguments)
            except Exception as error:
                raise PluginError(f"plugin {name} failed in {hook}: {error}") from error
            if answer is not None:
                return answer
        return None

    def _named(self, hook: str, what: str, name: str) -> Any:
        if hook not in self._names:
            self._names[hook] = self._collected(hook, what)
        try:
            return self._names[hook][name]
        except KeyError:
            raise UnknownNameError(_unknown(hook, what, name, self._names[hook])) from None

    def _collected(self, hook: str, what: str) -> dict[str, Any]:
        values: dict[str, Any] = {}
        givers: dict[str, str] = {}
        for plugin, call, _ in self._implementations.get(hook, ()):
            try:
                given = call()
            except Exception as error:
                raise PluginError(f"plugin {plugin} failed in {hook}: {error}") from error
            if not isinstance(given, Mapping):
                raise PluginError(
                    f"plugin {plugin} must return a mapping from {hook}, not {given!r}"
                )
            for name, value in given.items():
                if name in values:
                    raise PluginError(
                        f"the {what} {name!r} is registered twice, by {givers[name]} and by "
                        f"{plugin}; one of them has to give it another name"
                    )
                values[name], givers[name] = value, plugin
        return values


def _check_marks(plugin: object) -> None:
    """Raise PluginError for a function that is named as a hook and would never be called."""
    for hook in _HOOKS:
        found = getattr(plugin, hook, None)
        if callable(found) and not hasattr(found, f"{hookspecs.PROJECT}_impl"):
            raise PluginError(
                f"{hook} of plugin {_name_of(plugin)} is not marked as a hook and would never be "
                "called; decorate it with @hookimpl (from lambda_durable import hookimpl)"
            )


def _by_hook(manager: pluggy.PluginManager) -> dict[str, list[_Implementation]]:
    """Return each hook's implementations in the order of asking.

    That is the order of registration, with those marked `tryfirst` before and `trylast` after.
    """
    registered = [name for name, _ in manager.list_name_plugin()]
    found: dict[str, list[_Implementation]] = {}
    for hook in _HOOKS:
        implementations = getattr(manager.hook, hook).get_hookimpls()
        implementations.sort(
            key=lambda each: (each.trylast - each.tryfirst, registered.index(each.plugin_name))
        )
        if implementations:
            found[hook] = [
                _Implementation(each.plugin_name, _with_wanted(each), each.argnames)
                for each in implementations
            ]
    return found


def _with_wanted(implementation: Any) -> Callable[..., Any]:
    function, wanted = implementation.function, implementation.argnames

    def call(**arguments: Any) -> Any:
        return function(*[arguments[name] for name in wanted])

    return call


def _name_of(plugin: object) -> str:
    return getattr(plugin, "__name__", None) or type(plugin).__name__


def _unknown(hook: str, what: str, name: object, known: Mapping[str, object]) -> str:
    from difflib import get_close_matches  # only this error needs it

    near = get_close_matches(str(name), known, n=3, cutoff=0.5) or sorted(known)
    guess = f"did you mean {' or '.join(map(repr, near))}?" if near else "none is registered."
    extra = _PROVIDED_BY[what]
    return (
        f"there is no {what} named {name!r}; {guess} More come with plugins: "
        f'pip install "lambda-durable[{extra}]", or register your own ({hook}).'
    )
