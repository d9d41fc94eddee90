"""A trip of three bookings: all are made, or those that were made are cancelled."""

from typing import TypedDict

import travel_agencies as agencies

from lambda_durable import DurableContext, StepError, durable_execution
from lambda_durable_retry import errors, exponential

RETRY = exponential(attempts=3, on=~errors(agencies.SoldOutError))


class Trip(TypedDict):
    """What a customer wants to have booked."""

    to: str
    nights: int
    travellers: int


class Outcome(TypedDict):
    """What was booked, or why nothing was."""

    booked: list[str]
    problem: str | None


@durable_execution
def handler(trip: Trip, ctx: DurableContext) -> Outcome:
    """Book a trip, wholly or not at all."""
    try:
        return {"booked": book(trip, ctx), "problem": None}
    except StepError as error:
        return {"booked": [], "problem": error.error_message}


def book(trip: Trip, ctx: DurableContext) -> list[str]:
    """Make the bookings, each under a key of ours.

    The compensation is added first. So a booking is cancelled, too, of which only the answer was
    lost; cancelling one that was never made does nothing.
    """
    flight, hotel, car = (str(ctx.uuid4()) for _ in range(3))  # the same on every replay
    with ctx.saga(retry=RETRY) as saga:
        saga.add_compensation(agencies.cancel, flight, name="flight")
        seats = ctx.step(agencies.book_flight, flight, trip["to"], retry=RETRY)
        saga.add_compensation(agencies.cancel, hotel, name="hotel")
        rooms = ctx.step(agencies.book_hotel, hotel, trip["nights"], retry=RETRY)
        saga.add_compensation(agencies.cancel, car, name="car")
        wheels = ctx.step(agencies.rent_car, car, trip["travellers"], retry=RETRY)
    return [seats, rooms, wheels]
