"""What starting an operation, and combining several, gives."""

import asyncio
from datetime import timedelta
from typing import Any, assert_type

from lambda_durable import AsyncDurableContext, DurableContext
from lambda_durable.batches import BatchResult
from lambda_durable.vocabulary import AsyncDurableFuture, DurableFuture


def name_of(number: int) -> str:
    return str(number)


def child(ctx: DurableContext, left: int) -> float:
    return ctx.step(float, left)


async def async_child(ctx: AsyncDurableContext, left: int) -> float:
    return await ctx.step(float, left)


def submit(callback_id: str) -> None: ...


def plain(ctx: DurableContext) -> None:
    text = ctx.start.step(name_of, 1)
    number = ctx.start.run_in_child_context(child, 1)
    pause = ctx.start.wait(timedelta(days=3))
    assert_type(text, DurableFuture[str])
    assert_type(number, DurableFuture[float])
    assert_type(text.result(), str)

    assert_type(ctx.all(text, number), tuple[str, float])
    assert_type(ctx.all(text, number, pause), tuple[str, float, None])
    assert_type(ctx.all(text, number, pause, text), tuple[str, float, None, str])
    assert_type(ctx.all(*[text, text], name="both"), tuple[str, ...])
    assert_type(ctx.any(text, number), str | float)
    assert_type(ctx.any(*[text]), str)
    assert_type(ctx.race(text, pause), str | None)
    assert_type(ctx.race(text, number, pause, name="first"), str | float | None)
    assert_type(ctx.settled(text, text), BatchResult[str])
    assert_type(ctx.settled(*[number]).results, list[float])

    # a deadline for a person, in one line
    answer = ctx.race(
        ctx.start.wait_for_callback(submit, result_type=str, timeout=60), ctx.start.wait(30)
    )
    assert_type(answer, str | None)
    callback = ctx.create_callback(result_type=int)
    assert_type(ctx.any(callback, text), int | str)


async def awaited(ctx: AsyncDurableContext) -> None:
    text = ctx.start.step(name_of, 1)
    future: AsyncDurableFuture[str] = text
    assert_type(await future, str)
    assert_type(await text.result(), str)

    assert_type(await ctx.all(text, ctx.run_in_child_context(async_child, 1)), tuple[str, float])
    assert_type(await ctx.all(text, text, ctx.wait(1)), tuple[str, str, None])
    assert_type(await ctx.all(*[text]), tuple[str, ...])
    assert_type(await ctx.any(ctx.step(name_of, 1), ctx.step(len, [1])), str | int)
    assert_type(await ctx.race(ctx.step(name_of, 1), ctx.wait(1)), str | None)
    assert_type(await ctx.settled(text, ctx.step(name_of, 2)), BatchResult[str])
    nested = ctx.all(text, text)
    assert_type(await ctx.race(nested, ctx.wait(5)), tuple[str, str] | None)

    gathered = await asyncio.gather(ctx.step(name_of, 1), ctx.step(len, [1]))
    assert_type(gathered, tuple[str, int])
    anything: Any = await ctx.race(ctx.step(name_of, 1))
    del anything
