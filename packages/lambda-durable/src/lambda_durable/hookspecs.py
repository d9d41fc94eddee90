"""The hooks a plugin can implement. Import `hookimpl` from `lambda_durable`, decorate, register.

A plugin is a module or an object with some of these functions. It is found by
`@durable_execution(plugins=[...])`, as one of the first-party modules, through an entry point of
the group `lambda_durable`, or through `LAMBDA_DURABLE_PLUGINS`. A hook may leave out parameters
it does not use. "Live" means: not while an operation is answered from its record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Literal

import pluggy

if TYPE_CHECKING:
    from .abc import Duration, RetryStrategy, Serializer, Service, WaitStrategy
    from .batches import BatchResult, Completion, NamedBranch, Nesting
    from .effects import DurableOperation
    from .events import Call, Invocation, Invoke, OperationInfo
    from .observations import (
        AttemptFinished,
        AttemptStarted,
        CheckpointAnswered,
        InvocationFinished,
        OperationSettled,
        OperationStarted,
    )

PROJECT = "lambda_durable"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)

# --- Vocabulary: called when the word is, live and on replay; the first answer that is not None is
# taken. Errors in the arguments are DurableErrors, which the caller gets; any other exception
# stops the execution with a PluginError. The parameters are those of the word.


@hookspec(firstresult=True)
def durable_create_callback(
    name: str | None,
    timeout: Duration | None,
    heartbeat_timeout: Duration | None,
    result_type: Any,
    serializer: Serializer | str | None,
) -> DurableOperation[Any] | None:
    """Supply the operation behind `ctx.create_callback`; its result is the callback."""
    raise NotImplementedError


@hookspec(firstresult=True)
def durable_wait_for_callback(
    submit: Callable[..., Any],
    args: Sequence[Any],
    name: str | None,
    timeout: Duration | None,
    heartbeat_timeout: Duration | None,
    retry: RetryStrategy | str | None,
    result_type: Any,
    serializer: Serializer | str | None,
) -> DurableOperation[Any] | None:
    """Supply the operation behind `ctx.wait_for_callback`."""
    raise NotImplementedError


@hookspec(firstresult=True)
def durable_parallel(
    branches: Mapping[str, Callable[..., Any]] | Iterable[Callable[..., Any] | NamedBranch[Any]],
    name: str | None,
    max_concurrency: int | None,
    completion: Completion | None,
    nesting: Nesting,
    serializer: Serializer | str | None,
    item_serializer: Serializer | str | None,
    summary: Callable[[BatchResult[Any]], str] | None,
) -> DurableOperation[BatchResult[Any]] | None:
    """Supply the operation behind `ctx.parallel`."""
    raise NotImplementedError


@hookspec(firstresult=True)
def durable_map(
    items: Iterable[Any],
    func: Callable[..., Any],
    name: str | None,
    item_namer: Callable[..., str] | None,
    max_concurrency: int | None,
    completion: Completion | None,
    nesting: Nesting,
    serializer: Serializer | str | None,
    item_serializer: Serializer | str | None,
    summary: Callable[[BatchResult[Any]], str] | None,
) -> DurableOperation[BatchResult[Any]] | None:
    """Supply the operation behind `ctx.map`."""
    raise NotImplementedError


@hookspec(firstresult=True)
def durable_with_retry(
    func: Callable[..., Any],
    args: Sequence[Any],
    retry: RetryStrategy | str | None,
    name: str | None,
    serializer: Serializer | str | None,
) -> DurableOperation[Any] | None:
    """Supply the operation behind `ctx.with_retry`."""
    raise NotImplementedError


@hookspec(firstresult=True)
def durable_combine(
    how: Literal["all", "any", "race", "settled"], futures: Sequence[Any], name: str | None
) -> DurableOperation[Any] | None:
    """Supply the operation behind `ctx.all`, `ctx.any`, `ctx.race` and `ctx.settled`.

    `futures` are the places (`lambda_durable.Place`) of the operations that are combined.
    """
    raise NotImplementedError


@hookspec(firstresult=True)
def durable_saga(
    context: Any, name: str | None, retry: RetryStrategy | str | None
) -> AbstractContextManager[Any] | None:
    """Supply what `ctx.saga` returns, for both flavours: `with` or `async with` is held open.

    `context` is the context that the word was called on.
    """
    raise NotImplementedError


# --- Providers: an exception stops the execution with a PluginError -------------------------


@hookspec
def durable_retry_strategies() -> Mapping[str, RetryStrategy]:
    """Give names to retry strategies, for `retry="name"`.

    Called once per handler and process, when the first name is looked up. A name that two
    plugins give is an error that names both.
    """
    raise NotImplementedError


@hookspec
def durable_wait_strategies() -> Mapping[str, WaitStrategy[Any]]:
    """Give names to wait strategies, for `strategy="name"`; otherwise as retry strategies."""
    raise NotImplementedError


@hookspec
def durable_serializers() -> Mapping[str, Serializer]:
    """Give names to serializers, for `serializer="name"`; otherwise as retry strategies."""
    raise NotImplementedError


@hookspec(firstresult=True)
def durable_retry(operation: OperationInfo) -> RetryStrategy | None:
    """Choose the retry strategy of a step, or of a block (`with_retry`), that names none.

    Called live, when an attempt has failed. None leaves the choice to the next plugin; if nobody
    chooses, there is no retry.
    """
    raise NotImplementedError


@hookspec(firstresult=True)
def durable_serializer(type: Any) -> Serializer | None:
    """Choose the serializer for a declared type where the call names none.

    `type` is the annotated return type, `Any` where there is none. Called once per type, handler
    and process, live and on replay alike, so the answer must depend on the type alone. None
    leaves the choice to the next plugin; core's plain JSON is the last.
    """
    raise NotImplementedError


@hookspec(firstresult=True)
def durable_service(invocation: Invocation) -> Service | None:
    """Supply the client through which this invocation checkpoints.

    Called once per invocation, also when it only replays. None leaves it to the next plugin;
    core's boto3 client is the last. Who does without `invocation` is asked while a function
    initializes in Lambda, too, and its client's `connect()` is called then, if it has one.
    """
    raise NotImplementedError


@hookspec(firstresult=True)
def durable_trace_header(invoke: Invoke) -> str | None:
    """Supply the X-Ray trace header of a chained invoke; live only. None: the service's own."""
    raise NotImplementedError


