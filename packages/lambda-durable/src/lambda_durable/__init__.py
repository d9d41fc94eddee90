"""Durable functions for AWS Lambda: checkpointed steps, waits without compute, resume by replay.

Write a handler with `@durable_execution`, `def` or `async def`, and call the words of its context:
`step`, `wait`, `invoke`, `run_in_child_context`, `wait_for_condition`, `run`.
"""

from typing import TYPE_CHECKING

from .context.plain import DurableContext
from .errors import (
    ChildContextError,
    ConditionNotMetError,
    DurableError,
    InvalidInputError,
    InvokeError,
    InvokeStoppedError,
    InvokeTimeoutError,
    MisuseError,
    NonDeterminismError,
    NotDurableError,
    OperationError,
    PayloadTooLargeError,
    PluginError,
    SerializationError,
    ServiceError,
    StepError,
    StepInterruptedError,
    UnknownNameError,
)
from .handler import DurableHandler, durable_execution

if TYPE_CHECKING:
    from .abc import Duration, RetryStrategy, Serializer, Service, WaitStrategy, Where
    from .context.awaited import AsyncDurableContext
    from .current import CurrentStep, current_step
    from .effects import DurableOperation
    from .hookspecs import hookimpl
    from .operations.arguments import StepSemantics
    from .scope import Place
else:
    from .lazy import on_first_use

    __getattr__, __dir__ = on_first_use(
        __name__,
        {
            "abc": ("Duration", "RetryStrategy", "Serializer", "Service", "WaitStrategy", "Where"),
            "context.awaited": ("AsyncDurableContext",),
            "current": ("CurrentStep", "current_step"),
            "effects": ("DurableOperation",),
            "hookspecs": ("hookimpl",),
            "operations.arguments": ("StepSemantics",),
            "scope": ("Place",),
        },
    )

__all__ = [
    "AsyncDurableContext",
    "ChildContextError",
    "ConditionNotMetError",
    "CurrentStep",
    "DurableContext",
    "DurableError",
    "DurableHandler",
    "DurableOperation",
    "Duration",
    "InvalidInputError",
    "InvokeError",
    "InvokeStoppedError",
    "InvokeTimeoutError",
    "MisuseError",
    "NonDeterminismError",
    "NotDurableError",
    "OperationError",
    "PayloadTooLargeError",
    "Place",
    "PluginError",
    "RetryStrategy",
    "SerializationError",
    "Serializer",
    "Service",
    "ServiceError",
    "StepError",
    "StepInterruptedError",
    "StepSemantics",
    "UnknownNameError",
    "WaitStrategy",
    "Where",
    "current_step",
    "durable_execution",
    "hookimpl",
]
