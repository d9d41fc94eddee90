"""Handlers of ours that answer functions of other SDKs and ask them, as `def`."""

from datetime import timedelta
from typing import Any

from lambda_durable import DurableContext, durable_execution
from lambda_durable.errors import InvokeError


@durable_execution
def answer(event: dict[str, str], ctx: DurableContext) -> dict[str, str]:
    if event["text"] == "bad":
        raise ValueError("no bad words")
    upper = ctx.step(event["text"].upper, name="upper")
    ctx.wait(timedelta(minutes=1), name="think")
    return {"upper": upper, "by": "plain"}


@durable_execution
def ask(event: dict[str, str], ctx: DurableContext) -> Any:
    try:
        return ctx.invoke(event["function"], {"text": event["text"]}, name="ask")
    except InvokeError as error:
        return {"failed": str(error)}
