"""What the body of a step can ask for about itself."""

from typing import TYPE_CHECKING, NamedTuple

from .errors import MisuseError
from .running import RUNNING

if TYPE_CHECKING:
    import logging


class CurrentStep(NamedTuple):
    """The step whose body is running."""

    name: str | None
    attempt: int
    """The number of this attempt, from 1."""
    operation_id: str
    """The same in every attempt and every invocation; with the ARN, an idempotency key."""
    execution_arn: str

    @property
    def logger(self) -> "logging.Logger":
        """A logger whose records carry the execution, the operation and the attempt."""
        from logging import getLogger  # not every step needs it

        return getLogger("lambda_durable.step")


def current_step() -> CurrentStep:
    """Return the step whose body is running; outside of one, raise MisuseError.

    Works in every thread and task that inherits the body's context variables, and in the checks
    of `wait_for_condition`, which are steps too.
    """
    running = RUNNING.get()
    operation = running.call.operation if running else None
    if running is None or running.call.attempt is None or operation is None:
        raise MisuseError("current_step() is only known in the body of a step")
    return CurrentStep(operation.name, running.call.attempt, operation.id, operation.execution_arn)
