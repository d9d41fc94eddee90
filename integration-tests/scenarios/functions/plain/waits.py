"""Waits alone."""

from lambda_durable import DurableContext, durable_execution


@durable_execution
def waits(event: int, ctx: DurableContext) -> str:
    ctx.wait(event, name="pause")
    return "waited"


@durable_execution
def waits_long(event: int, ctx: DurableContext) -> str:
    ctx.wait(event, name="pause")
    return "waited long"
