"""An AI agent that answers a customer: it asks a model, uses tools, and asks again.

Each call of the model is a step: it is paid for once, and after a crash the agent goes on with the
same words. What costs the shop much is decided by a person, for whom it waits without compute.
"""

from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any, TypedDict

import model
import shop

from lambda_durable import AsyncDurableContext, durable_execution
from lambda_durable_callbacks import CallbackError
from lambda_durable_concurrency import all_completed

TURNS = 8
FREE_HAND_CENTS = 10_000
LOOK_UPS: dict[str, Callable[[str], Coroutine[Any, Any, str]]] = {
    "find_order": shop.find_order,
    "find_parcel": shop.find_parcel,
}


class Question(TypedDict):
    """What a customer wrote."""

    text: str


class Answer(TypedDict):
    """What the customer is told, and how often the model was asked."""

    text: str
    turns: int


@durable_execution
async def handler(question: Question, ctx: AsyncDurableContext) -> Answer:
    """Answer a customer, with the help of tools."""
    messages: list[model.Message] = [{"role": "user", "text": question["text"]}]
    for turn in range(1, TURNS + 1):
        reply = await ctx.step(model.complete, messages, name=f"ask {turn}", retry="transient")
        if not reply["calls"]:
            return {"text": reply["text"], "turns": turn}
        messages.append({"role": "assistant", "text": reply["text"]})
        used = await ctx.map(
            reply["calls"],
            use,
            name=f"use tools {turn}",
            item_namer=lambda call, index: call["tool"],
            completion=all_completed(),
        )
        for item in used.items:
            text = item.result if item.error is None else f"failed: {item.error}"
            messages.append({"role": "tool", "text": str(text)})
    return {"text": "A colleague will write to you.", "turns": TURNS}


async def use(ctx: AsyncDurableContext, call: model.ToolCall) -> str:
    """Use a tool. The calls of one turn run side by side; one that fails is told to the model."""
    order = call["arguments"]["order"]
    if call["tool"] == "refund":
        return await refund(ctx, order)
    look_up = LOOK_UPS[call["tool"]]
    return await ctx.step(look_up, order, name=call["tool"], retry="transient")


async def refund(ctx: AsyncDurableContext, order: str) -> str:
    """Pay an order back; above a sum a clerk has to agree within a day."""
    if shop.PRICES[order] > FREE_HAND_CENTS:
        try:
            agreed = await ctx.wait_for_callback(
                shop.ask_clerk, order, name="clerk", timeout=timedelta(days=1), result_type=bool
            )
        except CallbackError:
            agreed = False
        if not agreed:
            return "no refund without a clerk"
    return await ctx.step(shop.refund, order)
