"""The state machine of the durable-execution service, without I/O.

`DurableService` answers requests and says what is due; `Session` lets a handler call it in the
same process; `Simulation` runs executions to their end in memory, on a virtual clock.
"""

from .errors import ServiceFault
from .model import ExecutionQuery, FunctionSpec, Invocation
from .outcomes import Errored, Outcome, Returned
from .queue import Task
from .service import DurableService
from .session import CheckpointHook, CheckpointMoment, Session
from .settings import Quotas, Retries, Settings
from .simulation import Finished, Simulation, SimulationBlockedError
from .store import MemoryStore, Store

__all__ = [
    "CheckpointHook",
    "CheckpointMoment",
    "DurableService",
    "Errored",
    "ExecutionQuery",
    "Finished",
    "FunctionSpec",
    "Invocation",
    "MemoryStore",
    "Outcome",
    "Quotas",
    "Retries",
    "Returned",
    "ServiceFault",
    "Session",
    "Settings",
    "Simulation",
    "SimulationBlockedError",
    "Store",
    "Task",
]
