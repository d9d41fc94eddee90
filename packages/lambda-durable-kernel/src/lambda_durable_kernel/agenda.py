"""What has to be done next, and when: invocations to make, timers to fire.

It is computed from the executions whenever they change, and never stored.
"""

from collections.abc import Iterable

from lambda_durable.protocol import OperationStatus

from .execution import Execution
from .invocations import is_due
from .model import StoredOperation
from .queue import Task, TaskQueue
from .timers import TimerQueue


class Agenda:
    """Tasks in the order in which they became due, and a timer for each open execution."""

    __slots__ = ("alarms", "ready", "running")

    def __init__(self) -> None:
        self.ready = TaskQueue()
        self.running: dict[str, Task] = {}
        """The tasks that are being done, by the id of their invocation."""
        self.alarms: TimerQueue[str] = TimerQueue()

    def adopt(self, execution: Execution) -> None:
        """Take up an execution that was loaded, with all that it waits for."""
        in_flight = execution.progress.in_flight
        if in_flight is not None:
            self.running[in_flight.id] = _handler_task(execution)
        pending = [execution.operations[id] for id in execution.pending]
        self.update(execution, pending, 0.0)

    def update(self, execution: Execution, changed: Iterable[StoredOperation], now: float) -> None:
        """Take up what an execution needs after a change."""
        task = _handler_task(execution)
        if is_due(execution, now):
            self.ready.add(task)
        else:
            self.ready.discard(task)
        self.alarms.set(execution.start.arn, _alarm(execution, now))
        for operation in changed:
            target = operation.target
            if target is not None and target.child_arn is None:
                call = Task(execution.start.arn, operation.record["Id"], target.function)
                if operation.record["Status"] == OperationStatus.STARTED:
                    self.ready.add(call)

    def begin(self, task: Task, invocation_id: str) -> None:
        """Move a task from those that are ready to those that run."""
        self.ready.discard(task)
        self.running[invocation_id] = task

    def drop(self, execution: Execution) -> None:
        """Forget what a closed execution needed; what runs is left to end."""
        arn = execution.start.arn
        self.alarms.set(arn, None)
        self.ready.discard(_handler_task(execution))
        for id in execution.pending:
            target = execution.operations[id].target
            if target is not None:
                self.ready.discard(Task(arn, id, target.function))


def _handler_task(execution: Execution) -> Task:
    return Task(execution.start.arn, None, execution.start.function.name)


def _alarm(execution: Execution, now: float) -> float | None:
    """Return when something about the execution is due without anybody asking."""
    progress = execution.progress
    times: list[float | None] = []
    if progress.pause is None or not progress.pause.timeout_paused:
        times.append(progress.times_out_at)
    if progress.in_flight is None:
        times.append(execution.timers.next_at())
        if progress.wanted and progress.retry_at is not None and progress.retry_at > now:
            times.append(progress.retry_at)
    return min((at for at in times if at is not None), default=None)
