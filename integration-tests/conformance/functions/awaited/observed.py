"""Executions that plugins observe."""

import bodies
from observing import Changes, Dump, Faulty, Lifecycle

from lambda_durable import AsyncDurableContext, durable_execution
from lambda_durable_concurrency import NamedBranch
from lambda_durable_retry import fixed


@durable_execution(plugins=[Lifecycle()])
async def observed_step(event: str, ctx: AsyncDurableContext) -> str:
    return await ctx.step(bodies.greet_running, event)


@durable_execution(plugins=[Faulty("CONFPLUGIN-FAULTY")])
async def observed_by_a_faulty_one(event: str, ctx: AsyncDurableContext) -> str:
    return await ctx.step(bodies.greet, event)


@durable_execution(plugins=[Lifecycle("CONFPLUGIN-A"), Lifecycle("CONFPLUGIN-B")])
async def observed_by_two(event: str, ctx: AsyncDurableContext) -> str:
    return await ctx.step(bodies.greet, event)


@durable_execution(plugins=[Faulty("CONFPLUGIN-FAULTY"), Lifecycle("CONFPLUGIN-HEALTHY")])
async def observed_by_a_faulty_and_a_healthy_one(event: str, ctx: AsyncDurableContext) -> str:
    return await ctx.step(bodies.greet, event)


@durable_execution(plugins=[Lifecycle()])
async def observed_failure(event: None, ctx: AsyncDurableContext) -> str:
    return await ctx.step(bodies.fail, retry="none")


@durable_execution(plugins=[Changes()])
async def observed_changes(event: str, ctx: AsyncDurableContext) -> str:
    return await ctx.step(bodies.greet, event)


@durable_execution(plugins=[Lifecycle(only="WAIT")])
async def observed_wait(event: None, ctx: AsyncDurableContext) -> str:
    await ctx.wait(2)
    return "waited"


@durable_execution(plugins=[Lifecycle(only=None)])
async def observed_child(event: str, ctx: AsyncDurableContext) -> str:
    async def child(own: AsyncDurableContext) -> str:
        return await own.step(bodies.greet, event)

    return await ctx.run_in_child_context(child)


@durable_execution(plugins=[Lifecycle()])
async def observed_retry(event: None, ctx: AsyncDurableContext) -> str:
    await ctx.step(bodies.task_a)
    return await ctx.step(bodies.succeed_at, 2, retry=fixed(1, attempts=2))


@durable_execution(plugins=[Lifecycle()])
async def observed_results(event: None, ctx: AsyncDurableContext) -> str:
    await ctx.step(bodies.task_a)
    return await ctx.step(bodies.boom, retry="none")


@durable_execution(plugins=[Dump()])
async def dumped_invocations(event: str, ctx: AsyncDurableContext) -> str:
    await ctx.wait(2)
    return f"done-{event}"


@durable_execution(plugins=[Dump()])
async def dumped_step(event: None, ctx: AsyncDurableContext) -> str:
    return await ctx.step(bodies.task_a, name="greet")


@durable_execution(plugins=[Changes()])
async def dumped_changes(event: None, ctx: AsyncDurableContext) -> str:
    return await ctx.step(bodies.task_a, name="greet")


@durable_execution(plugins=[Dump(only="CONTEXT")])
async def dumped_branches(event: None, ctx: AsyncDurableContext) -> list[str]:
    async def steps_and_waits(own: AsyncDurableContext) -> str:
        await own.step(bodies.echo, "x", name="inner")
        await own.wait(2)
        return "a-done"

    async def returns(own: AsyncDurableContext) -> str:
        return "b-done"

    branches = [NamedBranch("branch-a", steps_and_waits), NamedBranch("branch-b", returns)]
    return (await ctx.parallel(branches, name="ctx", max_concurrency=1)).results
