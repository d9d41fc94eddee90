"""Batches that both checkers must refuse."""

from lambda_durable import AsyncDurableContext, DurableContext
from lambda_durable_concurrency import NamedBranch, min_successful, tolerated_failures


def price(ctx: DurableContext) -> float:
    return 9.5


def ship(ctx: DurableContext, parcel: str) -> bytes:
    return parcel.encode()


async def async_price(ctx: AsyncDurableContext) -> float:
    return 9.5


async def async_ship(ctx: AsyncDurableContext, parcel: str) -> bytes:
    return parcel.encode()


def plain(ctx: DurableContext) -> None:
    ctx.parallel(price)  # E: arg-type|reportArgumentType
    ctx.parallel([price(ctx)])  # E: arg-type|list-item|reportArgumentType
    ctx.parallel([ship])  # E: arg-type|list-item|reportArgumentType
    ctx.parallel([async_price])  # E: arg-type|list-item|reportArgumentType
    ctx.parallel({1: price})  # E: arg-type|dict-item|reportArgumentType
    ctx.parallel([price], max_concurrency="3")  # E: arg-type|reportArgumentType
    ctx.parallel([price], completion=3)  # E: arg-type|reportArgumentType
    ctx.parallel([price], completion=min_successful)  # E: arg-type|reportArgumentType
    ctx.parallel([price], nesting="deep")  # E: arg-type|reportArgumentType
    ctx.parallel([price], limit=3)  # E: call-arg|reportCallIssue
    ctx.parallel([price], summary=lambda batch: 5)  # E: arg-type|return-value|reportArgumentType
    text: str = ctx.parallel([price])[0]  # E: assignment|reportAssignmentType
    one = NamedBranch("a", price)
    named: str = ctx.parallel([one])[one]  # E: assignment|reportAssignmentType


def mapped(ctx: DurableContext) -> None:
    ctx.map(5, ship)  # E: arg-type|call-overload|reportCallIssue|reportArgumentType
    ctx.map([5], ship)  # E: arg-type|list-item|call-overload|reportCallIssue|reportArgumentType
    ctx.map(["a"], price)  # E: arg-type|call-overload|reportCallIssue|reportArgumentType
    ctx.map(["a"], async_ship)  # E: arg-type|call-overload|reportCallIssue|reportArgumentType
    ctx.map(["a"], ship, item_namer="x")  # E: arg-type|call-overload|reportCallIssue|reportArgument
    ctx.start.map(["a"], price)  # E: arg-type|call-overload|reportCallIssue|reportArgumentType


def policies() -> None:
    min_successful("2")  # E: arg-type|reportArgumentType
    min_successful()  # E: call-arg|reportCallIssue
    tolerated_failures(3)  # E: call-arg|misc|reportCallIssue
    min_successful(2) | 3  # E: operator|reportOperatorIssue


async def awaited(ctx: AsyncDurableContext) -> None:
    ctx.parallel([async_price])  # E: unused-coroutine|reportUnusedCoroutine
    await ctx.parallel([price])  # E: arg-type|list-item|misc|reportArgumentType
    await ctx.map(["a"], ship)  # E: arg-type|call-overload|misc|reportCallIssue|reportArgumentType
    first = ctx.parallel([async_price])[0]  # E: index|reportIndexIssue
