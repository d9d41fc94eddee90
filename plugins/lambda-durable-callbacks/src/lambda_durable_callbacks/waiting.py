"""A callback and the step that gives its id away, as one operation."""

from collections.abc import Callable
from typing import Any, Final

from lambda_durable.abc import Duration, RetryStrategy, Serializer, Where
from lambda_durable.checks import check_strategy, checked_name, function_name_of
from lambda_durable.effects import Checkpoint
from lambda_durable.errors import StepError
from lambda_durable.operations import Step
from lambda_durable.operations.closing import success
from lambda_durable.payloads import load
from lambda_durable.protocol import Limits, OperationSubType, OperationType
from lambda_durable.scope import Place, Scope

from .creating import CreateCallback, CreatedCallback
from .errors import CallbackError
from .failing import enveloped, failed_context, submitter_failed
from .results import result_codec


class _Nothing:
    """Keeps nothing: what a submitter returns is of no use, and need not be JSON."""

    def dumps(self, value: Any, where: Where, /) -> str:
        return "null"

    def loads(self, text: str, type: Any, where: Where, /) -> None:
        return None


_NOTHING: Final = _Nothing()


class WaitForCallback:
    """Opens a callback, runs the submitter as a step, and waits for what comes back.

    All of it stands in a context, which keeps the text that was sent. A text over 256 KiB is not
    kept twice: on replay it comes from the callback's own record.
    """

    type = OperationType.CONTEXT
    subtype = OperationSubType.WAIT_FOR_CALLBACK

    def __init__(
        self,
        submit: Callable[..., Any],
        args: tuple[Any, ...] = (),
        *,
        name: str | None = None,
        timeout: Duration | None = None,
        heartbeat_timeout: Duration | None = None,
        retry: RetryStrategy | str | None = None,
        result_type: Any = None,
        serializer: Serializer | str | None = None,
    ) -> None:
        own = function_name_of(submit)
        self.name = checked_name(name if name is not None else own)
        check_strategy(retry, "retry")
        self.submit = submit
        self.args = args
        self.retry = retry
        self.callback = CreateCallback(
            self._inner_name("create callback id"),
            timeout=timeout,
            heartbeat_timeout=heartbeat_timeout,
            result_type=result_type,
            serializer=serializer,
        )

    async def flow(self, here: Place, /) -> Any:
        """Answer from the record, or carry out what is inside and keep the outcome."""
        codec = result_codec(here, self.callback.serializer, self.callback.result_type)
        if isinstance(self.retry, str):
            here.execution.plugins.retry_strategy(self.retry)  # a wrong name is told at once
        record = here.record
        status = record["Status"] if record else None
        details = (record.get("ContextDetails") or {}) if record else {}
        if status == "SUCCEEDED" and not details.get("ReplayChildren"):
            text = details.get("Result")
        elif status == "SUCCEEDED":
            text = await self._text(here.inner_scope())
        elif status in (None, "STARTED"):
            if status is None:
                await Checkpoint(here.update("START"), durable=False)
            text = await self._close(here)
        else:
            raise failed_context(here, details.get("Error"))
        return await load(here, codec, text)

    async def _close(self, here: Place) -> str | None:
        try:
            text = await self._text(here.inner_scope())
        except CallbackError as error:
            sent = enveloped(error)
            record = await Checkpoint(here.update("FAIL", {"Error": sent}))
            kept = record.get("ContextDetails", {}).get("Error") if record else None
            raise failed_context(here, kept or sent, error.cause)  # noqa: B904 - its cause is set
        await Checkpoint(here.update("SUCCEED", None if text is None else success(text)))
        return text

    async def _text(self, inner: Scope) -> str | None:
        created: CreatedCallback = await inner.next(self.callback).carried_out()
        step: Step[None] = Step(
            self.submit,
            (created.callback_id, *self.args),
            name=self._inner_name("submitter"),
            retry=self.retry,
            serializer=_NOTHING,
        )
        try:
            await inner.next(step).carried_out()
        except StepError as error:
            raise submitter_failed(error, created.callback_id) from error.cause
        return await created.awaiting.text(created.place)

    def _inner_name(self, what: str) -> str:
        """Return the name that the official SDK gives, cut to what the service takes."""
        assert self.name is not None  # at least the function's
        return f"{self.name[: Limits.NAME_LENGTH - len(what) - 1]} {what}"
