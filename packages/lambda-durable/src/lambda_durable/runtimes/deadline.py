"""The end of the invocation's time: near it nothing is begun, and a later invocation goes on.

What runs may finish. The operations that would begin rest on a short timer of the service, which
brings the next invocation; without one an answer of PENDING would wait for nothing.
"""

import math
from collections.abc import Callable
from time import monotonic
from typing import Any, Final

from ..effects import Spawn
from ..errors import ServiceError
from ..execution import Execution
from ..identity import operation_id
from ..protocol import OperationSubType, OperationType, OperationUpdate

MARGIN_SECONDS: Final = 1.0
_MARGIN_SHARE: Final = 0.1
"""Of a short invocation, at most this share is given away."""

NAME: Final = "invocation deadline"


class Deadline:
    """When an invocation should begin nothing more; never, if Lambda's context does not tell.

    `clock` is one that nobody sets, or that of a test whose time is not the machine's.
    """

    def __init__(self, lambda_context: Any, clock: Callable[[], float] | None = None) -> None:
        self._clock = clock or monotonic
        remaining = getattr(lambda_context, "get_remaining_time_in_millis", None)
        self._begins = self._ends = math.inf
        if remaining is not None:
            seconds = remaining() / 1000
            self._ends = self._clock() + seconds
            self._begins = self._ends - min(MARGIN_SECONDS, seconds * _MARGIN_SHARE)
        self._timer: str | None = None

    def forbids(self, update: OperationUpdate | None) -> bool:
        """Return whether an update begins work for which it is too late."""
        return (
            self._begins is not math.inf
            and update is not None
            and update["Type"] == OperationType.STEP
            and update["Action"] == "START"
            and self._is_near()
        )

    def forbids_branch(self, effect: Spawn) -> bool:
        """Return whether it is too late for a branch of a limited group to begin.

        The next one would begin as soon as this one rests, and so would all others.
        """
        return (
            self._begins is not math.inf
            and effect.group.limited
            and effect.place.record is None
            and self._is_near()
        )

    def _is_near(self) -> bool:
        return self._clock() >= self._begins

    def timer(self, execution: Execution) -> tuple[str, OperationUpdate | None]:
        """Return the timer to rest on, and its update if it has not been started yet.

        Raises what ends the invocation if it came to nothing new: the service is then to count it
        as failed, or an invocation that is too short for its work would be repeated for ever.
        """
        if self._timer is not None:
            return self._timer, None
        if not execution.queue.settled:
            raise execution.abort(
                ServiceError(
                    "the invocation's time was up before anything new could begin, of execution "
                    f"{execution.arn}; give the function a longer time-out",
                    code="InvocationDeadline",
                    status=None,
                    retryable=True,
                )
            )
        self._timer = f"deadline-{operation_id(execution.token, 0)[:32]}"
        # Not over before this invocation is: its news would be lost on it.
        seconds = math.ceil(max(0.0, self._ends - self._clock())) + 1
        update: OperationUpdate = {
            "Id": self._timer,
            "Type": OperationType.WAIT,
            "SubType": OperationSubType.WAIT,
            "Name": NAME,
            "Action": "START",
            "WaitOptions": {"WaitSeconds": seconds},
        }
        return self._timer, update
