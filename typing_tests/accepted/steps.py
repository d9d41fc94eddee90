"""What a step returns is what its function returns, in both flavours."""

from typing import assert_type

from lambda_durable import AsyncDurableContext, DurableContext


def reserve(item: str, count: int) -> list[str]:
    return [item] * count


async def price(item: str) -> float:
    return float(len(item))


def plain(ctx: DurableContext) -> None:
    assert_type(ctx.step(reserve, "book", 2), list[str])


async def awaited(ctx: AsyncDurableContext) -> None:
    assert_type(await ctx.step(reserve, "book", 2), list[str])
    assert_type(await ctx.step(price, "book"), float)
