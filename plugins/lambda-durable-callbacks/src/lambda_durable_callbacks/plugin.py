"""The hooks: the words `create_callback` and `wait_for_callback`, and the serializer `text`.

The operations are imported when a word is first used: a handler without callbacks pays nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lambda_durable.abc import Duration, RetryStrategy, Serializer
from lambda_durable.effects import DurableOperation
from lambda_durable.hookspecs import hookimpl


@hookimpl
def durable_create_callback(
    name: str | None,
    timeout: Duration | None,
    heartbeat_timeout: Duration | None,
    result_type: Any,
    serializer: Serializer | str | None,
) -> DurableOperation[Any]:
    """Supply `ctx.create_callback`."""
    from .creating import CreateCallback

    return CreateCallback(
        name,
        timeout=timeout,
        heartbeat_timeout=heartbeat_timeout,
        result_type=result_type,
        serializer=serializer,
    )


@hookimpl
def durable_wait_for_callback(
    submit: Callable[..., Any],
    args: Sequence[Any],
    name: str | None,
    timeout: Duration | None,
    heartbeat_timeout: Duration | None,
    retry: RetryStrategy | str | None,
    result_type: Any,
    serializer: Serializer | str | None,
) -> DurableOperation[Any]:
    """Supply `ctx.wait_for_callback`."""
    from .waiting import WaitForCallback

    return WaitForCallback(
        submit,
        tuple(args),
        name=name,
        timeout=timeout,
        heartbeat_timeout=heartbeat_timeout,
        retry=retry,
        result_type=result_type,
        serializer=serializer,
    )


@hookimpl
def durable_serializers() -> Mapping[str, Serializer]:
    """Register `text`: the payload itself, whatever it looks like."""
    from .results import TEXT

    return {"text": TEXT}
