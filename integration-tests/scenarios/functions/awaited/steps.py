"""Steps: their results, retries and replay."""

from typing import Any

import bodies

from lambda_durable import AsyncDurableContext, durable_execution


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
