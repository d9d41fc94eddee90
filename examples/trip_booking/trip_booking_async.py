"""The same trip in `async def`, its three bookings made side by side."""

from typing import TypedDict

import travel_agencies as agencies

from lambda_durable import AsyncDurableContext, StepError, durable_execution
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
async def handler(trip: Trip, ctx: AsyncDurableContext) -> Outcome:
    """Book a trip, wholly or not at all."""
    try:
        return {"booked": await book(trip, ctx), "problem": None}
    except StepError as error:
        return {"booked": [], "problem": error.error_message}


async def book(trip: Trip, ctx: AsyncDurableContext) -> list[str]:
    """Make the bookings, each under a key of ours.

    All have come to their end, whichever failed, before anything is cancelled.
    """
    flight, hotel, car = (str(ctx.uuid4()) for _ in range(3))  # the same on every replay
    async with ctx.saga(retry=RETRY) as saga:
        for key, name in ((flight, "flight"), (hotel, "hotel"), (car, "car")):
            saga.add_compensation(agencies.cancel, key, name=name)
        booked = await ctx.settled(
            ctx.step(agencies.book_flight, flight, trip["to"], retry=RETRY),
            ctx.step(agencies.book_hotel, hotel, trip["nights"], retry=RETRY),
            ctx.step(agencies.rent_car, car, trip["travellers"], retry=RETRY),
        )
        booked.throw_if_error()
    return booked.results
