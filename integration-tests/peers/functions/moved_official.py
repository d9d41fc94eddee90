"""An order as the official SDK begins it; `moved_plain` and `moved_awaited` go on with it."""

import os
from datetime import UTC, datetime
from decimal import Decimal

from aws_durable_execution_sdk_python import durable_execution
from aws_durable_execution_sdk_python.config import Duration
from aws_durable_execution_sdk_python.waits import WaitForConditionConfig, WaitForConditionDecision

BY = "official"


def reserve(_):
    return {"by": BY, "at": datetime(2026, 3, 1, tzinfo=UTC), "price": Decimal("1.50"), "raw": b"x"}


def pay(child):
    fee = child.step(lambda _: (BY, 3), name="fee")
    child.wait(Duration.from_minutes(1), name="bank")
    return fee


def label(item, text, index, items):
    return item.step(lambda _: f"{text} by {BY}", name="print")


def quote(cents):
    return lambda branch: branch.step(lambda _: (BY, cents), name="quote")


def enough(state, attempt):
    if state >= 2:
        return WaitForConditionDecision.stop_polling()
    return WaitForConditionDecision.continue_waiting(Duration.from_seconds(30))


@durable_execution
def handler(event, context):
    reserved = context.step(reserve, name="reserve")
    paid = context.run_in_child_context(pay, name="pay")
    labels = context.map(event["items"], label, "label")
    quotes = context.parallel([quote(5), quote(7)], "quotes")
    polls = WaitForConditionConfig(wait_strategy=enough, initial_state=0)
    polled = context.wait_for_condition(lambda state, _: state + 1, polls, name="poll")
    answered = context.invoke(os.environ["ANSWER"], {"text": "tea"}, name="ask")
    context.wait(Duration.from_hours(1), name="warehouse")
    approved = context.wait_for_callback(lambda callback_id, _: None, "approval")
    shipped = context.step(lambda _: f"shipped by {BY}", name="ship")
    return {
        "reserved": repr(reserved),
        "paid": repr(paid),
        "labels": [each.result for each in labels.succeeded()],
        "quotes": [repr(each.result) for each in quotes.succeeded()],
        "polled": polled,
        "answered": answered,
        "approved": approved,
        "shipped": shipped,
    }
