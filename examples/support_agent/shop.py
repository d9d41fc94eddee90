"""What the agent can do: fakes of the shop's own services."""

PRICES = {"A17": 2480, "B20": 69_000}

refunded: dict[str, int] = {}


async def find_order(order: str) -> str:
    """Tell what is known of an order."""
    return f"{order}: {PRICES[order] / 100:.2f}, paid by card"


async def find_parcel(order: str) -> str:
    """Tell where an order's parcel is."""
    return f"the parcel of {order} is lost"


async def refund(order: str) -> str:
    """Pay an order back. The shop's bank knows orders, so a second call does nothing."""
    refunded[order] = PRICES[order]
    return f"{PRICES[order] / 100:.2f} were refunded"


async def ask_clerk(callback_id: str, order: str) -> None:
    """Ask a clerk whether an order may be refunded."""
    print(f"refund {PRICES[order] / 100:.2f} for order {order}? answer to {callback_id}")
