"""Small fakes of the services that an order needs; the ledger knows each of their real calls."""

import os
import time
from typing import TypedDict

import ledger

from lambda_durable import current_step


class Item(TypedDict):
    """A line of an order."""

    sku: str
    title: str
    quantity: int
    price_cents: int


class Card(TypedDict):
    """What the shop may know of a card."""

    token: str
    last_four: str


def reserve_stock(order_id: str, items: list[Item]) -> str:
    """Set the items aside and return the reservation's id."""
    pieces = sum(item["quantity"] for item in items)
    ledger.write_once("reserve_stock", order=order_id, pieces=pieces)
    return f"R-{order_id}"


def charge_card(order_id: str, card: Card, cents: int) -> str:
    """Charge a card and return the payment's id.

    The provider is having a bad day: it refuses the first two calls of every order. And it is an
    old one, without idempotency keys: each call that it accepts is a charge.
    """
    payment = f"P-{card['last_four']}-{cents}"
    accepted = len(ledger.entries("charge_card")) >= 2
    ledger.write("charge_card", order=order_id, payment=payment if accepted else None)
    if not accepted:
        raise ConnectionError("503 from payments.example.com")
    print(f"charged {cents / 100:.2f} to the card ending in {card['last_four']}")
    return payment


def find_payment(order_id: str) -> str | None:
    """Return the id of an order's payment, None if its card was not charged."""
    charges = [entry for entry in ledger.entries("charge_card") if entry["order"] == order_id]
    return next((str(entry["payment"]) for entry in charges if entry["payment"]), None)


def hand_over(reservation: str, city: str) -> str:
    """Give the parcel to the carrier and return its tracking number.

    It takes half a second. Interrupted, the step runs again, and the carrier, who is told the
    operation's id, does not take a parcel twice.
    """
    print(f"handing over {reservation}, to {city}")
    time.sleep(float(os.environ.get("ORDER_CARRIER_SECONDS", "0.5")))
    ledger.write_once("hand_over", reservation=reservation, city=city)
    return f"TRK-{current_step().operation_id[:8].upper()}"


def confirm(email: str, tracking: str) -> dict[str, int]:
    """Tell the customer; return how many calls the order took, by the providers' own books."""
    ledger.write_once("confirm", to=email, tracking=tracking)
    return ledger.counts()
