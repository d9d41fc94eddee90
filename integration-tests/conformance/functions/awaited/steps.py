"""Steps: results, retries, crashes and replay."""

import asyncio
from typing import Any

import bodies

from lambda_durable import AsyncDurableContext, StepError, durable_execution
from lambda_durable_retry import errors, exponential, fixed


async def greet(name: str) -> str:
    await asyncio.sleep(0.01)
    return bodies.greet(name)


@durable_execution
async def greets(event: str, ctx: AsyncDurableContext) -> str:
    return await ctx.step(greet, event)


@durable_execution
async def greets_by_name(event: str, ctx: AsyncDurableContext) -> str:
    return await ctx.step(bodies.greet, event, name="custom_step_name")


@durable_execution
async def describes(event: dict[str, Any], ctx: AsyncDurableContext) -> dict[str, Any]:
    return await ctx.step(bodies.describe, event)


@durable_execution
async def returns_nothing(event: None, ctx: AsyncDurableContext) -> None:
    return await ctx.step(bodies.do_nothing)


@durable_execution
async def greets_and_logs(event: str, ctx: AsyncDurableContext) -> str:
    return await ctx.step(bodies.greet_and_log, event)


@durable_execution
async def computes_and_waits(event: None, ctx: AsyncDurableContext) -> str:
    result = await ctx.step(bodies.compute)
    await ctx.wait(2)
    return result


@durable_execution
async def fails_and_waits(event: None, ctx: AsyncDurableContext) -> str:
    message = "no error"
    try:
        await ctx.step(bodies.log_and_fail, retry="none")
    except StepError as error:
        message = str(error)
    await ctx.wait(1)
    return message


@durable_execution
async def retries_once(event: None, ctx: AsyncDurableContext) -> str:
    return await ctx.step(bodies.succeed_at, 2, retry=fixed(1, attempts=2))


@durable_execution
async def retries_by_default(event: None, ctx: AsyncDurableContext) -> str:
    return await ctx.step(bodies.succeed_at, 3)


@durable_execution
async def backs_off(event: None, ctx: AsyncDurableContext) -> str:
    slower = exponential(attempts=5, initial=2, factor=3, jitter="none")
    return await ctx.step(bodies.succeed_at, 3, retry=slower)


@durable_execution
async def gives_up_on_some(event: None, ctx: AsyncDurableContext) -> str:
    return await ctx.step(bodies.fail_for_good, retry=fixed(1, on=~errors(bodies.TransientError)))


@durable_execution
async def crashes_once(event: str, ctx: AsyncDurableContext) -> str:
    return await ctx.step(
        bodies.log_and_crash,
        event,
        name="at_most_once_flaky_step",
        semantics="at-most-once",
        retry="none",
    )


@durable_execution
async def fails(event: None, ctx: AsyncDurableContext) -> str:
    return await ctx.step(bodies.fail, retry="none")


@durable_execution
async def falls_back(event: None, ctx: AsyncDurableContext) -> str:
    try:
        return await ctx.step(bodies.fail, retry="none")
    except StepError:
        return await ctx.step(bodies.echo, "fallback_result")
