"""Pause and resume: no invocation is made meanwhile, but timers and callbacks still complete."""

from dataclasses import replace
from typing import Any

from lambda_durable.protocol import EventType, ExecutionStatus

from . import history, repeats
from .errors import ResourceConflictError
from .execution import Execution
from .model import Pause, Progress, milliseconds
from .transaction import Transaction


def was_paused(progress: Progress, client_token: str | None, now: float) -> bool:
    """Whether a pause with this client token was answered already."""
    return repeats.is_repeated(progress.pause_tokens, client_token, now)


def was_resumed(progress: Progress, client_token: str | None, now: float) -> bool:
    """Whether a resume with this client token was answered already."""
    return repeats.is_repeated(progress.resume_tokens, client_token, now)


def pause(
    tx: Transaction,
    execution: Execution,
    reason: str | None,
    *,
    timeout_paused: bool,
    client_token: str | None,
) -> None:
    """Ask for a pause; a running invocation is stopped at its next checkpoint."""
    progress = execution.progress
    if progress.status != ExecutionStatus.RUNNING:
        msg = f"Cannot pause an execution that is {progress.status}."
        raise ResourceConflictError(msg)
    progress.pause = Pause(tx.now, reason, timeout_paused)
    progress.status = ExecutionStatus.PAUSING
    progress.pause_tokens = repeats.remembered(progress.pause_tokens, client_token, tx.now)
    if progress.in_flight is None:
        take_effect(tx, execution)


def take_effect(tx: Transaction, execution: Execution) -> None:
    """Make a pause that was asked for effective; a running invocation may not go on."""
    progress = execution.progress
    asked = progress.pause
    assert asked is not None, "only a pause that was asked for takes effect"
    progress.status = ExecutionStatus.PAUSED
    if progress.in_flight is not None:
        progress.in_flight = replace(progress.in_flight, revoked=True)
    details: dict[str, Any] = {
        "PauseRequestTimestamp": milliseconds(asked.at),
        "ExecutionTimeoutPaused": asked.timeout_paused,
    }
    if asked.reason is not None:
        details["Reason"] = history.data(asked.reason)
    execution.log(EventType.EXECUTION_PAUSED, tx.now, details, execution.record)


def resume(
    tx: Transaction, execution: Execution, reason: str | None, client_token: str | None
) -> None:
    """End a pause; the handler is invoked if it was interrupted or something has completed."""
    progress = execution.progress
    paused = progress.pause
    if paused is None:
        msg = f"Cannot resume an execution that is {progress.status}."
        raise ResourceConflictError(msg)
    if paused.timeout_paused and progress.times_out_at is not None:
        progress.times_out_at += tx.now - paused.at
    progress.status = ExecutionStatus.RUNNING
    progress.pause = None
    progress.resume_tokens = repeats.remembered(progress.resume_tokens, client_token, tx.now)
    details: dict[str, Any] = {"ResumeRequestTimestamp": milliseconds(tx.now)}
    if reason is not None:
        details["Reason"] = history.data(reason)
    execution.log(EventType.EXECUTION_RESUMED, tx.now, details, execution.record)
