"""Steps: results, retries, crashes and replay."""

from typing import Any

import bodies

from lambda_durable import DurableContext, StepError, durable_execution
from lambda_durable_retry import errors, exponential, fixed


@durable_execution
def greets(event: str, ctx: DurableContext) -> str:
    return ctx.step(bodies.greet, event)


@durable_execution
def greets_by_name(event: str, ctx: DurableContext) -> str:
    return ctx.step(bodies.greet, event, name="custom_step_name")


@durable_execution
def describes(event: dict[str, Any], ctx: DurableContext) -> dict[str, Any]:
    return ctx.step(bodies.describe, event)


@durable_execution
def returns_nothing(event: None, ctx: DurableContext) -> None:
    return ctx.step(bodies.do_nothing)


@durable_execution
def greets_and_logs(event: str, ctx: DurableContext) -> str:
    return ctx.step(bodies.greet_and_log, event)


@durable_execution
def computes_and_waits(event: None, ctx: DurableContext) -> str:
    result = ctx.step(bodies.compute)
    ctx.wait(2)
    return result


@durable_execution
def fails_and_waits(event: None, ctx: DurableContext) -> str:
    message = "no error"
    try:
        ctx.step(bodies.log_and_fail, retry="none")
    except StepError as error:
        message = str(error)
    ctx.wait(1)
    return message


@durable_execution
def retries_once(event: None, ctx: DurableContext) -> str:
    return ctx.step(bodies.succeed_at, 2, retry=fixed(1, attempts=2))


@durable_execution
def retries_by_default(event: None, ctx: DurableContext) -> str:
    return ctx.step(bodies.succeed_at, 3)


@durable_execution
def backs_off(event: None, ctx: DurableContext) -> str:
    slower = exponential(attempts=5, initial=2, factor=3, jitter="none")
    return ctx.step(bodies.succeed_at, 3, retry=slower)


@durable_execution
def gives_up_on_some(event: None, ctx: DurableContext) -> str:
    return ctx.step(bodies.fail_for_good, retry=fixed(1, on=~errors(bodies.TransientError)))


@durable_execution
def crashes_once(event: str, ctx: DurableContext) -> str:
    return ctx.step(
        bodies.log_and_crash,
        event,
        name="at_most_once_flaky_step",
        semantics="at-most-once",
        retry="none",
    )


@durable_execution
def fails(event: None, ctx: DurableContext) -> str:
    return ctx.step(bodies.fail, retry="none")


@durable_execution
def falls_back(event: None, ctx: DurableContext) -> str:
    try:
        return ctx.step(bodies.fail, retry="none")
    except StepError:
        return ctx.step(bodies.echo, "fallback_result")
