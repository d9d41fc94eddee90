"""Checks of what the decorator is given: the function and its plugins."""

from collections.abc import Iterable
from types import FunctionType
from typing import Any

from .errors import InvalidInputError

# Flags of a code object; their names are in `inspect`, which most handlers do without.
_COROUTINE = 0x80
_GENERATORS = 0x20 | 0x200


def checked_plugins(plugins: Any) -> tuple[object, ...]:
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


def checked_function(function: Any) -> bool:
    """Return whether the function is `async def`; raise InvalidInputError if it is no handler."""
    if type(function) is FunctionType and not function.__dict__:  # nothing wraps or marks it
        code = function.__code__
        if code.co_argcount == 2 and not code.co_kwonlyargcount and not code.co_flags & _GENERATORS:
            return bool(code.co_flags & _COROUTINE)
    return _inspected(function)


def _inspected(function: Any) -> bool:
    """Return the same for anything, and say what is wrong with it."""
    import inspect  # slow to load, and only the unusual needs it

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