# --- Observers: an exception is logged and goes no further ----------------------------------


@hookspec
def durable_invocation_started(event: Invocation) -> None:
    """Told once per invocation, before the handler runs, live and on replay."""


@hookspec
def durable_invocation_finished(event: InvocationFinished) -> None:
    """Told once per invocation, after its last checkpoint, also when it suspends or fails."""


@hookspec
def durable_operation_started(event: OperationStarted) -> None:
    """Told when an operation begins, and on replay of one that is still open (`event.replayed`).

    So each operation is told once as begun, and once more in each later invocation that goes on
    with it: a retry, a wait, a context whose function runs again. One that has ended is not told
    again, and a context without an operation of its own (flat nesting) never.
    """


@hookspec
def durable_operation_settled(event: OperationSettled) -> None:
    """Told once per operation, when its end becomes known; never on replay.

    That is after the checkpoint that closed it or, for what ended between two invocations, as the
    next one begins, whether or not the handler has come to it. An attempt that is retried ends
    nothing. What ended in between is known from `UpdatedOperationIds`: a service that leaves them
    out leaves out these ends, and one that repeats them after a crash repeats them. An invocation
    that is killed takes with it what it was about to tell.
    """


@hookspec
def durable_attempt_started(event: AttemptStarted) -> None:
    """Told before user code of an operation runs, live only."""


@hookspec
def durable_attempt_finished(event: AttemptFinished) -> None:
    """Told after user code of an operation ran, live only."""


@hookspec
def durable_checkpoint_answered(event: CheckpointAnswered) -> None:
    """Told after each answered checkpoint, on the thread that sent it."""


# --- Surroundings ---------------------------------------------------------------------------


@hookspec
def durable_around_call(call: Call) -> AbstractContextManager[Any] | None:
    """Hold something open while user code runs: the handler, a child context, an attempt.

    Called in both flavours, live and on replay (`call.is_replay`), in the thread or task that
    runs the code, so context variables set here are seen by it. All plugins' contexts are
    entered, in registration order, and left in reverse. An exception from `__enter__` or
    `__exit__` is logged and goes no further; `__exit__` cannot swallow the code's exception.
    """
    raise NotImplementedError
