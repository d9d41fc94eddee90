"""What the recorded workflows call: the same in both flavours, and never changed.

A recording is of these functions. To record something new, add a workflow beside the others.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from lambda_durable import Place, current_step
from lambda_durable.effects import Checkpoint
from lambda_durable_retry import exponential, fixed, poll, stop_after

AGAIN = fixed(delay=5, attempts=4)
GROWING = exponential(attempts=3, initial=2, jitter="none")
PATIENT = poll(30, stop=stop_after(attempts=6))
IMPATIENT = poll(30, stop=stop_after(attempts=2))


@dataclass(frozen=True)
class Parcel:
    """A value of a class of one's own."""

    sku: str
    weight: Decimal
    sent: datetime


def make_values() -> dict[str, Any]:
    """Return values that JSON does not have."""
    return {
        "at": datetime(2026, 2, 3, 4, 5, 6, 700, tzinfo=UTC),
        "day": date(2026, 2, 3),
        "long": timedelta(days=1, microseconds=1),
        "price": Decimal("10.50"),
        "id": UUID("12345678-1234-5678-1234-567812345678"),
        "raw": b"\x00\xff",
        "pair": (1, "two"),
        "tags": {"a", "b"},
        "text": "na\u00efve \U0001f4e6",
    }


def make_parcel(sku: str) -> Parcel:
    """Return a value that is restored to its class."""
    return Parcel(sku, Decimal("0.25"), datetime(2026, 2, 3, tzinfo=UTC))


def fails_once() -> str:
    """Fail at the first attempt."""
    attempt = current_step().attempt
    if attempt == 1:
        raise ConnectionError("no answer")
    return "answered"


def pay(cents: int) -> str:
    """Do what must not be done twice at a time."""
    return f"paid {cents}"


def fails() -> str:
    """Fail for good."""
    raise ValueError("it cannot be")


def count_up(state: int) -> int:
    """Come a step further."""
    return state + 1


def tell(callback_id: str, who: str = "somebody") -> None:
    """Give a callback's id away."""
    assert callback_id
    assert who


def double(value: int) -> int:
    """Double a number."""
    return 2 * value


def odd_fails(value: int) -> int:
    """Fail for odd numbers."""
    if value % 2:
        raise ValueError(f"{value} is odd")
    return value


def undo(what: str) -> str:
    """Compensate something."""
    return f"undid {what}"


class Note:
    """An operation of one's own: a step that keeps a text, and calls nobody."""

    type = "STEP"
    subtype = "Note"

    def __init__(self, text: str) -> None:
        self.text = text
        self.name = "note"

    async def flow(self, here: Place, /) -> str:
        """Keep the text, and return what was kept."""
        record = here.record
        if record is None:
            record = await Checkpoint(here.update("SUCCEED", {"Payload": self.text}))
        assert record is not None
        kept: str = record["StepDetails"]["Result"]
        return kept


def as_json(value: Any) -> Any:
    """Return any value as JSON that shows its type."""
    if isinstance(value, Mapping):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [type(value).__name__, *map(as_json, value)]
    if isinstance(value, set):
        return ["set", *sorted(value)]
    return value if isinstance(value, str | int | float | None) else repr(value)


# --- What is outside ------------------------------------------------------------------------

ANSWERS: dict[str, tuple[str, str]] = {
    "created": ("succeed", '{"by": "ann"}'),
    "text": ("succeed", "no JSON"),
    "refused": ("fail", "too dear"),
    "ask": ("succeed", "42"),
}
"""How callbacks are answered; one whose name is not here never is."""
