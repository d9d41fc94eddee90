"""A step: ordinary code whose outcome is kept, retried when it fails."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar, get_args

from ..abc import RetryStrategy, Serializer
from ..checks import check_strategy, checked_name, function_name_of
from ..effects import Call, Checkpoint, Suspend
from ..errors import (
    InvalidInputError,
    StepError,
    StepInterruptedError,
)
from ..failures import error_object, kept_error, operation_error
from ..payloads import Codec, check_size, codec_for, dump, load, read_back, return_type
from ..policies import ends_execution, retry_delay
from ..protocol import Operation, OperationSubType, OperationType, epoch_seconds
from ..scope import Place
from .arguments import StepSemantics

_SEMANTICS = get_args(StepSemantics)

T = TypeVar("T")

_INTERRUPTED = (
    "the attempt began and its invocation ended before an outcome was recorded; whether it took "
    "effect is unknown"
)


class Step(Generic[T]):
    """A function that runs until it succeeds once; its result is kept and returned on replay."""

    type = OperationType.STEP
    subtype = OperationSubType.STEP

    def __init__(
        self,
        func: Callable[..., Any],
        args: tuple[Any, ...] = (),
        *,
        name: str | None = None,
        retry: RetryStrategy | str | None = None,
        serializer: Serializer | str | None = None,
        semantics: StepSemantics = "at-least-once",
    ) -> None:
        own = function_name_of(func)
        self.name = checked_name(name if name is not None else own)
        if semantics not in _SEMANTICS:
            choices = " or ".join(map(repr, _SEMANTICS))
            raise InvalidInputError(f"semantics must be {choices}, not {semantics!r:.80}")
        check_strategy(retry, "retry")
        self.func = func
        self.args = args
        self.retry = retry
        self.serializer = serializer
        self.at_most_once = semantics == "at-most-once"

    async def flow(self, here: Place, /) -> T:
        """Answer from the record, or run attempts until one counts."""
        codec = codec_for(here, self.serializer, return_type(self.func))
        if isinstance(self.retry, str):
            here.execution.plugins.retry_strategy(self.retry)  # a wrong name is told at once
        while True:
            record = here.record
            status = record["Status"] if record else None
            details = (record.get("StepDetails") or {}) if record else {}
            if status == "SUCCEEDED":
                result: T = await load(here, codec, details.get("Result"))
                return result
            if status == "PENDING":
                await Suspend(epoch_seconds(details.get("NextAttemptTimestamp")), on=here.id)
            elif status in (None, "READY", "STARTED"):
                attempt = details.get("Attempt", 0) + 1
                if status == "STARTED" and self.at_most_once:
                    await self._failed(here, StepInterruptedError(_INTERRUPTED), attempt)
                elif read := await self._attempt(here, codec, attempt, started=status == "STARTED"):
                    return read[0]
            else:
                raise _error(here, record)

    async def _attempt(
        self, here: Place, codec: Codec, attempt: int, *, started: bool
    ) -> tuple[T, ...]:
        """Run the body and keep how that ended; return the result, if there is one to be had."""
        # An attempt that was interrupted is not started twice: the service refuses that.
        if not started:
            await Checkpoint(here.update("START"), durable=self.at_most_once)
        try:
            value: Any = await Call(here.call("attempt", attempt), self.func, self.args)
            text = await dump(here, codec, value)
            check_size(here, text)
            read = await read_back(here, codec, text)
        except Exception as error:
            if ends_execution(error):
                raise
            await self._failed(here, error, attempt)
            return ()
        await Checkpoint(here.update("SUCCEED", {"Payload": text}))
        return read

    async def _failed(self, here: Place, error: Exception, attempt: int) -> None:
        delay = retry_delay(here, self.retry, error, attempt)
        members: dict[str, Any] = {"Error": error_object(error)}
        if delay is not None:
            members["StepOptions"] = {"NextAttemptDelaySeconds": delay}
            await Checkpoint(here.update("RETRY", members))
            return
        record = await Checkpoint(here.update("FAIL", members))
        raise _error(here, record, error)


def _error(here: Place, record: Operation | None, original: Exception | None = None) -> Exception:
    kept = kept_error(record, "StepDetails")
    interrupted = kept is not None and kept.get("ErrorType", "").endswith("StepInterruptedError")
    cls = StepInterruptedError if interrupted else StepError
    return operation_error(
        cls, kept, name=here.operation.name, operation_id=here.id, original=original
    )
