"""A quote, made of what two other functions answer. While they run, this one does not."""

import os
from typing import TypedDict

from lambda_durable import DurableContext, InvokeError, durable_execution

# In the cloud the template says what they are called; the alias belongs to the name.
PRICES = os.environ.get("PRICES_FUNCTION", "prices")
DELIVERY = os.environ.get("DELIVERY_FUNCTION", "delivery")


class Basket(TypedDict):
    """What a customer asks for: pieces by article, and where to send them."""

    city: str
    pieces: dict[str, int]


class Quote(TypedDict):
    """What it costs, and when it comes; None if nobody can say."""

    cents: int
    days: int | None


@durable_execution
def handler(basket: Basket, ctx: DurableContext) -> Quote:
    """Make a quote. Both functions are asked at once."""
    pieces = basket["pieces"]
    prices = ctx.start.invoke(PRICES, {"skus": list(pieces)}, name="prices")
    delivery = ctx.start.invoke(DELIVERY, {"city": basket["city"]}, name="delivery")
    days = None
    try:
        days = delivery.result()["days"]
    except InvokeError as error:  # a quote without a date is better than none
        ctx.logger.warning("no delivery date: %s", error)
    price_of = prices.result()
    return {"cents": sum(price_of[sku] * count for sku, count in pieces.items()), "days": days}
