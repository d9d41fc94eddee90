"""What the functions of both flavours do inside their operations: ordinary code."""

import os
import time
import uuid

import boto3

from lambda_durable import current_step
from lambda_durable_callbacks import CallbackClient

LARGE = 300 * 1024
"""More bytes than a context keeps as its result."""

LARGEST = 6 * 1024 * 1024
"""The most bytes of a result, quotes included; it does not fit into an invocation's response."""

_FOREVER = 600.0


def reserve(items: list[str]) -> str:
    return "+".join(items)


def ship(reservation: str) -> str:
    return f"shipped {reservation}"


def double(number: int) -> int:
    return number * 2


def token() -> str:
    return uuid.uuid4().hex


def fail() -> str:
    raise RuntimeError("always fails")


def succeed_at(attempt: int) -> str:
    """Fail in the attempts before that one."""
    if current_step().attempt < attempt:
        raise ConnectionError(f"attempt {current_step().attempt} failed")
    return f"succeeded at attempt {attempt}"


def answer(callback_id: str, text: str) -> None:
    """Complete a callback, as another program would."""
    CallbackClient().succeed(callback_id, text)


def sign_of_life(callback_id: str) -> None:
    """Send a heartbeat for a callback, as another program would."""
    CallbackClient().heartbeat(callback_id)


def hang_once(execution_arn: str, exits: bool) -> str:
    """Never return, or end the process, unless an invocation has ended before this one."""
    if not _was_invoked_before(execution_arn):
        if exits:
            os._exit(1)
        time.sleep(_FOREVER)
    return "done"


def hang_in_first_attempt(exits: bool) -> str:
    """Never return, or end the process, in the first attempt."""
    if current_step().attempt == 1:
        if exits:
            os._exit(1)
        time.sleep(_FOREVER)
    return f"done at attempt {current_step().attempt}"


def _was_invoked_before(execution_arn: str) -> bool:
    """Ask the service, which alone outlives this process."""
    history = boto3.client("lambda").get_durable_execution_history(
        DurableExecutionArn=execution_arn, IncludeExecutionData=False
    )
    return any(event["EventType"] == "InvocationCompleted" for event in history["Events"])
