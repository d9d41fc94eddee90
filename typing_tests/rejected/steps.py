"""A step's arguments must be what its function takes, and nothing may be forgotten."""

from lambda_durable import AsyncDurableContext, DurableContext


def reserve(item: str, count: int) -> list[str]:
    return [item] * count


def plain(ctx: DurableContext) -> None:
    ctx.step(reserve, "book")  # E: arg-type|call-overload|reportCallIssue|reportArgumentType


async def awaited(ctx: AsyncDurableContext) -> None:
    ctx.step(reserve, "book", 2)  # E: unused-awaitable|unused-coroutine|reportUnusedCoroutine
