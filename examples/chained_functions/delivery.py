"""A durable function of another team: when a carrier can deliver."""

from datetime import timedelta
from typing import TypedDict

from lambda_durable import DurableContext, durable_execution


class Inquiry(TypedDict):
    """Where to deliver."""

    city: str


class Offer(TypedDict):
    """What a carrier offers."""

    carrier: str
    days: int


def ask_carrier(city: str) -> str:
    """Send the carrier a question; its answer is there in some minutes."""
    return f"Q-{city.upper()}"


def read_answer(question: str) -> Offer:
    """Fetch the carrier's answer."""
    return {"carrier": "North Sea Post", "days": 2 if question.endswith("LEITH") else 4}


@durable_execution
def handler(inquiry: Inquiry, ctx: DurableContext) -> Offer:
    """Ask a carrier, and give it time to answer."""
    question = ctx.step(ask_carrier, inquiry["city"])
    ctx.wait(timedelta(minutes=10), name="carrier")
    return ctx.step(read_answer, question)
