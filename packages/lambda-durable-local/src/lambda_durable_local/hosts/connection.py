"""The service as a function's process reaches it: over the socket to its host."""

import sys
import threading
import time
from collections.abc import Sequence
from typing import Any

from lambda_durable.errors import ServiceError
from lambda_durable.protocol import CheckpointResponse, OperationUpdate, StatePage

from .frames import Frames


class Connection:
    """Core's `Service` for one invocation; `ahead` is how far its clock is before the real one."""

    def __init__(self, frames: Frames, ahead: float) -> None:
        self._frames = frames
        self._ahead = ahead
        self._lock = threading.Lock()
        self._closed = False

    def clock(self) -> float:
        """Return the service's time in seconds since 1970."""
        return time.time() + self._ahead

    def checkpoint(
        self, execution_arn: str, token: str, updates: Sequence[OperationUpdate]
    ) -> CheckpointResponse:
        """Save the updates, all or none, and return what changed since the last answer."""
        answer: CheckpointResponse = self._ask(
            {"ask": "checkpoint", "arguments": [execution_arn, token, list(updates)]}
        )
        return answer

    def get_state(self, execution_arn: str, token: str, marker: str) -> StatePage:
        """Return the page of the execution's operations that begins at `marker`."""
        answer: StatePage = self._ask(
            {"ask": "get_state", "arguments": [execution_arn, token, marker]}
        )
        return answer

    def close(self) -> None:
        """Refuse all further calls: the invocation is over, and the socket serves the next one."""
        with self._lock:
            self._closed = True

    def _ask(self, message: dict[str, Any]) -> Any:
        with self._lock:
            if self._closed:
                text = "The invocation is over"
                raise ServiceError(text, code="InvocationOver", status=None, retryable=True)
            flush_output()
            self._frames.send(message)
            answer = self._frames.receive()
        if answer is None:
            text = "The local service has ended"
            raise ServiceError(text, code="ServiceGone", status=None, retryable=True)
        if "fault" in answer:
            raise ServiceError(**answer["fault"])
        return answer["answer"]


def flush_output() -> None:
    """Write out what was printed, so that the host has it before the message that follows."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
