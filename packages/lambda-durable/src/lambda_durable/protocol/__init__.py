"""The wire protocol of Lambda durable functions: names, limits, shapes and times.

Everything the service spells is spelled here once. A test compares it with botocore's own model
of the service, so a name or a limit that changes there fails the build here.
"""

from .limits import Limits
from .names import (
    CLOSED_STATUSES,
    EventType,
    ExecutionStatus,
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
