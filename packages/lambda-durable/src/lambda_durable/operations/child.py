"""A child context: a function with a context of its own, whose result is kept as one."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from ..abc import Serializer
from ..checks import checked_name, checked_subtype, function_name_of
from ..errors import ChildContextError, InvalidInputError
from ..payloads import codec_for, return_type
from ..protocol import OperationSubType, OperationType
from ..scope import Place
from .closing import entered, outcome

T = TypeVar("T")


class ChildContext(Generic[T]):
    """A function that gets a context of its own and may make durable calls on it.

    A virtual one writes no operation: it only groups ids, and its function runs on every replay.
    A result over 256 KiB is not kept; on replay the function runs again, its operations answered
    from their records.
    """

    type = OperationType.CONTEXT

    def __init__(
        self,
        func: Callable[..., Any],
        args: tuple[Any, ...] = (),
        *,
        name: str | None = None,
        subtype: str = OperationSubType.RUN_IN_CHILD_CONTEXT,
        serializer: Serializer | str | None = None,
        map_error: Callable[[ChildContextError], Exception] | None = None,
        virtual: bool = False,
    ) -> None:
        own = function_name_of(func)
        self.name = checked_name(name if name is not None else own)
        self.subtype = checked_subtype(subtype)
        if map_error is not None and not callable(map_error):
            raise InvalidInputError(f"map_error must be a function, not {map_error!r:.80}")
        self.func = func
        self.args = args
        self.serializer = serializer
        self.map_error = map_error
        self.virtual = virtual

    async def flow(self, here: Place, /) -> T:
        """Answer from the record, or run the function in its context and keep the outcome."""
        if self.virtual:
            value: T = await entered(here, self.func, self.args, virtual=True)
            return value
        codec = codec_for(here, self.serializer, return_type(self.func))
        try:
            kept = await outcome(here, codec, lambda: entered(here, self.func, self.args))
        except ChildContextError as error:
            raise self._mapped(error)  # noqa: B904 - its cause is set
        result: T = kept.value
        return result

    def _mapped(self, error: ChildContextError) -> Exception:
        if self.map_error is None:
            return error
        mapped = self.map_error(error)
        if not isinstance(mapped, Exception):
            raise InvalidInputError(f"map_error must return an exception, not {mapped!r:.80}")
        if mapped is not error and mapped.__cause__ is None:
            mapped.__cause__ = error
        return mapped
