"""A child context: a function with a context of its own, whose result is kept as one."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from ..abc import Serializer
from ..batching import size_over
from ..checks import checked_name, checked_subtype, function_name_of
from ..effects import Checkpoint, Enter
from ..errors import ChildContextError, InvalidInputError
from ..failures import error_object, operation_error
from ..payloads import Codec, codec_for, dump, load, return_type
from ..policies import ends_execution
from ..protocol import ErrorObject, Limits, Operation, OperationSubType, OperationType
from ..scope import Place

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
            return await self._run(here)
        codec = codec_for(here, self.serializer, return_type(self.func))
        record = here.record
        status = record["Status"] if record else None
        details = (record.get("ContextDetails") or {}) if record else {}
        if status == "SUCCEEDED" and not details.get("ReplayChildren"):
            kept: T = await load(here, codec, details.get("Result"))
            return kept
        if status == "SUCCEEDED":
            return await self._through_payload(here, codec, await self._run(here))
        if status not in (None, "STARTED"):
            raise self._error(here, details.get("Error"))
        if status is None:
            await Checkpoint(here.update("START"), durable=False)
        return await self._close(here, codec)

    async def _close(self, here: Place, codec: Codec) -> T:
        try:
            value = await self._run(here)
            text = await dump(here, codec, value)
        except Exception as error:
            if ends_execution(error):
                raise
            record = await Checkpoint(here.update("FAIL", {"Error": error_object(error)}))
            raise self._error(here, _kept_error(record), error)  # noqa: B904 - its cause is set
        if size_over(text, Limits.CHILD_RESULT_BYTES) is not None:
            members: dict[str, Any] = {"Payload": "", "ContextOptions": {"ReplayChildren": True}}
        else:
            members = {"Payload": text, "ContextOptions": {"ReplayChildren": False}}
        await Checkpoint(here.update("SUCCEED", members))
        result: T = await load(here, codec, text)
        return result

    async def _run(self, here: Place) -> T:
        scope = here.inner_scope(virtual=self.virtual)
        value: T = await Enter(here.call("context"), self.func, scope, self.args)
        return value

    async def _through_payload(self, here: Place, codec: Codec, value: T) -> T:
        result: T = await load(here, codec, await dump(here, codec, value))
        return result

    def _error(
        self, here: Place, kept: ErrorObject | None, original: Exception | None = None
    ) -> Exception:
        error = operation_error(
            ChildContextError,
            kept,
            name=here.operation.name,
            operation_id=here.id,
            original=original,
        )
        if self.map_error is None or not isinstance(error, ChildContextError):
            return error
        mapped = self.map_error(error)
        if not isinstance(mapped, Exception):
            raise InvalidInputError(f"map_error must return an exception, not {mapped!r:.80}")
        if mapped is not error and mapped.__cause__ is None:
            mapped.__cause__ = error
        return mapped


def _kept_error(record: Operation | None) -> ErrorObject | None:
    return (record.get("ContextDetails") or {}).get("Error") if record else None
