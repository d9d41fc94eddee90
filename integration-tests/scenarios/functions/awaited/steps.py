"""Steps: their results, retries and replay."""

from typing import Any

import bodies

from lambda_durable import AsyncDurableContext, durable_execution
from lambda_durable_retry import fixed


@durable_execution
async def step_wait_step(event: dict[str, Any], ctx: AsyncDurableContext) -> str:
    reservation = await ctx.step(bodies.reserve, event["items"])
    await ctx.wait(event["seconds"], name="warehouse")
    return await ctx.step(bodies.ship, reservation)


@durable_execution
async def multiple_steps(event: int, ctx: AsyncDurableContext) -> list[int]:
    return [
        await ctx.step(bodies.double, number, name=f"double-{number}") for number in range(event)
    ]


@durable_execution
async def replays(event: None, ctx: AsyncDurableContext) -> list[str]:
    first = await ctx.step(bodies.token, name="first")
    await ctx.wait(1, name="one")
    second = await ctx.step(bodies.token, name="second")
    await ctx.wait(1, name="two")
    return [first, second, await ctx.step(bodies.token, name="third")]


@durable_execution
async def changes(event: None, ctx: AsyncDurableContext) -> None:
    await ctx.step(bodies.token, name=f"step-{bodies.token()}")  # another name in each invocation
    await ctx.wait(1, name="pause")


@durable_execution
async def fails(event: None, ctx: AsyncDurableContext) -> str:
    return await ctx.step(bodies.fail, retry="none")


@durable_execution
async def retries(event: int, ctx: AsyncDurableContext) -> str:
    return await ctx.step(bodies.succeed_at, 3, retry=fixed(event, attempts=3))


@durable_execution
async def gives_up(event: int, ctx: AsyncDurableContext) -> str:
    return await ctx.step(bodies.fail, retry=fixed(event, attempts=3))
