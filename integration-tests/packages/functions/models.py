"""A program for an environment that has pydantic: a model goes through its serializer and back."""

from decimal import Decimal

from pydantic import BaseModel

from lambda_durable import DurableContext, durable_execution
from lambda_durable_testing import run


class Price(BaseModel):
    """What a step returns."""

    amount: Decimal


def price() -> Price:
    """Return a price."""
    return Price(amount=Decimal("1.5"))


@durable_execution
def handler(event: object, ctx: DurableContext) -> str:
    """Return the price that a step gave, as it was read back."""
    first = ctx.step(price, serializer="pydantic")
    ctx.wait(1)
    return str(first)


print(run(handler).result)
