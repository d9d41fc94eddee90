"""Fakes of three booking services. Each knows its bookings by the key that the customer made up.

A key that is known is not booked again. Nor is one that was cancelled: whoever asks for it then is
an invocation that was cut off and does not know that the others have gone on.
"""

CARS_FOR = 4

bookings: dict[str, str] = {}


class SoldOutError(Exception):
    """There is nothing left to book."""


def book_flight(key: str, to: str) -> str:
    """Book seats and return what was booked."""
    return bookings.setdefault(key, f"flight to {to}")


def book_hotel(key: str, nights: int) -> str:
    """Book rooms."""
    return bookings.setdefault(key, f"hotel for {nights} nights")


def rent_car(key: str, travellers: int) -> str:
    """Rent a car, if there is one that is large enough."""
    if travellers > CARS_FOR:
        raise SoldOutError(f"no car for {travellers} people")
    return bookings.setdefault(key, f"car for {travellers}")


def cancel(key: str) -> None:
    """Cancel the booking with that key, whether there is one already or not."""
    print(f"cancelled: {bookings.get(key, 'what was not booked')}")
    bookings[key] = "cancelled"
