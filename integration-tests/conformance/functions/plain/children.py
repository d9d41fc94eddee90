"""Child contexts: their results, failures, payloads and replay."""

import bodies
from serializers import Capitals

from lambda_durable import ChildContextError, DurableContext, durable_execution
from lambda_durable_retry import fixed


def step_inside(child: DurableContext, value: str) -> str:
    return child.step(bodies.echo, value)


def failing_step_inside(child: DurableContext) -> str:
    return child.step(bodies.fail, retry="none")


@durable_execution
def steps_inside(event: str, ctx: DurableContext) -> str:
    return ctx.run_in_child_context(step_inside, event)


@durable_execution
def named_by_event(event: dict[str, str], ctx: DurableContext) -> str:
    return ctx.run_in_child_context(step_inside, event["value"], name=event["name"])


@durable_execution
def fails_inside(event: None, ctx: DurableContext) -> str:
    return ctx.run_in_child_context(failing_step_inside, name="child")


@durable_execution
def recovers(event: str, ctx: DurableContext) -> str:
    try:
        return ctx.run_in_child_context(failing_step_inside, name="child")
    except ChildContextError:
        return ctx.step(bodies.echo, event, name="recovery")


@durable_execution
def retries_inside(event: str, ctx: DurableContext) -> str:
    def child(own: DurableContext) -> str:
        return own.step(bodies.succeed_at, 2, event, retry=fixed(1, attempts=2))

    return ctx.run_in_child_context(child)


@durable_execution
def gives_up_inside(event: None, ctx: DurableContext) -> str:
    def child(own: DurableContext) -> str:
        return own.step(bodies.fail, retry=fixed(1, attempts=2))

    return ctx.run_in_child_context(child)


@durable_execution
def steps_and_waits_inside(event: str, ctx: DurableContext) -> str:
    def child(own: DurableContext) -> str:
        value = own.step(bodies.echo, event)
        own.wait(1)
        return value

    return ctx.run_in_child_context(child)


@durable_execution(log_replay=True)
def returns_much(event: str, ctx: DurableContext) -> int:
    def child(own: DurableContext) -> str:
        own.logger.info("building from %s", event)
        return own.step(bodies.echo, event) * bodies.LARGE

    result = ctx.run_in_child_context(child)
    ctx.wait(1)
    return len(result)


@durable_execution
def waits_inside(event: str, ctx: DurableContext) -> str:
    def child(own: DurableContext) -> str:
        own.wait(1)
        return event

    return ctx.step(bodies.echo, ctx.run_in_child_context(child))


@durable_execution
def returns_capitals(event: str, ctx: DurableContext) -> str:
    return ctx.run_in_child_context(step_inside, event, name="child", serializer=Capitals())


@durable_execution
def returns_nothing_inside(event: None, ctx: DurableContext) -> None:
    def child(own: DurableContext) -> None:
        return None

    return ctx.run_in_child_context(child)


@durable_execution(log_replay=True)
def only_logs_inside(event: str, ctx: DurableContext) -> str:
    def child(own: DurableContext) -> str:
        own.logger.info("inside with %s", event)
        return event

    result = ctx.run_in_child_context(child)
    ctx.wait(1)
    return result
