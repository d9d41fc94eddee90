"""The hooks: names for the presets, `default` for what names no strategy, and `with_retry`."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lambda_durable.abc import RetryStrategy, Serializer, WaitStrategy
from lambda_durable.effects import DurableOperation
from lambda_durable.events import OperationInfo
from lambda_durable.hookspecs import hookimpl
from lambda_durable.protocol import OperationSubType, OperationType

from .presets import DEFAULT, RETRY_NAMES, WAIT_NAMES


@hookimpl
def durable_retry_strategies() -> Mapping[str, RetryStrategy]:
    """Register `default` and `transient`."""
    return RETRY_NAMES


@hookimpl
def durable_wait_strategies() -> Mapping[str, WaitStrategy[Any]]:
    """Register `eager` and `steady`."""
    return WAIT_NAMES


@hookimpl(trylast=True)  # whoever chooses a default of their own is asked before
def durable_retry(operation: OperationInfo) -> RetryStrategy | None:
    """Choose `default` for plain steps and for blocks; a plugin's own step is left to that."""
    is_step = operation.type == OperationType.STEP and operation.subtype == OperationSubType.STEP
    return DEFAULT if is_step or operation.type == OperationType.CONTEXT else None


@hookimpl
def durable_with_retry(
    func: Callable[..., Any],
    args: Sequence[Any],
    retry: RetryStrategy | str | None,
    name: str | None,
    serializer: Serializer | str | None,
) -> DurableOperation[Any]:
    """Supply `ctx.with_retry`."""
    from .blocks import RetriedBlock

    block: RetriedBlock[Any] = RetriedBlock(
        func, tuple(args), retry=retry, name=name, serializer=serializer
    )
    return block
