"""The order that the official SDK began, as ours goes on with it: `async def`."""

import os
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from lambda_durable import AsyncDurableContext, durable_execution

BY = "awaited"


def reserve() -> dict[str, Any]:
    return {"by": BY, "at": datetime(2026, 3, 1, tzinfo=UTC), "price": Decimal("1.50"), "raw": b"x"}


async def pay(child: AsyncDurableContext) -> tuple[str, int]:
    fee = await child.step(lambda: (BY, 3), name="fee")
    await child.wait(timedelta(minutes=1), name="bank")
    return fee


async def label(item: AsyncDurableContext, text: str) -> str:
    return await item.step(lambda: f"{text} by {BY}", name="print")


def quote(cents: int) -> Callable[[AsyncDurableContext], Coroutine[Any, Any, tuple[str, int]]]:
    return lambda branch: branch.step(lambda: (BY, cents), name="quote")


def submit(callback_id: str) -> None: ...


@durable_execution
async def handler(event: dict[str, Any], ctx: AsyncDurableContext) -> dict[str, Any]:
    reserved = await ctx.step(reserve)
    paid = await ctx.run_in_child_context(pay)
    labels = await ctx.map(event["items"], label)
    quotes = await ctx.parallel([quote(5), quote(7)], name="quotes")
    polled = await ctx.wait_for_condition(
        lambda state: state + 1, 0, until=lambda state: state >= 2, name="poll"
    )
    answered = await ctx.invoke(os.environ["ANSWER"], {"text": "tea"}, name="ask")
    await ctx.wait(timedelta(hours=1), name="warehouse")
    approved = await ctx.wait_for_callback(submit, name="approval", result_type=str)
    shipped = await ctx.step(lambda: f"shipped by {BY}", name="ship")
    return {
        "reserved": repr(reserved),
        "paid": repr(paid),
        "labels": labels.results,
        "quotes": [repr(each) for each in quotes.results],
        "polled": polled,
        "answered": answered,
        "approved": approved,
        "shipped": shipped,
    }
