"""Waits: seconds, minutes and hours."""

from datetime import timedelta

from lambda_durable import DurableContext, durable_execution


@durable_execution
def waits(event: None, ctx: DurableContext) -> str:
    ctx.wait(2)
    return "waited"


@durable_execution
def waits_by_name(event: None, ctx: DurableContext) -> str:
    ctx.wait(2, name="custom_wait_name")
    return "waited"


@durable_execution
def waits_a_minute(event: None, ctx: DurableContext) -> str:
    ctx.wait(timedelta(minutes=1))
    return "waited"


@durable_execution
def waits_an_hour(event: None, ctx: DurableContext) -> str:
    ctx.wait(timedelta(hours=1))
    return "waited"
