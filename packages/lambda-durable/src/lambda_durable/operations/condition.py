"""Waiting for a condition: a check that is repeated, its state kept between the checks."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from ..abc import Serializer, WaitStrategy
from ..batching import utf8_length
from ..checks import check_strategy, checked_name, function_name_of
from ..effects import Call, Checkpoint, Suspend
from ..errors import ConditionNotMetError, InvalidInputError
from ..failures import error_object, kept_error, operation_error
from ..payloads import Codec, check_size, codec_for, dump, load, return_type
from ..policies import ends_execution, wait_delay, wait_strategy
from ..protocol import Limits, Operation, OperationSubType, OperationType, epoch_seconds
from ..scope import Place

S = TypeVar("S")


class Condition(Generic[S]):
    """A check that gets the last state and returns the next, until a predicate holds for it."""

    type = OperationType.STEP
    subtype = OperationSubType.WAIT_FOR_CONDITION

    def __init__(
        self,
        check: Callable[..., Any],
        state: S,
        *,
        until: Callable[[S], bool],
        strategy: WaitStrategy[S] | str | None = None,
        name: str | None = None,
        serializer: Serializer | str | None = None,
    ) -> None:
        own = function_name_of(check)
        self.name = checked_name(name if name is not None else own)
        if not callable(until):
            raise InvalidInputError(f"until must be a function of the state, not {until!r:.80}")
        check_strategy(strategy, "strategy")
        self.check = check
        self.state = state
        self.until = until
        self.strategy = strategy
        self.serializer = serializer

    async def flow(self, here: Place, /) -> S:
        """Answer from the record, or check, and rest between the checks."""
        codec = codec_for(here, self.serializer, return_type(self.check))
        strategy = wait_strategy(here, self.strategy)
        while True:
            record = here.record
            status = record["Status"] if record else None
            details = (record.get("StepDetails") or {}) if record else {}
            if status == "SUCCEEDED":
                result: S = await load(here, codec, details.get("Result"))
                return result
            if status == "PENDING":
                await Suspend(epoch_seconds(details.get("NextAttemptTimestamp")), on=here.id)
            elif status in (None, "READY", "STARTED"):
                await self._check(here, codec, strategy, details, started=status == "STARTED")
            else:
                raise await self._error(here, codec, record)

    async def _check(
        self,
        here: Place,
        codec: Codec,
        strategy: WaitStrategy[S],
        details: dict[str, Any],
        *,
        started: bool,
    ) -> None:
        attempt = details.get("Attempt", 0) + 1
        # The first state goes through the payload as all later ones do.
        text = details.get("Result")
        text = text if text is not None else await dump(here, codec, self.state)
        if not started:
            await Checkpoint(here.update("START"), durable=False)
        try:
            state = await load(here, codec, text)
            value: Any = await Call(here.call("attempt", attempt), self.check, (state,))
            checked = await dump(here, codec, value)
            check_size(here, checked)
            text, state = checked, await load(here, codec, checked)
            met = self._is_met(state)
        except Exception as error:
            if ends_execution(error):
                raise
            await self._fail(here, codec, error, text)
            return
        if met:
            await Checkpoint(here.update("SUCCEED", {"Payload": text}))
            return
        delay = wait_delay(here, strategy, state, attempt)
        if delay is None:
            await self._fail(here, codec, _given_up(attempt, text), text)
            return
        options = {"NextAttemptDelaySeconds": delay}
        await Checkpoint(here.update("RETRY", {"Payload": text, "StepOptions": options}))

    def _is_met(self, state: S) -> bool:
        met: object = self.until(state)
        if hasattr(met, "__await__"):
            close = getattr(met, "close", None)
            if close is not None:
                close()
            raise InvalidInputError("until must be a plain function of the state, not async")
        return bool(met)

    async def _fail(self, here: Place, codec: Codec, error: Exception, text: str) -> None:
        fail = here.update("FAIL", {"Error": error_object(error, data=text)})
        record = await Checkpoint(fail)
        raise await self._error(here, codec, record, error)

    async def _error(
        self, here: Place, codec: Codec, record: Operation | None, original: Exception | None = None
    ) -> Exception:
        kept = kept_error(record, "StepDetails")
        error = operation_error(
            ConditionNotMetError,
            kept,
            name=here.operation.name,
            operation_id=here.id,
            original=original,
        )
        if isinstance(error, ConditionNotMetError) and error.error_data is not None:
            error.state = await load(here, codec, error.error_data)
        return error


def _given_up(attempt: int, text: str) -> ConditionNotMetError:
    """Return the error for a condition that is checked no more, its last state being `text`."""
    message = f"it did not hold after {attempt} check{'s' if attempt > 1 else ''}"
    error = ConditionNotMetError(message)
    if "ErrorData" in error_object(error, data=text):
        return error
    return ConditionNotMetError(
        f"{message}; its last state takes {utf8_length(text)} bytes, more than the service keeps "
        f"with an error ({Limits.PORTABLE_ERROR_BYTES}), so the error is without it"
    )
