"""How long executions are kept once they have ended, and how they are forgotten."""

from dataclasses import replace
from typing import Any

from lambda_durable.protocol import ExecutionStatus

from .errors import ResourceConflictError
from .executions import Executions
from .model import Change, milliseconds

_AT_ONCE = 20


def delete(executions: Executions, arn: str, now: float) -> dict[str, Any]:
    """Have a closed execution forgotten when the service advances; until then it is DELETING.

    The same request again gets the same answer.
    """
    row = executions.row(arn)
    progress = row.progress
    if not progress.closed:
        msg = f"Cannot delete an execution that is {progress.status}."
        raise ResourceConflictError(msg)
    asked_at = progress.forget_at
    if progress.status != ExecutionStatus.DELETING or asked_at is None:
        asked_at = now
        deleting = replace(progress, status=ExecutionStatus.DELETING, forget_at=now)
        executions.save_closed(Change(row.start, False, deleting, (), ()))
    return {"DeletionRequestTimestamp": milliseconds(asked_at)}


def forget(executions: Executions, now: float) -> None:
    """Forget executions whose time has come: a few, so that nobody has to wait for long."""
    if executions.forget_at is None or executions.forget_at > now:
        return
    for at, arn in executions.store.expiring(_AT_ONCE):
        if at > now:
            break
        executions.store.delete(arn)
    following = executions.store.expiring(1)
    executions.forget_at = following[0][0] if following else None
