"""A plain Lambda function: what articles cost."""

from typing import Any

PRICES = {"TEA-ASSAM-500": 1490, "POT-CAST-08": 6900}


def handler(event: dict[str, Any], context: object) -> dict[str, int]:
    """Return the price of each article in cents."""
    return {sku: PRICES[sku] for sku in event["skus"]}
