"""Invocations that end too early, and a result that is too large for their response."""

import bodies

from lambda_durable import AsyncDurableContext, durable_execution
from lambda_durable_retry import fixed


@durable_execution
async def is_interrupted(event: dict[str, bool], ctx: AsyncDurableContext) -> str:
    before = await ctx.step(bodies.token, name="before")
    after = await ctx.step(bodies.hang_once, ctx.execution_arn, event["exits"], name="interrupted")
    return f"{before} {after}"


@durable_execution
async def is_interrupted_at_most_once(event: dict[str, bool], ctx: AsyncDurableContext) -> str:
    return await ctx.step(
        bodies.hang_in_first_attempt,
        event["exits"],
        name="interrupted",
        semantics="at-most-once",
        retry=fixed(1, attempts=2),
    )


@durable_execution
async def overruns(event: None, ctx: AsyncDurableContext) -> str:
    before = await ctx.step(bodies.token, name="before")
    after = await ctx.step(bodies.hang_once, ctx.execution_arn, False, name="slow")
    return f"{before} {after}"


@durable_execution
async def returns_much(event: None, ctx: AsyncDurableContext) -> str:
    letter = await ctx.step(bodies.reserve, ["x"])
    return letter * (bodies.LARGEST - len('""'))
