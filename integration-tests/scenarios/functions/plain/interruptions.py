"""Invocations that end too early, and a result that is too large for their response."""

import bodies

from lambda_durable import DurableContext, durable_execution
from lambda_durable_retry import fixed


@durable_execution
def is_interrupted(event: dict[str, bool], ctx: DurableContext) -> str:
    before = ctx.step(bodies.token, name="before")
    after = ctx.step(bodies.hang_once, ctx.execution_arn, event["exits"], name="interrupted")
    return f"{before} {after}"


@durable_execution
def is_interrupted_at_most_once(event: dict[str, bool], ctx: DurableContext) -> str:
    return ctx.step(
        bodies.hang_in_first_attempt,
        event["exits"],
        name="interrupted",
        semantics="at-most-once",
        retry=fixed(1, attempts=2),
    )


@durable_execution
def overruns(event: None, ctx: DurableContext) -> str:
    before = ctx.step(bodies.token, name="before")
    after = ctx.step(bodies.hang_once, ctx.execution_arn, False, name="slow")
    return f"{before} {after}"


@durable_execution
def returns_much(event: None, ctx: DurableContext) -> str:
    letter = ctx.step(bodies.reserve, ["x"])
    return letter * (bodies.LARGEST - len('""'))
