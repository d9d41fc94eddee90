"""Retried blocks that both checkers must refuse."""

from lambda_durable import AsyncDurableContext, DurableContext


def book(ctx: DurableContext, order: str) -> list[str]:
    return [order]


async def async_book(ctx: AsyncDurableContext, order: str) -> list[str]:
    return [order]


def no_context(order: str) -> None: ...


def plain(ctx: DurableContext) -> None:
    ctx.with_retry(book)  # E: arg-type|reportArgumentType|reportCallIssue
    ctx.with_retry(book, 5)  # E: arg-type|reportArgumentType
    ctx.with_retry(no_context)  # E: arg-type|reportArgumentType
    ctx.with_retry(book, "a", attempts=3)  # E: call-arg|reportCallIssue
    ctx.with_retry(book, "a", retry=3)  # E: arg-type|reportArgumentType
    ctx.with_retry(async_book, "a")  # E: arg-type|unused|reportArgumentType
    text: str = ctx.with_retry(book, "a")  # E: assignment|arg-type|reportAssignmentType|reportArg


async def awaited(ctx: AsyncDurableContext) -> None:
    ctx.with_retry(async_book, "a")  # E: unused|reportUnused
    await ctx.with_retry(book, "a")  # E: arg-type|misc|reportArgumentType
