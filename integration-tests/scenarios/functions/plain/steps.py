"""Steps: their results, retries and replay."""

from typing import Any

import bodies

from lambda_durable import DurableContext, durable_execution


@durable_execution
def step_wait_step(event: dict[str, Any], ctx: DurableContext) -> str:
    reservation = ctx.step(bodies.reserve, event["items"])
    ctx.wait(event["seconds"], name="warehouse")
    return ctx.step(bodies.ship, reservation)


@durable_execution
def multiple_steps(event: int, ctx: DurableContext) -> list[int]:
    return [ctx.step(bodies.double, number, name=f"double-{number}") for number in range(event)]
