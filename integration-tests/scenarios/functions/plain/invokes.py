"""Invokes of other functions, durable and plain, and the functions that are invoked."""

from typing import Any

import bodies

from lambda_durable import DurableContext, InvokeError, durable_execution


@durable_execution
def invokes(event: dict[str, Any], ctx: DurableContext) -> Any:
    return ctx.invoke(event["function"], event["payload"], name="other")


@durable_execution
def invokes_in_vain(event: str, ctx: DurableContext) -> str:
    try:
        ctx.invoke(event, name="other")
    except InvokeError as error:
        return f"failed: {error}"
    return "succeeded"


@durable_execution
def is_invoked(event: str, ctx: DurableContext) -> str:
    ctx.wait(1, name="pause")
    return ctx.step(bodies.ship, event)


def is_plain(event: str, context: Any) -> str:
    return event.upper()
