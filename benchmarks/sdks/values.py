"""What the programs' steps return."""

from collections.abc import Callable
from functools import cache
from typing import Any

DAY = 86_400
"""Seconds."""

ROW = 250
"""About how many bytes of JSON a row takes."""


def text(size: int) -> str:
    """Return a string of so many bytes."""
    return "x" * size


@cache
def rows(size: int) -> list[dict[str, Any]]:
    """Return nested objects of about so many bytes of JSON, as a query of a database has them."""
    return [
        {
            "id": number,
            "customer": {"name": f"Customer {number}", "country": "CH", "vip": number % 7 == 0},
            "lines": [
                {"sku": f"SKU-{number}-{line}", "quantity": line + 1, "price": 12.5 * line}
                for line in range(3)
            ],
            "note": None,
            "total": number * 1.25,
        }
        for number in range(size // ROW)
    ]


KINDS: dict[str, Callable[[int], Any]] = {"text": text, "rows": rows}
