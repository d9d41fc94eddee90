"""The wire protocol of Lambda durable functions: names, limits, shapes and times.

Everything the service spells is spelled here once. A test compares it with botocore's own model
of the service, so a name or a limit that changes there fails the build here.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .executions import EventType, ExecutionStatus
    from .limits import Limits
    from .names import (
        CLOSED_STATUSES,
        OperationAction,
        OperationStatus,
        OperationSubType,
        OperationType,
    )
    from .shapes import (
        CheckpointResponse,
        ErrorObject,
        Operation,
        OperationUpdate,
        StatePage,
    )
    from .times import epoch_seconds
else:
    from ..lazy import on_first_use

    __getattr__, __dir__ = on_first_use(
        __name__,
        {
            "executions": ("EventType", "ExecutionStatus"),
            "limits": ("Limits",),
            "names": (
                "CLOSED_STATUSES",
                "OperationAction",
                "OperationStatus",
                "OperationSubType",
                "OperationType",
            ),
            "shapes": (
                "CheckpointResponse",
                "ErrorObject",
                "Operation",
                "OperationUpdate",
                "StatePage",
            ),
            "times": ("epoch_seconds",),
        },
    )

__all__ = [
    "CLOSED_STATUSES",
    "CheckpointResponse",
    "ErrorObject",
    "EventType",
    "ExecutionStatus",
    "Limits",
    "Operation",
    "OperationAction",
    "OperationStatus",
    "OperationSubType",
    "OperationType",
    "OperationUpdate",
    "StatePage",
    "epoch_seconds",
]
