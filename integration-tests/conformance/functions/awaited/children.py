"""Child contexts: their results, failures, payloads and replay."""

import bodies
from serializers import Capitals

from lambda_durable import AsyncDurableContext, ChildContextError, durable_execution
from lambda_durable_retry import fixed


async def step_inside(child: AsyncDurableContext, value: str) -> str:
    return await child.step(bodies.echo, value)


async def failing_step_inside(child: AsyncDurableContext) -> str:
    return await child.step(bodies.fail, retry="none")


@durable_execution
async def steps_inside(event: str, ctx: AsyncDurableContext) -> str:
    return await ctx.run_in_child_context(step_inside, event)


@durable_execution
async def named_by_event(event: dict[str, str], ctx: AsyncDurableContext) -> str:
    return await ctx.run_in_child_context(step_inside, event["value"], name=event["name"])


@durable_execution
async def fails_inside(event: None, ctx: AsyncDurableContext) -> str:
    return await ctx.run_in_child_context(failing_step_inside, name="child")


@durable_execution
async def recovers(event: str, ctx: AsyncDurableContext) -> str:
    try:
        return await ctx.run_in_child_context(failing_step_inside, name="child")
    except ChildContextError:
        return await ctx.step(bodies.echo, event, name="recovery")


@durable_execution
async def retries_inside(event: str, ctx: AsyncDurableContext) -> str:
    async def child(own: AsyncDurableContext) -> str:
        return await own.step(bodies.succeed_at, 2, event, retry=fixed(1, attempts=2))

    return await ctx.run_in_child_context(child)


@durable_execution
async def gives_up_inside(event: None, ctx: AsyncDurableContext) -> str:
    async def child(own: AsyncDurableContext) -> str:
        return await own.step(bodies.fail, retry=fixed(1, attempts=2))

    return await ctx.run_in_child_context(child)


@durable_execution
async def steps_and_waits_inside(event: str, ctx: AsyncDurableContext) -> str:
    async def child(own: AsyncDurableContext) -> str:
        value = await own.step(bodies.echo, event)
        await own.wait(1)
        return value

    return await ctx.run_in_child_context(child)


@durable_execution(log_replay=True)
async def returns_much(event: str, ctx: AsyncDurableContext) -> int:
    async def child(own: AsyncDurableContext) -> str:
        own.logger.info("building from %s", event)
        return await own.step(bodies.echo, event) * bodies.LARGE

    result = await ctx.run_in_child_context(child)
    await ctx.wait(1)
    return len(result)


@durable_execution
async def waits_inside(event: str, ctx: AsyncDurableContext) -> str:
    async def child(own: AsyncDurableContext) -> str:
        await own.wait(1)
        return event

    return await ctx.step(bodies.echo, await ctx.run_in_child_context(child))


@durable_execution
async def returns_capitals(event: str, ctx: AsyncDurableContext) -> str:
    return await ctx.run_in_child_context(step_inside, event, name="child", serializer=Capitals())


@durable_execution
async def returns_nothing_inside(event: None, ctx: AsyncDurableContext) -> None:
    async def child(own: AsyncDurableContext) -> None:
        return None

    return await ctx.run_in_child_context(child)


@durable_execution(log_replay=True)
async def only_logs_inside(event: str, ctx: AsyncDurableContext) -> str:
    async def child(own: AsyncDurableContext) -> str:
        own.logger.info("inside with %s", event)
        return event

    result = await ctx.run_in_child_context(child)
    await ctx.wait(1)
    return result
