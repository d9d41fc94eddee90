"""Handlers of ours that answer functions of other SDKs and ask them, as `async def`."""

from datetime import timedelta
from typing import Any

from lambda_durable import AsyncDurableContext, durable_execution
from lambda_durable.errors import InvokeError


@durable_execution
async def answer(event: dict[str, str], ctx: AsyncDurableContext) -> dict[str, str]:
    if event["text"] == "bad":
        raise ValueError("no bad words")
    upper = await ctx.step(event["text"].upper, name="upper")
    await ctx.wait(timedelta(minutes=1), name="think")
    return {"upper": upper, "by": "awaited"}


@durable_execution
async def ask(event: dict[str, str], ctx: AsyncDurableContext) -> Any:
    try:
        return await ctx.invoke(event["function"], {"text": event["text"]}, name="ask")
    except InvokeError as error:
        return {"failed": str(error)}
