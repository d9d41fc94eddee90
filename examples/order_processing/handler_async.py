"""The same order in `async def`: the same words, awaited."""

from datetime import timedelta
from typing import Any

import providers

from lambda_durable import AsyncDurableContext, StepInterruptedError, durable_execution


@durable_execution
async def handler(order: dict[str, Any], ctx: AsyncDurableContext) -> dict[str, Any]:
    """Process an order; it may be interrupted anywhere and goes on where it was."""
    items: list[providers.Item] = order["items"]
    total = sum(item["quantity"] * item["price_cents"] for item in items) + order["shipping_cents"]

    reservation = await ctx.step(providers.reserve_stock, order["id"], items)
    payment = await ctx.run_in_child_context(pay, order, total)
    await ctx.wait(timedelta(hours=2), name="warehouse")  # until it is packed; nothing runs then
    tracking = await ctx.step(providers.hand_over, reservation, order["address"]["city"])
    calls = await ctx.step(providers.confirm, order["customer"]["email"], tracking)
    return {"order": order["id"], "payment": payment, "tracking": tracking, "calls": calls}


async def pay(ctx: AsyncDurableContext, order: dict[str, Any], cents: int) -> str:
    """Charge the card, once, whatever happens.

    A card must not be charged twice, so an attempt that was cut off is not repeated: whether it
    counted is unknown here. The provider knows.
    """
    while True:
        try:
            return await ctx.step(
                providers.charge_card,
                *(order["id"], order["card"], cents),
                retry="transient",
                semantics="at-most-once",
            )
        except StepInterruptedError:
            payment = await ctx.step(providers.find_payment, order["id"])
            if payment is not None:
                return payment
