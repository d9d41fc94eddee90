"""The hooks: names for the presets, and `default` for every step that names no strategy."""

from collections.abc import Mapping
from typing import Any

from lambda_durable.abc import RetryStrategy, WaitStrategy
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
    """Choose `default` for plain steps; a condition's check and a plugin's own step are left."""
    is_step = operation.type == OperationType.STEP and operation.subtype == OperationSubType.STEP
    return DEFAULT if is_step else None
