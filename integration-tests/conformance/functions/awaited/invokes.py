"""Invokes of other functions, and the functions that are invoked."""

import os
from typing import Any

import bodies
from serializers import AnswerInCapitals

from lambda_durable import AsyncDurableContext, InvokeError, durable_execution

ECHO = os.environ["ECHO"]
FAILING = os.environ["FAILING"]


@durable_execution
async def echoes(event: Any, ctx: AsyncDurableContext) -> Any:
    await ctx.wait(1)
    return event


@durable_execution
async def fails_later(event: Any, ctx: AsyncDurableContext) -> None:
    await ctx.wait(1)
    raise RuntimeError("the target fails")


@durable_execution
async def invokes(event: Any, ctx: AsyncDurableContext) -> Any:
    return await ctx.invoke(ECHO, event)


@durable_execution
async def invokes_by_name(event: dict[str, str], ctx: AsyncDurableContext) -> Any:
    return await ctx.invoke(ECHO, event["payload"], name=event["name"])


@durable_execution
async def invokes_with_nothing(event: None, ctx: AsyncDurableContext) -> Any:
    return await ctx.invoke(ECHO, None)


@durable_execution
async def invokes_in_vain(event: None, ctx: AsyncDurableContext) -> Any:
    return await ctx.invoke(FAILING)


@durable_execution
async def invokes_with_much(event: None, ctx: AsyncDurableContext) -> int:
    return len(await ctx.invoke(ECHO, "x" * 900_000))


@durable_execution
async def invokes_for_a_tenant(event: dict[str, str], ctx: AsyncDurableContext) -> Any:
    return await ctx.invoke(ECHO, event["payload"], tenant_id=event["tenantId"])


@durable_execution
async def survives_a_failed_invoke(event: None, ctx: AsyncDurableContext) -> str:
    message = "no error"
    try:
        await ctx.invoke(FAILING)
    except InvokeError as error:
        message = str(error)
    await ctx.wait(1)
    return message


@durable_execution
async def steps_and_invokes(event: None, ctx: AsyncDurableContext) -> Any:
    return await ctx.invoke(ECHO, await ctx.step(bodies.compute))


@durable_execution
async def invokes_inside(event: None, ctx: AsyncDurableContext) -> Any:
    async def child(own: AsyncDurableContext) -> Any:
        return await own.invoke(ECHO, "from a child")

    return await ctx.run_in_child_context(child)


@durable_execution
async def invokes_twice(event: None, ctx: AsyncDurableContext) -> list[Any]:
    return [await ctx.invoke(ECHO, "first"), await ctx.invoke(ECHO, "second")]


@durable_execution
async def invokes_for_capitals(event: str, ctx: AsyncDurableContext) -> Any:
    return await ctx.invoke(ECHO, event, serializer=AnswerInCapitals())
