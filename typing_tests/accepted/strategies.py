"""What a strategy leaves of the types around it."""

from typing import assert_type

from lambda_durable import AsyncDurableContext, DurableContext
from lambda_durable_retry import poll


def count_up(state: int) -> int:
    return state + 1


def plain(ctx: DurableContext) -> None:
    found = ctx.wait_for_condition(count_up, 0, until=lambda state: state > 3, strategy=poll(1))
    assert_type(found, int)


async def awaited(ctx: AsyncDurableContext) -> None:
    found = await ctx.wait_for_condition(count_up, 0, until=bool, strategy=poll(1))
    assert_type(found, int)
