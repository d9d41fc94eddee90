"""Sagas: a block that records how to undo what it did, and undoes it when it fails."""

from collections.abc import Callable
from types import TracebackType
from typing import Any, NamedTuple, Self, TypeVarTuple

from lambda_durable.abc import RetryStrategy
from lambda_durable.checks import check_strategy, checked_name, function_name_of
from lambda_durable.errors import MisuseError, NonDeterminismError
from lambda_durable.operations import Step
from lambda_durable.policies import ends_execution
from lambda_durable.protocol import Limits, OperationSubType, OperationType
from lambda_durable.running import RUNNING
from lambda_durable.scope import Place

from .errors import SagaError

Ts = TypeVarTuple("Ts")


class SagaBlock:
    """What `ctx.saga()` returns and its `with` or `async with` gives; see `vocabulary.Saga`.

    When the block fails with an `Exception`, its compensations run, the last one added first;
    then, and when it succeeds too, its cleanups, the last one added first. Each is a step named
    `compensate {name}` or `cleanup {name}`, after the saga's own name if it has one. One that
    fails does not stop the others. Nothing runs when the invocation ends early, when the block is
    cancelled, or when the whole execution ends (NonDeterminismError, PluginError).
    """

    def __init__(self, context: Any, name: str | None, retry: RetryStrategy | str | None) -> None:
        self._context = context
        self._prefix = f"{checked_name(name)} " if name is not None else ""
        self._retry = _checked_retry(retry)
        self._compensations: list[Step[Any]] = []
        self._cleanups: list[Step[Any]] = []
        self._is_open = False
        self._has_ended = False

    def add_compensation(
        self,
        func: Callable[[*Ts], Any],
        /,
        *args: *Ts,
        name: str | None = None,
        retry: RetryStrategy | str | None = None,
    ) -> None:
        """Have `func(*args)` run as a step if the block fails; the last one added runs first."""
        self._compensations.append(self._step("compensate", func, args, name, retry))

    def add_cleanup(
        self,
        func: Callable[[*Ts], Any],
        /,
        *args: *Ts,
        name: str | None = None,
        retry: RetryStrategy | str | None = None,
    ) -> None:
        """Have `func(*args)` run as a step when the block ends, however it does."""
        self._cleanups.append(self._step("cleanup", func, args, name, retry))

    def __enter__(self) -> Self:
        """Open the block, in a `def` handler."""
        from lambda_durable.context.plain import DurableContext  # loaded, if this is right

        return self._open(DurableContext)

    def __exit__(
        self,
        type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Run what is to run now that the block has ended."""
        ending = self._ending(error)
        if ending is not None:
            _report(self._context.run(ending), error)

    async def __aenter__(self) -> Self:
        """Open the block, in an `async def` handler."""
        from lambda_durable.context.awaited import AsyncDurableContext  # loaded, if this is right

        return self._open(AsyncDurableContext)

    async def __aexit__(
        self,
        type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Run what is to run now that the block has ended."""
        ending = self._ending(error)
        if ending is not None:
            _report(await self._context.run(ending), error)

    def _open(self, expected: type[Any]) -> Self:
        if type(self._context) is not expected:
            raise MisuseError(
                f"a saga was opened on a {type(self._context).__name__}; write `with ctx.saga() as "
                "saga:` in a `def` handler and `async with` in an `async def` one"
            )
        if self._is_open or self._has_ended:
            raise MisuseError("a saga is one block; call ctx.saga() again for another one")
        self._is_open = True
        return self

    def _ending(self, error: BaseException | None) -> "_Ending | None":
        """Return the operation to run at the end of the block, None if there is nothing to do."""
        self._is_open, self._has_ended = False, True
        if error is None:
            steps = self._cleanups[::-1]
        elif _is_failure(error):
            steps = self._compensations[::-1] + self._cleanups[::-1]
        else:
            steps = []
        return _Ending(steps) if steps else None

    def _step(
        self,
        kind: str,
        func: Callable[..., Any],
        args: tuple[Any, ...],
        name: str | None,
        retry: RetryStrategy | str | None,
    ) -> Step[Any]:
        if not self._is_open:
            call = "add_compensation" if kind == "compensate" else "add_cleanup"
            when = "after its block had ended" if self._has_ended else "before its block was opened"
            raise MisuseError(
                f"{call} was called on a saga {when}; call it inside `with ctx.saga() as saga:`"
            )
        called = checked_name(name) if name is not None else function_name_of(func)
        title = f"{self._prefix}{kind} {called}"[: Limits.NAME_LENGTH]
        strategy = _checked_retry(retry) if retry is not None else self._retry
        return Step(func, args, name=title, retry=strategy)


class _Result(NamedTuple):
    """How the steps at the end of a block went."""

    failed: list[tuple[str | None, Exception]]
    tried: int


class _Ending:
    """Runs steps one after the other, whether they fail or not; they are all that is recorded."""

    type = OperationType.CONTEXT
    subtype = OperationSubType.RUN_IN_CHILD_CONTEXT
    virtual = True

    def __init__(self, steps: list[Step[Any]]) -> None:
        self.name = "saga"
        self._steps = steps

    async def flow(self, here: Place, /) -> _Result:
        inner = here.inner_scope(virtual=True)
        failed: list[tuple[str | None, Exception]] = []
        for step in self._steps:
            try:
                await inner.next(step).carried_out()
            except Exception as error:
                if not _is_failure(error):
                    raise
                failed.append((step.name, error))
        return _Result(failed, len(self._steps))


def _report(result: _Result, original: BaseException | None) -> None:
    """Raise SagaError if steps failed; otherwise the block's own exception goes on."""
    if not result.failed:
        return
    for name, error in result.failed:
        if original is not None:
            original.add_note(f"{name} failed, too: {error}")
    message = "; ".join(
        [
            f"{len(result.failed)} of {result.tried} steps at the end of a saga failed",
            *(str(error) for _, error in result.failed),
        ]
    )
    if original is not None:
        message += f"; the block itself had failed with {type(original).__name__}: {original}"
    raise SagaError(message, [error for _, error in result.failed]) from original


def _is_failure(error: BaseException) -> bool:
    """Return whether an error is for the handler: not a suspension, nor what ends the execution."""
    return (
        isinstance(error, Exception)
        and not isinstance(error, NonDeterminismError)
        and not ends_execution(error)
    )


def _checked_retry(retry: RetryStrategy | str | None) -> RetryStrategy | str | None:
    """Return a strategy that can be found; a wrong name is told before the block does anything."""
    check_strategy(retry, "retry")
    running = RUNNING.get()
    if isinstance(retry, str) and running is not None:
        running.scope.execution.plugins.retry_strategy(retry)
    return retry


def saga(context: Any, name: str | None, retry: RetryStrategy | str | None) -> SagaBlock:
    """Return the context manager behind `ctx.saga`."""
    return SagaBlock(context, name, retry)
