"""Callbacks: their results, failures, time-outs and heartbeats."""

from typing import Any

import bodies

from lambda_durable import AsyncDurableContext, durable_execution
from lambda_durable_callbacks import CallbackHeartbeatError, CallbackTimeoutError


@durable_execution
async def awaits(event: None, ctx: AsyncDurableContext) -> Any:
    callback = await ctx.create_callback("approval")
    return await callback.result()


@durable_execution
async def submits(event: str, ctx: AsyncDurableContext) -> Any:
    return await ctx.wait_for_callback(bodies.answer, event, name="approval")


@durable_execution
async def awaits_in_vain(event: int, ctx: AsyncDurableContext) -> str:
    try:
        callback = await ctx.create_callback("approval", timeout=event)
        await callback.result()
    except CallbackTimeoutError:
        return "too late"
    return "in time"


@durable_execution
async def expects_heartbeats(event: dict[str, int], ctx: AsyncDurableContext) -> Any:
    callback = await ctx.create_callback("work", heartbeat_timeout=event["timeout"])
    for number in range(3):
        await ctx.wait(event["interval"], name=f"pause-{number}")
        await ctx.step(bodies.sign_of_life, callback.callback_id, name=f"beat-{number}")
    await ctx.step(bodies.answer, callback.callback_id, "alive")
    return await callback.result()


@durable_execution
async def misses_heartbeats(event: int, ctx: AsyncDurableContext) -> str:
    try:
        callback = await ctx.create_callback("work", heartbeat_timeout=event)
        await callback.result()
    except CallbackHeartbeatError:
        return "silent"
    return "alive"
