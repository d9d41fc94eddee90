"""Callbacks whose id a submitter gives away: wait_for_callback."""

from typing import Any

import bodies

from lambda_durable import DurableContext, durable_execution
from lambda_durable_callbacks import CallbackTimeoutError
from lambda_durable_retry import fixed


@durable_execution
def asks(event: str, ctx: DurableContext) -> Any:
    return ctx.wait_for_callback(bodies.ask, name=event)


@durable_execution
def asks_for_approval(event: None, ctx: DurableContext) -> Any:
    return ctx.wait_for_callback(bodies.ask, name="approval")


@durable_execution
def asks_for_three_seconds(event: str, ctx: DurableContext) -> Any:
    return ctx.wait_for_callback(bodies.ask, name=event, timeout=3)


@durable_execution
def asks_in_vain(event: str, ctx: DurableContext) -> Any:
    twice = fixed(1, attempts=2)
    return ctx.wait_for_callback(bodies.ask_in_vain, name=event, retry=twice)


@durable_execution
def asks_inside(event: str, ctx: DurableContext) -> Any:
    def child(own: DurableContext) -> Any:
        return own.wait_for_callback(bodies.ask, name=event)

    return ctx.run_in_child_context(child, name="wrapper")


@durable_execution
def waits_steps_and_asks(event: str, ctx: DurableContext) -> Any:
    ctx.wait(1)
    ctx.step(bodies.compute)
    return ctx.wait_for_callback(bodies.ask, name=event)


@durable_execution
def asks_for_a_status(event: str, ctx: DurableContext) -> str:
    answer: dict[str, str] = ctx.wait_for_callback(bodies.ask, name=event, serializer="json")
    return answer["status"]


@durable_execution
def asks_with_heartbeats(event: str, ctx: DurableContext) -> Any:
    return ctx.wait_for_callback(bodies.ask, name=event, heartbeat_timeout=10)


@durable_execution
def asks_and_goes_on(event: str, ctx: DurableContext) -> Any:
    try:
        return ctx.wait_for_callback(bodies.ask, name=event, timeout=3)
    except CallbackTimeoutError:
        return "timed-out-handled"
