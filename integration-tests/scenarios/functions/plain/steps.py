"""Steps: their results, retries and replay."""

from typing import Any

import bodies

from lambda_durable import DurableContext, durable_execution
from lambda_durable_retry import fixed


@durable_execution
def step_wait_step(event: dict[str, Any], ctx: DurableContext) -> str:
    reservation = ctx.step(bodies.reserve, event["items"])
    ctx.wait(event["seconds"], name="warehouse")
    return ctx.step(bodies.ship, reservation)


@durable_execution
def multiple_steps(event: int, ctx: DurableContext) -> list[int]:
    return [ctx.step(bodies.double, number, name=f"double-{number}") for number in range(event)]


@durable_execution
def replays(event: None, ctx: DurableContext) -> list[str]:
    first = ctx.step(bodies.token, name="first")
    ctx.wait(1, name="one")
    second = ctx.step(bodies.token, name="second")
    ctx.wait(1, name="two")
    return [first, second, ctx.step(bodies.token, name="third")]


@durable_execution
def changes(event: None, ctx: DurableContext) -> None:
    ctx.step(bodies.token, name=f"step-{bodies.token()}")  # another name in each invocation
    ctx.wait(1, name="pause")


@durable_execution
def fails(event: None, ctx: DurableContext) -> str:
    return ctx.step(bodies.fail, retry="none")


@durable_execution
def retries(event: int, ctx: DurableContext) -> str:
    return ctx.step(bodies.succeed_at, 3, retry=fixed(event, attempts=3))


@durable_execution
def gives_up(event: int, ctx: DurableContext) -> str:
    return ctx.step(bodies.fail, retry=fixed(event, attempts=3))
