"""The hooks a plugin can implement. Import `hookimpl` from `lambda_durable`, decorate, register.

A plugin is a module or an object with some of these functions. It is found by
`@durable_execution(plugins=[...])`, as one of the first-party modules, through an entry point of
the group `lambda_durable`, or through `LAMBDA_DURABLE_PLUGINS`. A hook may leave out parameters
it does not use. "Live" means: not while an operation is answered from its record.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:
    from .abc import RetryStrategy, Serializer, Service, WaitStrategy
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
    """Choose the retry strategy of a step that names none.

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
    core's boto3 client is the last.
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
    """Told once per invocation, after its last checkpoint."""


@hookspec
def durable_operation_started(event: OperationStarted) -> None:
    """Told when an operation begins, live only."""


@hookspec
def durable_operation_settled(event: OperationSettled) -> None:
    """Told when an operation's outcome reaches the handler, live and on replay."""


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
