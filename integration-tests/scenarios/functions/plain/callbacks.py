"""Callbacks: their results, failures, time-outs and heartbeats."""

from typing import Any

import bodies

from lambda_durable import DurableContext, durable_execution
from lambda_durable_callbacks import CallbackHeartbeatError, CallbackTimeoutError


@durable_execution
def awaits(event: None, ctx: DurableContext) -> Any:
    return ctx.create_callback("approval").result()


@durable_execution
def submits(event: str, ctx: DurableContext) -> Any:
    return ctx.wait_for_callback(bodies.answer, event, name="approval")


@durable_execution
def awaits_in_vain(event: int, ctx: DurableContext) -> str:
    try:
        ctx.create_callback("approval", timeout=event).result()
    except CallbackTimeoutError:
        return "too late"
    return "in time"


@durable_execution
def expects_heartbeats(event: dict[str, int], ctx: DurableContext) -> Any:
    callback = ctx.create_callback("work", heartbeat_timeout=event["timeout"])
    for number in range(3):
        ctx.wait(event["interval"], name=f"pause-{number}")
        ctx.step(bodies.sign_of_life, callback.callback_id, name=f"beat-{number}")
    ctx.step(bodies.answer, callback.callback_id, "alive")
    return callback.result()


@durable_execution
def misses_heartbeats(event: int, ctx: DurableContext) -> str:
    try:
        ctx.create_callback("work", heartbeat_timeout=event).result()
    except CallbackHeartbeatError:
        return "silent"
    return "alive"
