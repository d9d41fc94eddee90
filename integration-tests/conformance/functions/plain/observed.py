"""Executions that plugins observe."""

import bodies
from observing import Changes, Dump, Faulty, Lifecycle

from lambda_durable import DurableContext, durable_execution
from lambda_durable_concurrency import NamedBranch
from lambda_durable_retry import fixed


@durable_execution(plugins=[Lifecycle()])
def observed_step(event: str, ctx: DurableContext) -> str:
    return ctx.step(bodies.greet_running, event)


@durable_execution(plugins=[Faulty("CONFPLUGIN-FAULTY")])
def observed_by_a_faulty_one(event: str, ctx: DurableContext) -> str:
    return ctx.step(bodies.greet, event)


@durable_execution(plugins=[Lifecycle("CONFPLUGIN-A"), Lifecycle("CONFPLUGIN-B")])
def observed_by_two(event: str, ctx: DurableContext) -> str:
    return ctx.step(bodies.greet, event)


@durable_execution(plugins=[Faulty("CONFPLUGIN-FAULTY"), Lifecycle("CONFPLUGIN-HEALTHY")])
def observed_by_a_faulty_and_a_healthy_one(event: str, ctx: DurableContext) -> str:
    return ctx.step(bodies.greet, event)


@durable_execution(plugins=[Lifecycle()])
def observed_failure(event: None, ctx: DurableContext) -> str:
    return ctx.step(bodies.fail, retry="none")


@durable_execution(plugins=[Changes()])
def observed_changes(event: str, ctx: DurableContext) -> str:
    return ctx.step(bodies.greet, event)


@durable_execution(plugins=[Lifecycle(only="WAIT")])
def observed_wait(event: None, ctx: DurableContext) -> str:
    ctx.wait(2)
    return "waited"


@durable_execution(plugins=[Lifecycle(only=None)])
def observed_child(event: str, ctx: DurableContext) -> str:
    def child(own: DurableContext) -> str:
        return own.step(bodies.greet, event)

    return ctx.run_in_child_context(child)


@durable_execution(plugins=[Lifecycle()])
def observed_retry(event: None, ctx: DurableContext) -> str:
    ctx.step(bodies.task_a)
    return ctx.step(bodies.succeed_at, 2, retry=fixed(1, attempts=2))


@durable_execution(plugins=[Lifecycle()])
def observed_results(event: None, ctx: DurableContext) -> str:
    ctx.step(bodies.task_a)
    return ctx.step(bodies.boom, retry="none")


@durable_execution(plugins=[Dump()])
def dumped_invocations(event: str, ctx: DurableContext) -> str:
    ctx.wait(2)
    return f"done-{event}"


@durable_execution(plugins=[Dump()])
def dumped_step(event: None, ctx: DurableContext) -> str:
    return ctx.step(bodies.task_a, name="greet")


@durable_execution(plugins=[Changes()])
def dumped_changes(event: None, ctx: DurableContext) -> str:
    return ctx.step(bodies.task_a, name="greet")


@durable_execution(plugins=[Dump(only="CONTEXT")])
def dumped_branches(event: None, ctx: DurableContext) -> list[str]:
    def steps_and_waits(own: DurableContext) -> str:
        own.step(bodies.echo, "x", name="inner")
        own.wait(2)
        return "a-done"

    def returns(own: DurableContext) -> str:
        return "b-done"

    branches = [NamedBranch("branch-a", steps_and_waits), NamedBranch("branch-b", returns)]
    return ctx.parallel(branches, name="ctx", max_concurrency=1).results
