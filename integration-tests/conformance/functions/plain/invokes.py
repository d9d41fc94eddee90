"""Invokes of other functions, and the functions that are invoked."""

import os
from typing import Any

import bodies
from serializers import AnswerInCapitals

from lambda_durable import DurableContext, InvokeError, durable_execution

ECHO = os.environ["ECHO"]
FAILING = os.environ["FAILING"]


@durable_execution
def echoes(event: Any, ctx: DurableContext) -> Any:
    ctx.wait(1)
    return event


@durable_execution
def fails_later(event: Any, ctx: DurableContext) -> None:
    ctx.wait(1)
    raise RuntimeError("the target fails")


@durable_execution
def invokes(event: Any, ctx: DurableContext) -> Any:
    return ctx.invoke(ECHO, event)


@durable_execution
def invokes_by_name(event: dict[str, str], ctx: DurableContext) -> Any:
    return ctx.invoke(ECHO, event["payload"], name=event["name"])


@durable_execution
def invokes_with_nothing(event: None, ctx: DurableContext) -> Any:
    return ctx.invoke(ECHO, None)


@durable_execution
def invokes_in_vain(event: None, ctx: DurableContext) -> Any:
    return ctx.invoke(FAILING)


@durable_execution
def invokes_with_much(event: None, ctx: DurableContext) -> int:
    return len(ctx.invoke(ECHO, "x" * 900_000))


@durable_execution
def invokes_for_a_tenant(event: dict[str, str], ctx: DurableContext) -> Any:
    return ctx.invoke(ECHO, event["payload"], tenant_id=event["tenantId"])


@durable_execution
def survives_a_failed_invoke(event: None, ctx: DurableContext) -> str:
    message = "no error"
    try:
        ctx.invoke(FAILING)
    except InvokeError as error:
        message = str(error)
    ctx.wait(1)
    return message


@durable_execution
def steps_and_invokes(event: None, ctx: DurableContext) -> Any:
    return ctx.invoke(ECHO, ctx.step(bodies.compute))


@durable_execution
def invokes_inside(event: None, ctx: DurableContext) -> Any:
    def child(own: DurableContext) -> Any:
        return own.invoke(ECHO, "from a child")

    return ctx.run_in_child_context(child)


@durable_execution
def invokes_twice(event: None, ctx: DurableContext) -> list[Any]:
    return [ctx.invoke(ECHO, "first"), ctx.invoke(ECHO, "second")]


@durable_execution
def invokes_for_capitals(event: str, ctx: DurableContext) -> Any:
    return ctx.invoke(ECHO, event, serializer=AnswerInCapitals())
