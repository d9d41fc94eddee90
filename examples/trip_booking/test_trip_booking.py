"""Tests of the trip: what is booked in the end, whatever fails on the way."""

from typing import Any

import pytest
import travel_agencies
import trip_booking
import trip_booking_async

from lambda_durable import DurableHandler
from lambda_durable_testing import LocalRunner, crash_everywhere

BOTH = pytest.mark.parametrize("handler", [trip_booking.handler, trip_booking_async.handler])
TRIP = {"to": "Lisbon", "nights": 4, "travellers": 2}
TOO_MANY = TRIP | {"travellers": 7}


def no_bookings() -> dict[str, str]:
    """Begin anew, and have the bookings compared."""
    travel_agencies.bookings.clear()
    return travel_agencies.bookings


@BOTH
def test_all_is_booked(handler: DurableHandler[Any, Any]) -> None:
    bookings = no_bookings()
    result = LocalRunner(handler).run(TRIP)
    assert result.result["booked"] == ["flight to Lisbon", "hotel for 4 nights", "car for 2"]
    assert sorted(bookings.values()) == sorted(result.result["booked"])


@BOTH
def test_nothing_stays_booked_without_a_car(handler: DurableHandler[Any, Any]) -> None:
    bookings = no_bookings()
    result = LocalRunner(handler).run(TOO_MANY)
    assert result.result == {"booked": [], "problem": "no car for 7 people"}
    assert set(bookings.values()) == {"cancelled"}


@BOTH
def test_an_agency_that_is_down_is_asked_again(handler: DurableHandler[Any, Any]) -> None:
    no_bookings()
    runner = LocalRunner(handler)
    hotel = runner.step("book_hotel").sequence(ConnectionError("503"), "hotel for 4 nights")
    assert runner.run(TRIP).result["problem"] is None
    hotel.assert_called(times=2)


@BOTH
@pytest.mark.parametrize("trip", [TRIP, TOO_MANY], ids=["booked", "cancelled"])
def test_it_survives_every_crash(
    handler: DurableHandler[Any, Any], trip: dict[str, object]
) -> None:
    crash_everywhere(handler, trip, world=no_bookings)
