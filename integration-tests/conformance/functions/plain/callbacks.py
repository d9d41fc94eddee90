"""Callbacks that are created, given away and awaited later."""

from typing import Any

import bodies
from serializers import Number

from lambda_durable import DurableContext, durable_execution
from lambda_durable_callbacks import CallbackFailedError, CallbackTimeoutError


@durable_execution
def awaits(event: str, ctx: DurableContext) -> Any:
    return ctx.create_callback(event).result()


@durable_execution
def awaits_approval(event: None, ctx: DurableContext) -> Any:
    return ctx.create_callback("approval").result()


@durable_execution
def expects_a_heartbeat(event: str, ctx: DurableContext) -> Any:
    return ctx.create_callback(event, heartbeat_timeout=5).result()


@durable_execution
def expects_heartbeats(event: str, ctx: DurableContext) -> Any:
    return ctx.create_callback(event, heartbeat_timeout=10).result()


@durable_execution
def steps_before_it_awaits(event: str, ctx: DurableContext) -> Any:
    callback = ctx.create_callback(event)
    ctx.step(bodies.compute)
    return callback.result()


@durable_execution
def steps_before_it_times_out(event: str, ctx: DurableContext) -> Any:
    callback = ctx.create_callback(event, timeout=5)
    ctx.step(bodies.compute)
    return callback.result()


@durable_execution
def waits_before_it_awaits(event: str, ctx: DurableContext) -> Any:
    callback = ctx.create_callback(event)
    ctx.wait(5)
    return callback.result()


@durable_execution
def waits_while_it_times_out(event: str, ctx: DurableContext) -> Any:
    callback = ctx.create_callback(event, timeout=3)
    ctx.wait(6)
    return callback.result()


@durable_execution
def survives_a_failure(event: str, ctx: DurableContext) -> str:
    message = "no error"
    try:
        ctx.create_callback(event).result()
    except CallbackFailedError as error:
        message = str(error)
    ctx.wait(2)
    return message


@durable_execution
def survives_a_timeout(event: str, ctx: DurableContext) -> str:
    message = "no error"
    try:
        ctx.create_callback(event, timeout=3).result()
    except CallbackTimeoutError as error:
        message = str(error)
    ctx.wait(2)
    return message


@durable_execution
def reads_a_number(event: str, ctx: DurableContext) -> dict[str, int]:
    count: int = ctx.create_callback(event, serializer=Number()).result()
    return {"count": count, "doubled": 2 * count}


@durable_execution
def awaits_one_after_the_other(event: list[str], ctx: DurableContext) -> list[Any]:
    first = ctx.create_callback(event[0]).result()
    second = ctx.create_callback(event[1]).result()
    return [first, second]


@durable_execution
def awaits_the_second_first(event: list[str], ctx: DurableContext) -> list[Any]:
    first = ctx.create_callback(event[0])
    second = ctx.create_callback(event[1])
    later = second.result()
    return [first.result(), later]
