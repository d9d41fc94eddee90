"""Values to payloads and back, for flows: which serializer, where it runs, how large it may be."""

import sys
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple, get_type_hints
from weakref import WeakKeyDictionary

from .abc import Serializer, Where
from .batching import size_over
from .effects import Call
from .errors import InvalidInputError, PayloadTooLargeError, PluginError, SerializationError
from .protocol import Limits
from .scope import Place


class Codec(NamedTuple):
    """The serializer of one operation and the type it was declared with."""

    serializer: Serializer
    type: Any


def codec_for(here: Place, chosen: Serializer | str | None, type: Any) -> Codec:
    """Return how an operation's payload is written: as named, as the handler says, or by type."""
    plugins, settings = here.execution.plugins, here.execution.settings
    chosen = chosen if chosen is not None else settings.serializer
    if chosen is None:
        return Codec(plugins.serializer_for(type), type)
    return Codec(_for_type(resolved_serializer(here, chosen), type), type)


def _for_type(serializer: Serializer, type: Any) -> Serializer:
    """Return a serializer that was told the type it will be read with, if it wants to know."""
    for_type = getattr(serializer, "for_type", None)
    if for_type is None:
        return serializer
    told: Serializer = for_type(type)
    return told


def resolved_serializer(here: Place, chosen: Serializer | str) -> Serializer:
    """Return a serializer that is given by name or as an object."""
    if isinstance(chosen, str):
        return here.execution.plugins.serializer(chosen)
    if not hasattr(chosen, "dumps") or not hasattr(chosen, "loads"):
        raise InvalidInputError(
            f"serializer must be a name or an object with dumps and loads, not {chosen!r}"
        )
    return chosen


async def dump(here: Place, codec: Codec, value: Any) -> str:
    """Return the payload for a value."""
    serializer = codec.serializer
    where = Where(here.execution.arn, here.id, here.operation.name)
    try:
        if getattr(serializer, "does_io", False):
            text: Any = await Call(here.call("attempt"), serializer.dumps, (value, where))
        else:
            text = serializer.dumps(value, where)
    except SerializationError:
        raise
    except Exception as error:
        raise SerializationError(
            f"serializer {serializer!r} failed on the result of {here.path!r}: {error}"
        ) from error
    if not isinstance(text, str):
        raise PluginError(f"serializer {serializer!r} must return a string, not {text!r:.80}")
    return text


async def load(here: Place, codec: Codec, text: str | None) -> Any:
    """Return the value of a payload; an absent one is None."""
    if text is None:
        return None
    serializer = codec.serializer
    where = Where(here.execution.arn, here.id, here.operation.name)
    try:
        if getattr(serializer, "does_io", False):
            arguments = (text, codec.type, where)
            return await Call(here.call("attempt"), serializer.loads, arguments)
        return serializer.loads(text, codec.type, where)
    except SerializationError:
        raise
    except Exception as error:
        raise SerializationError(
            f"serializer {serializer!r} cannot read the payload of {here.path!r}: {error}"
        ) from error


async def read_back(here: Place, codec: Codec, text: str) -> tuple[Any, ...]:
    """Return, in a tuple, what every replay will read from a payload that is about to be kept.

    So what cannot be read is not kept as a success. Empty if a store is out of reach just now:
    that is no reason to lose what was done, and it is read when it is kept.
    """
    try:
        return (await load(here, codec, text),)
    except SerializationError as error:
        if not error.retryable:
            raise
        return ()


def check_size(here: Place, text: str) -> None:
    """Raise PayloadTooLargeError if a payload is larger than the service takes."""
    size = size_over(text, Limits.OPERATION_PAYLOAD_BYTES)
    if size is not None:
        raise PayloadTooLargeError(
            f"the result of {here.path!r} takes {size} bytes as a payload; the service keeps at "
            f"most {Limits.OPERATION_PAYLOAD_BYTES} (1 MiB) per operation. Return a reference to "
            "data that is kept elsewhere (S3, a table), split the work into several steps, or use "
            "a serializer that compresses or offloads"
        )


_return_types: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()


def return_type(func: Callable[..., Any]) -> Any:
    """Return the annotated return type of a function, `Any` where there is none to be had."""
    while isinstance(func, partial):
        func = func.func
    func = getattr(func, "__func__", func)
    annotations = getattr(func, "__annotations__", None)
    if not isinstance(annotations, dict) or "return" not in annotations:
        return Any
    declared = annotations["return"]
    if not isinstance(declared, str):
        return type(None) if declared is None else declared
    try:
        return _return_types[func]
    except KeyError:
        found = _return_types[func] = _evaluated(func)
        return found
    except TypeError:  # a callable object that cannot be a key
        return _evaluated(func)


def _evaluated(func: Callable[..., Any]) -> Any:
    try:
        return get_type_hints(func).get("return", Any)
    except Exception:  # noqa: BLE001 - then the type is unknown
        module = sys.modules.get(getattr(func, "__module__", ""), None)
        try:
            return eval(func.__annotations__["return"], vars(module) if module else {})  # noqa: S307 - the handler's own annotation
        except Exception:  # noqa: BLE001 - then the type is unknown
            return Any
