"""One invocation from event to output: read the state, run the handler, say how it ended."""

import time
from collections.abc import Callable
from typing import Any, Protocol

from . import outcome
from .abc import Service, Where
from .checkpointing import remaining
from .defaults import PLAIN_JSON
from .envelope import Envelope, input_payload, parsed, started_at
from .errors import InvalidInputError, SerializationError, ServiceError
from .events import Invocation
from .execution import Execution
from .plugins import Plugins
from .protocol import Operation, OperationUpdate
from .scope import Scope
from .settings import Settings


class HandlerRuntime(Protocol):
    """What runs a handler and saves updates of the execution itself."""

    def main(self, function: Callable[..., Any], event: Any, scope: Scope) -> Any:
        """Run the handler and return what it returns."""
        ...

    def save(self, update: OperationUpdate) -> None:
        """Save an update."""
        ...


_INVOCATION_HOOKS = {"durable_invocation_started", "durable_invocation_finished"}

MakeRuntime = Callable[[Execution, Service], HandlerRuntime]


def invoke(
    function: Callable[..., Any],
    event: object,
    lambda_context: Any,
    *,
    plugins: Plugins,
    settings: Settings,
    service: Service | None,
    make_runtime: MakeRuntime,
) -> dict[str, Any]:
    """Run one invocation and return its output; raise what makes the service invoke again."""
    envelope = parsed(event)
    is_first = len(envelope.operations) <= 1 and envelope.next_marker is None
    invocation = Invocation(
        envelope.execution_arn, is_first, lambda_context, envelope.updated_operation_ids
    )
    service = service or plugins.service(invocation)
    try:
        operations = _all_operations(service, envelope)
    except ServiceError as failure:
        return outcome.of_exception(failure)
    execution = Execution(
        arn=envelope.execution_arn,
        token=envelope.token,
        operations=operations,
        plugins=plugins,
        clock=getattr(service, "clock", time.time),
        settings=settings,
        lambda_context=lambda_context,
    )
    from .logs import install  # with logging, which Lambda has loaded long before

    install()
    if plugins.observed & _INVOCATION_HOOKS:
        invocation = _with_operations(invocation, execution)
    execution.observers.note_updated(envelope.updated_operation_ids)
    plugins.tell("durable_invocation_started", invocation)
    execution.observers.tell_ended()
    output: dict[str, Any] | None = None
    error: BaseException | None = None
    try:
        output = _output(function, execution, make_runtime(execution, service))
    except BaseException as raised:
        error = raised
        raise
    finally:
        execution.closed = True
        execution.observers.tell_ended()
        _tell_finished(execution, invocation, output, error)
    return output


def _with_operations(invocation: Invocation, execution: Execution) -> Invocation:
    return invocation._replace(
        operations=execution.observers.operations,
        execution_started_at=started_at(execution.history.execution),
    )


def _tell_finished(
    execution: Execution,
    invocation: Invocation,
    output: dict[str, Any] | None,
    error: BaseException | None,
) -> None:
    if "durable_invocation_finished" in execution.plugins.observed:
        from .observations import InvocationFinished

        status = output["Status"] if output is not None else "ERROR"
        finished = InvocationFinished(execution.arn, status, error, invocation, output)
        execution.plugins.tell("durable_invocation_finished", finished)


def _output(
    function: Callable[..., Any], execution: Execution, runtime: HandlerRuntime
) -> dict[str, Any]:
    payload = input_payload(execution.history.execution)
    try:
        _check_names(execution)
        event = _decoded(execution, payload)
        text = outcome.result_payload(execution, runtime.main(function, event, Scope(execution)))
        if outcome.fits_in_response(text):
            return outcome.succeeded(text)
        runtime.save(outcome.result_update(execution, text))
        return outcome.succeeded("")
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001 - each kind has its answer
        return outcome.of_exception(error)


def _check_names(execution: Execution) -> None:
    """Look up the names that the decorator was given, before anything has run."""
    settings, plugins = execution.settings, execution.plugins
    if isinstance(settings.retry, str):
        plugins.retry_strategy(settings.retry)
    if isinstance(settings.serializer, str):
        plugins.serializer(settings.serializer)


def _decoded(execution: Execution, payload: str | None) -> Any:
    if not payload:
        return {}
    try:
        return PLAIN_JSON.loads(payload, Any, Where(execution.arn, "the input"))
    except SerializationError as error:
        raise InvalidInputError(
            f"the event is not JSON: {payload[:80]!r}; invoke the function with a JSON document"
        ) from error


def _all_operations(service: Service, envelope: Envelope) -> list[Operation]:
    rest = remaining(service, envelope.execution_arn, envelope.token, envelope.next_marker)
    return [*envelope.operations, *rest]
