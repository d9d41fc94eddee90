"""The operation behind `ctx.with_retry`: several durable operations that are tried again as one."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from lambda_durable.abc import RetryStrategy, Serializer
from lambda_durable.checks import check_strategy, checked_name, function_name_of
from lambda_durable.effects import Enter
from lambda_durable.errors import NonDeterminismError
from lambda_durable.operations import Wait
from lambda_durable.operations.closing import outcome
from lambda_durable.payloads import codec_for, return_type
from lambda_durable.policies import ends_execution, retry_delay
from lambda_durable.protocol import Limits, OperationSubType, OperationType
from lambda_durable.scope import Place, Scope

T = TypeVar("T")


class RetriedBlock(Generic[T]):
    """A function with a context of its own, called until it succeeds; the outcome is kept as one.

    Each attempt makes new operations in the same context. Between them stands a wait, named
    `{name}-backoff-{attempt}`; where there is one, the decision to go on is not made again.
    """

    type = OperationType.CONTEXT
    subtype = OperationSubType.RUN_IN_CHILD_CONTEXT

    def __init__(
        self,
        func: Callable[..., Any],
        args: tuple[Any, ...] = (),
        *,
        retry: RetryStrategy | str | None = None,
        name: str | None = None,
        serializer: Serializer | str | None = None,
    ) -> None:
        own = function_name_of(func)
        self.name = checked_name(name if name is not None else own)
        check_strategy(retry, "retry")
        self.func = func
        self.args = args
        self.retry = retry
        self.serializer = serializer

    async def flow(self, here: Place, /) -> T:
        """Answer from the record, or make attempts until one counts and keep the outcome."""
        codec = codec_for(here, self.serializer, return_type(self.func))
        if isinstance(self.retry, str):
            here.execution.plugins.retry_strategy(self.retry)  # a wrong name is told at once
        kept = await outcome(here, codec, lambda: self._attempts(here))
        result: T = kept.value
        return result

    async def _attempts(self, here: Place) -> T:
        inner = here.inner_scope()
        attempt = 1
        while True:
            try:
                value: T = await Enter(here.call("context"), self.func, inner, self.args)
            except Exception as error:
                wait = self._wait(here, inner, error, attempt)
                if wait is None:
                    raise
            else:
                return value
            inner.deferred.clear()  # what the failed attempt started and did not await is over
            await inner.next(wait).carried_out()
            attempt += 1

    def _wait(self, here: Place, inner: Scope, error: Exception, attempt: int) -> Wait | None:
        """Return the wait before the next attempt, None if there is none."""
        if ends_execution(error) or isinstance(error, NonDeterminismError):
            return None
        suffix = f"-backoff-{attempt}"
        name = f"{(self.name or '')[: Limits.NAME_LENGTH - len(suffix)]}{suffix}"
        if inner.is_begun(inner.count + 1):  # decided before; its length is at the service
            return Wait(1, name=name)
        delay = retry_delay(here, self.retry, error, attempt)
        return None if delay is None else Wait(delay, name=name)
