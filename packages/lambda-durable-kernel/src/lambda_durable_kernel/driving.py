"""What whoever drives the service tells it: invocations that begin, end or were lost, and time."""

from . import closing, expiry, invocations, invokes, retention
from .executions import Executions
from .model import Invocation
from .outcomes import Outcome
from .queue import Task


def begin(executions: Executions, task: Task, now: float) -> Invocation | None:
    """Return the invocation to make for a task, None if it is no longer due."""
    if task not in executions.agenda.ready:
        return None
    with executions.transaction(now) as tx:
        execution = executions.require_open(tx, task.execution_arn)
        if task.operation_id is None:
            invocation = invocations.begin(tx, execution)
        else:
            invocation = invokes.begin_plain(tx, execution, task.operation_id)
    executions.agenda.begin(task, invocation.id)
    return invocation


def finish(executions: Executions, invocation_id: str, outcome: Outcome, now: float) -> bool:
    """End an invocation; False if nobody waits for it any more."""
    running = executions.agenda.running
    task = running.get(invocation_id)
    if task is None:
        return False
    with executions.transaction(now) as tx:
        execution = tx.find(task.execution_arn)
        awaited = execution is not None
        if execution is None:
            pass
        elif task.operation_id is not None:
            invokes.settle_plain(tx, execution, task.operation_id, outcome)
        else:
            invocations.finish(tx, execution, outcome)
    del running[invocation_id]
    return awaited


def recover(executions: Executions, now: float) -> int:
    """Give up all invocations that run, to be made again; return how many there were."""
    running = executions.agenda.running
    lost = list(running.items())
    for id, task in lost:
        with executions.transaction(now) as tx:
            execution = tx.find(task.execution_arn)
            if execution is not None and task.operation_id is None:
                invocations.lose(tx, execution)
        del running[id]
        if execution is not None and task.operation_id is not None:
            executions.agenda.ready.add(task)
    return len(lost)


def advance(executions: Executions, now: float) -> None:
    """Fire the timers that are due, and forget what was kept long enough."""
    while (arn := executions.agenda.alarms.pop_due(now)) is not None:
        with executions.transaction(now) as tx:
            execution = executions.require_open(tx, arn)
            if closing.is_overdue(execution, now):
                closing.time_out(tx, execution)
            elif execution.progress.in_flight is None:
                expiry.expire(tx, execution)
    retention.forget(executions, now)
