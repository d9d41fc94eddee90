"""What parallel and map return."""

from collections.abc import Callable
from typing import assert_type

from lambda_durable import AsyncDurableContext, DurableContext
from lambda_durable.batches import BatchProgress, BatchResult, CompletionReason
from lambda_durable.vocabulary import AsyncDurableFuture, DurableFuture
from lambda_durable_concurrency import (
    BatchItem,
    NamedBranch,
    all_completed,
    first_successful,
    min_successful,
    tolerated_failures,
)


def price(ctx: DurableContext) -> float:
    return 9.5


def offer(ctx: DurableContext) -> float:
    return 9.0


def stock(ctx: DurableContext) -> list[str]:
    return ["shelf"]


def ship(ctx: DurableContext, parcel: str) -> bytes:
    return parcel.encode()


def ship_numbered(ctx: DurableContext, parcel: str, index: int) -> bytes:
    return parcel.encode() * index


async def async_price(ctx: AsyncDurableContext) -> float:
    return 9.5


async def async_stock(ctx: AsyncDurableContext) -> list[str]:
    return ["shelf"]


async def async_ship(ctx: AsyncDurableContext, parcel: str) -> bytes:
    return parcel.encode()


def two_thirds(progress: BatchProgress) -> CompletionReason | None:
    return "CUSTOM_COMPLETION_SUCCEEDED" if progress.succeeded * 3 >= progress.total * 2 else None


def described(batch: BatchResult[object]) -> str:
    return f"{batch.success_count} of {batch.total_count}"


def plain(ctx: DurableContext) -> None:
    batch = ctx.parallel([price, offer], max_concurrency=2, completion=first_successful())
    assert_type(batch, BatchResult[float])
    assert_type(batch.results, list[float])
    assert_type(batch[0], float)
    assert_type(batch.item("a"), BatchItem[float])
    assert_type(batch.errors, list[Exception])
    assert_type(batch.item(0).error, Exception | None)
    assert_type(batch.item(0).result, float | None)
    for item in batch:
        assert_type(item, BatchItem[float])
    assert_type(ctx.parallel({"a": price, "b": offer})["a"], float)
    assert_type(ctx.parallel(price for _ in range(3))[0], float)
    ctx.parallel([price], completion=two_thirds, summary=described, nesting="flat")
    ctx.parallel([], completion=min_successful(2) | tolerated_failures(percentage=5))
    batch.throw_if_error()


def different_types(ctx: DurableContext) -> None:
    # Exact: a NamedBranch is a key with the type of its function's result.
    prices, stocks = NamedBranch("price", price), NamedBranch("stock", stock)
    found = ctx.parallel([prices, stocks])
    assert_type(found[prices], float)
    assert_type(found[stocks], list[str])
    # Otherwise all have what they have in common: a union, where it is asked for.
    either: BatchResult[float | list[str]] = ctx.parallel([price, stock])
    assert_type(either[0], float | list[str])
    branches: dict[str, Callable[[DurableContext], float | list[str]]] = {"a": price, "b": stock}
    assert_type(ctx.parallel(branches)["a"], float | list[str])
    anything: object = ctx.parallel({"a": price, "b": stock})["a"]
    print(anything)


def mapped(ctx: DurableContext) -> None:
    assert_type(ctx.map(["a"], ship), BatchResult[bytes])
    assert_type(ctx.map(["a"], ship_numbered, max_concurrency=3).results, list[bytes])
    assert_type(ctx.map(range(3), lambda own, item: own.step(abs, item)), BatchResult[int])
    ctx.map({"a": 1}, ship, item_namer=lambda parcel, index: f"{index}-{parcel}")
    ctx.map(["a"], ship, item_serializer="json", completion=all_completed())
    assert_type(ctx.start.map(["a"], ship), DurableFuture[BatchResult[bytes]])
    assert_type(ctx.start.parallel([price]).result()[0], float)


async def awaited(ctx: AsyncDurableContext) -> None:
    batch = await ctx.parallel([async_price, async_price], completion=two_thirds)
    assert_type(batch, BatchResult[float])
    assert_type((await ctx.parallel({"a": async_price}))["a"], float)
    prices, stocks = NamedBranch("price", async_price), NamedBranch("stock", async_stock)
    found = await ctx.parallel([prices, stocks])
    assert_type(found[prices], float)
    assert_type(found[stocks], list[str])
    assert_type(await ctx.map(["a"], async_ship), BatchResult[bytes])
    assert_type(await ctx.map(range(3), lambda own, item: own.step(abs, item)), BatchResult[int])
    future: AsyncDurableFuture[BatchResult[bytes]] = ctx.start.map(["a"], async_ship)
    assert_type(await future, BatchResult[bytes])
