"""Callbacks that are created, given away and awaited later."""

from typing import Any

import bodies
from serializers import Number

from lambda_durable import AsyncDurableContext, durable_execution
from lambda_durable_callbacks import CallbackFailedError, CallbackTimeoutError


@durable_execution
async def awaits(event: str, ctx: AsyncDurableContext) -> Any:
    return await (await ctx.create_callback(event)).result()


@durable_execution
async def awaits_approval(event: None, ctx: AsyncDurableContext) -> Any:
    return await (await ctx.create_callback("approval")).result()


@durable_execution
async def expects_a_heartbeat(event: str, ctx: AsyncDurableContext) -> Any:
    return await (await ctx.create_callback(event, heartbeat_timeout=5)).result()


@durable_execution
async def expects_heartbeats(event: str, ctx: AsyncDurableContext) -> Any:
    return await (await ctx.create_callback(event, heartbeat_timeout=10)).result()


@durable_execution
async def steps_before_it_awaits(event: str, ctx: AsyncDurableContext) -> Any:
    callback = await ctx.create_callback(event)
    await ctx.step(bodies.compute)
    return await callback.result()


@durable_execution
async def steps_before_it_times_out(event: str, ctx: AsyncDurableContext) -> Any:
    callback = await ctx.create_callback(event, timeout=5)
    await ctx.step(bodies.compute)
    return await callback.result()


@durable_execution
async def waits_before_it_awaits(event: str, ctx: AsyncDurableContext) -> Any:
    callback = await ctx.create_callback(event)
    await ctx.wait(5)
    return await callback.result()


@durable_execution
async def waits_while_it_times_out(event: str, ctx: AsyncDurableContext) -> Any:
    callback = await ctx.create_callback(event, timeout=3)
    await ctx.wait(6)
    return await callback.result()


@durable_execution
async def survives_a_failure(event: str, ctx: AsyncDurableContext) -> str:
    message = "no error"
    try:
        await (await ctx.create_callback(event)).result()
    except CallbackFailedError as error:
        message = str(error)
    await ctx.wait(2)
    return message


@durable_execution
async def survives_a_timeout(event: str, ctx: AsyncDurableContext) -> str:
    message = "no error"
    try:
        await (await ctx.create_callback(event, timeout=3)).result()
    except CallbackTimeoutError as error:
        message = str(error)
    await ctx.wait(2)
    return message


@durable_execution
async def reads_a_number(event: str, ctx: AsyncDurableContext) -> dict[str, int]:
    count: int = await (await ctx.create_callback(event, serializer=Number())).result()
    return {"count": count, "doubled": 2 * count}


@durable_execution
async def awaits_one_after_the_other(event: list[str], ctx: AsyncDurableContext) -> list[Any]:
    first = await (await ctx.create_callback(event[0])).result()
    second = await (await ctx.create_callback(event[1])).result()
    return [first, second]


@durable_execution
async def awaits_the_second_first(event: list[str], ctx: AsyncDurableContext) -> list[Any]:
    first = await ctx.create_callback(event[0])
    second = await ctx.create_callback(event[1])
    later = await second.result()
    return [await first.result(), later]
