"""What a retried block takes and returns."""

from typing import assert_type

from lambda_durable import AsyncDurableContext, DurableContext
from lambda_durable.vocabulary import AsyncDurableFuture, DurableFuture
from lambda_durable_retry import exponential


def book(ctx: DurableContext, order: str, count: int) -> list[str]:
    return [ctx.step(str, order)] * count


async def async_book(ctx: AsyncDurableContext, order: str) -> list[str]:
    return [await ctx.step(str, order)]


def nothing(ctx: DurableContext) -> None: ...


def plain(ctx: DurableContext) -> None:
    assert_type(ctx.with_retry(book, "a", 2), list[str])
    assert_type(ctx.with_retry(book, "a", 2, retry=exponential(attempts=3), name="b"), list[str])
    assert_type(ctx.with_retry(book, "a", 2, retry="transient", serializer="json"), list[str])
    ctx.with_retry(nothing)
    assert_type(ctx.start.with_retry(book, "a", 2), DurableFuture[list[str]])


async def awaited(ctx: AsyncDurableContext) -> None:
    assert_type(await ctx.with_retry(async_book, "a"), list[str])
    future: AsyncDurableFuture[list[str]] = ctx.start.with_retry(async_book, "a")
    assert_type(await future, list[str])
