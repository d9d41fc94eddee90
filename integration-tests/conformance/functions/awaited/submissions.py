"""Callbacks whose id a submitter gives away: wait_for_callback."""

from typing import Any

import bodies

from lambda_durable import AsyncDurableContext, durable_execution
from lambda_durable_callbacks import CallbackTimeoutError
from lambda_durable_retry import fixed


@durable_execution
async def asks(event: str, ctx: AsyncDurableContext) -> Any:
    return await ctx.wait_for_callback(bodies.ask, name=event)


@durable_execution
async def asks_for_approval(event: None, ctx: AsyncDurableContext) -> Any:
    return await ctx.wait_for_callback(bodies.ask, name="approval")


@durable_execution
async def asks_for_three_seconds(event: str, ctx: AsyncDurableContext) -> Any:
    return await ctx.wait_for_callback(bodies.ask, name=event, timeout=3)


@durable_execution
async def asks_in_vain(event: str, ctx: AsyncDurableContext) -> Any:
    twice = fixed(1, attempts=2)
    return await ctx.wait_for_callback(bodies.ask_in_vain, name=event, retry=twice)


@durable_execution
async def asks_inside(event: str, ctx: AsyncDurableContext) -> Any:
    async def child(own: AsyncDurableContext) -> Any:
        return await own.wait_for_callback(bodies.ask, name=event)

    return await ctx.run_in_child_context(child, name="wrapper")


@durable_execution
async def waits_steps_and_asks(event: str, ctx: AsyncDurableContext) -> Any:
    await ctx.wait(1)
    await ctx.step(bodies.compute)
    return await ctx.wait_for_callback(bodies.ask, name=event)


@durable_execution
async def asks_for_a_status(event: str, ctx: AsyncDurableContext) -> str:
    answer: dict[str, str] = await ctx.wait_for_callback(bodies.ask, name=event, serializer="json")
    return answer["status"]


@durable_execution
async def asks_with_heartbeats(event: str, ctx: AsyncDurableContext) -> Any:
    return await ctx.wait_for_callback(bodies.ask, name=event, heartbeat_timeout=10)


@durable_execution
async def asks_and_goes_on(event: str, ctx: AsyncDurableContext) -> Any:
    try:
        return await ctx.wait_for_callback(bodies.ask, name=event, timeout=3)
    except CallbackTimeoutError:
        return "timed-out-handled"
