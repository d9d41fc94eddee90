"""The service as a running handler sees it: core's `Service` protocol, without a network.

Faults become core's `ServiceError`s, classified as a client of the real service would.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from lambda_durable.errors import ServiceError
from lambda_durable.protocol import CheckpointResponse, Limits, OperationUpdate, StatePage
from lambda_durable.protocol.classification import classify

from .errors import ServiceFault
from .service import DurableService


@dataclass(frozen=True, slots=True)
class CheckpointMoment:
    """Just before a checkpoint is saved, or just after it was and before the handler knows."""

    phase: Literal["before", "after"]
    number: int
    """Which checkpoint of this session it is, from 1."""
    execution_arn: str
    updates: Sequence[OperationUpdate]


CheckpointHook: TypeAlias = Callable[[CheckpointMoment], None]
"""Called around each checkpoint; what it raises ends the session, as a crash would."""


class Session:
    """A handler's connection to the service, for one invocation.

    `clock` gives the time in seconds since 1970. Once `on_checkpoint` has raised, every further
    call raises the same: to the service, the invocation is dead.
    """

    def __init__(
        self,
        service: DurableService,
        clock: Callable[[], float],
        on_checkpoint: CheckpointHook | None = None,
    ) -> None:
        self._service = service
        self.clock = clock
        self._on_checkpoint = on_checkpoint
        self.checkpoints = 0
        self.crash: BaseException | None = None

    def checkpoint(
        self, execution_arn: str, token: str, updates: Sequence[OperationUpdate]
    ) -> CheckpointResponse:
        """Save the updates, all or none, and return what changed since the last answer."""
        self._check_alive()
        self.checkpoints += 1
        self._tell("before", execution_arn, updates)
        try:
            answer = self._service.checkpoint(execution_arn, token, updates, now=self.clock())
        except ServiceFault as fault:
            raise _service_error(fault) from fault
        self._tell("after", execution_arn, updates)
        return answer

    def get_state(self, execution_arn: str, token: str, marker: str) -> StatePage:
        """Return the page of the execution's operations that begins at `marker`."""
        self._check_alive()
        try:
            return self._service.get_state(
                execution_arn, token, marker, max_items=Limits.PAGE_ITEMS
            )
        except ServiceFault as fault:
            raise _service_error(fault) from fault

    def _check_alive(self) -> None:
        if self.crash is not None:
            raise self.crash

    def _tell(
        self, phase: Literal["before", "after"], arn: str, updates: Sequence[OperationUpdate]
    ) -> None:
        if self._on_checkpoint is None:
            return
        try:
            self._on_checkpoint(CheckpointMoment(phase, self.checkpoints, arn, updates))
        except BaseException as crash:
            self.crash = crash
            raise


def _service_error(fault: ServiceFault) -> ServiceError:
    return ServiceError(
        fault.message,
        code=fault.code,
        status=fault.status,
        retryable=classify(fault.code, fault.status, fault.message),
    )
