"""How an execution ended, or how far it has come: what a test looks at."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from lambda_durable.protocol import OperationUpdate

from .drawing import draw, duration, short
from .errors import ExecutionNotSucceededError
from .operations import Failure, Operations, read_json


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One request to save updates, as the handler made it."""

    invocation: int
    """In which invocation of the execution, from 1."""
    updates: Sequence[OperationUpdate]

    @property
    def bytes(self) -> int:
        """How many bytes the updates take as JSON."""
        return len(json.dumps(self.updates, separators=(",", ":")))


@dataclass(frozen=True, slots=True)
class Result:
    """An execution as a test sees it; `print(result)` draws it.

    What is not known of an execution, as the checkpoint requests of a deployed function, is empty.
    """

    arn: str
    status: str
    """SUCCEEDED, FAILED, TIMED_OUT or STOPPED; RUNNING while it goes on."""
    payload: str | None
    """The result as JSON text."""
    error: Failure | None
    """Why the execution did not succeed."""
    invocations: int
    """How many times the handler was invoked."""
    duration: timedelta | None
    """The time from start to end, as the service counts it."""
    operations: Operations = field(repr=False)
    history: Sequence[Mapping[str, Any]] = field(repr=False, default=())
    """The events, in the service's shape, oldest first."""
    logs: Sequence[logging.LogRecord] = field(repr=False, default=())
    """What was logged while the execution's functions ran."""
    checkpoints: Sequence[Checkpoint] = field(repr=False, default=())

    @property
    def result(self) -> Any:
        """What the handler returned; raises ExecutionNotSucceededError if it did not succeed."""
        __tracebackhide__ = True  # pytest shows the line of the test
        if self.status != "SUCCEEDED":
            why = f"it is {self.status}" if self.error is None else short(str(self.error))
            raise ExecutionNotSucceededError(f"the execution has no result: {why}\n\n{self}")
        return read_json(self.payload)

    @property
    def succeeded(self) -> bool:
        """Whether the execution has ended well."""
        return self.status == "SUCCEEDED"

    @property
    def checkpoint_bytes(self) -> int:
        """How many bytes all checkpoint requests took as JSON."""
        return sum(each.bytes for each in self.checkpoints)

    @property
    def messages(self) -> list[str]:
        """The messages that were logged, in order."""
        return [record.getMessage() for record in self.logs]

    def events(self, *types: str) -> list[Mapping[str, Any]]:
        """Return the events of some types, in order."""
        return [event for event in self.history if event["EventType"] in types]

    def __str__(self) -> str:
        count = f"{self.invocations} invocation{'s' if self.invocations != 1 else ''}"
        took = duration(self.duration)
        head = f"execution {self.status}, {count}{f', {took}' if took else ''}"
        if self.error is not None:
            head += f"\n{self.error}"
            own = [line for line in self.error.stack if not _is_sdk(line)]
            head += "".join(f"\n    {line}" for line in own[-3:])
        return f"{head}\n\n{draw(self.operations)}"


def _is_sdk(line: str) -> bool:
    """Return whether a line of a stack trace is the SDK's, in which nobody looks for a bug."""
    return "/lambda_durable" in line.partition(":")[0].replace("\\", "/")
