"""The order that the official SDK began, as ours goes on with it: `def`."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from lambda_durable import DurableContext, durable_execution

BY = "plain"


def reserve() -> dict[str, Any]:
    return {"by": BY, "at": datetime(2026, 3, 1, tzinfo=UTC), "price": Decimal("1.50"), "raw": b"x"}


def pay(child: DurableContext) -> tuple[str, int]:
    fee = child.step(lambda: (BY, 3), name="fee")
    child.wait(timedelta(minutes=1), name="bank")
    return fee


def label(item: DurableContext, text: str) -> str:
    return item.step(lambda: f"{text} by {BY}", name="print")


def quote(cents: int) -> Callable[[DurableContext], tuple[str, int]]:
    return lambda branch: branch.step(lambda: (BY, cents), name="quote")


def submit(callback_id: str) -> None: ...


@durable_execution
def handler(event: dict[str, Any], ctx: DurableContext) -> dict[str, Any]:
    reserved = ctx.step(reserve)
    paid = ctx.run_in_child_context(pay)
    labels = ctx.map(event["items"], label)
    quotes = ctx.parallel([quote(5), quote(7)], name="quotes")
    polled = ctx.wait_for_condition(
        lambda state: state + 1, 0, until=lambda state: state >= 2, name="poll"
    )
    answered = ctx.invoke(os.environ["ANSWER"], {"text": "tea"}, name="ask")
    ctx.wait(timedelta(hours=1), name="warehouse")
    approved = ctx.wait_for_callback(submit, name="approval", result_type=str)
    shipped = ctx.step(lambda: f"shipped by {BY}", name="ship")
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
