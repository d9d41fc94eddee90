"""Two handlers that try every word of the plugins and tell what each said, or that it is missing.

They run in environments with any of the distributions, so nothing but core is imported before it is
needed.
"""

import sys
from collections.abc import Awaitable, Callable
from datetime import timedelta
from importlib.metadata import distributions, entry_points
from typing import Any

import lambda_durable
from lambda_durable import AsyncDurableContext, DurableContext, durable_execution
from lambda_durable.errors import MissingPluginError, UnknownNameError


def answer(callback_id: str) -> None:
    """Complete a callback from where it was submitted."""
    from lambda_durable_callbacks import CallbackClient

    CallbackClient().succeed(callback_id, {"approved": True})


def double(ctx: object, item: int) -> int:
    """Return twice an item."""
    return item * 2


async def double_async(ctx: object, item: int) -> int:
    """Return twice an item."""
    return item * 2


def one(ctx: object) -> int:
    """Return 1, as a branch does."""
    return 1


async def one_async(ctx: object) -> int:
    """Return 1, as a branch does."""
    return 1


def saga(ctx: DurableContext) -> str:
    """Run a block that needs no compensation."""
    with ctx.saga() as block:
        block.add_compensation(str.lower, "A", name="undo")
        return ctx.step(str.upper, "a", name="do")


async def saga_async(ctx: AsyncDurableContext) -> str:
    """Run a block that needs no compensation."""
    async with ctx.saga() as block:
        block.add_compensation(str.lower, "A", name="undo")
        return await ctx.step(str.upper, "a", name="do")


def combined(ctx: DurableContext) -> Any:
    """Wait for two steps together."""
    futures = [ctx.start.step(int, digit, name=f"read {digit}") for digit in "12"]
    return ctx.all(*futures)


async def combined_async(ctx: AsyncDurableContext) -> Any:
    """Wait for two steps together."""
    futures = [ctx.start.step(int, digit, name=f"read {digit}") for digit in "12"]
    return await ctx.all(*futures)


WORDS: dict[str, Callable[[DurableContext], Any]] = {
    "step": lambda ctx: ctx.step(int, "5", name="number"),
    "retry=": lambda ctx: ctx.step(int, "6", name="retried", retry="transient"),
    "with_retry": lambda ctx: ctx.with_retry(one, name="block"),
    "serializer=": lambda ctx: str(ctx.step(timedelta, 2, name="days", serializer="extended-json")),
    "create_callback": lambda ctx: bool(ctx.create_callback("created").callback_id),
    "wait_for_callback": lambda ctx: ctx.wait_for_callback(answer, name="approval"),
    "parallel": lambda ctx: ctx.parallel([one, one], name="two").results,
    "map": lambda ctx: ctx.map([1, 2], double, name="doubled").results,
    "all": combined,
    "saga": saga,
}


async def _step(ctx: AsyncDurableContext) -> Any:
    return await ctx.step(int, "5", name="number")


async def _serialized(ctx: AsyncDurableContext) -> Any:
    return str(await ctx.step(timedelta, 2, name="days", serializer="extended-json"))


async def _created(ctx: AsyncDurableContext) -> Any:
    return bool((await ctx.create_callback("created")).callback_id)


async def _parallel(ctx: AsyncDurableContext) -> Any:
    return (await ctx.parallel([one_async, one_async], name="two")).results


async def _mapped(ctx: AsyncDurableContext) -> Any:
    return (await ctx.map([1, 2], double_async, name="doubled")).results


WORDS_ASYNC: dict[str, Callable[[AsyncDurableContext], Awaitable[Any]]] = {
    "step": _step,
    "retry=": lambda ctx: ctx.step(int, "6", name="retried", retry="transient"),
    "with_retry": lambda ctx: ctx.with_retry(one_async, name="block"),
    "serializer=": _serialized,
    "create_callback": _created,
    "wait_for_callback": lambda ctx: ctx.wait_for_callback(answer, name="approval"),
    "parallel": _parallel,
    "map": _mapped,
    "all": combined_async,
    "saga": saga_async,
}


def surroundings() -> dict[str, Any]:
    """Tell where core comes from, and what this process can know of the packages around it."""
    return {
        "core": lambda_durable.__file__,
        "boto3": "boto3" in sys.modules,
        "entry points": sorted(each.name for each in entry_points(group="lambda_durable")),
        "distributions": sorted({each.name.lower() for each in distributions()}),
    }


@durable_execution
def plain(event: object, ctx: DurableContext) -> dict[str, Any]:
    """Wait an hour, try every word, and tell."""
    ctx.wait(timedelta(hours=1), name="an hour")
    said: dict[str, Any] = {}
    for word, use in WORDS.items():
        try:
            said[word] = use(ctx)
        except (MissingPluginError, UnknownNameError) as error:
            said[word] = str(error)
    return {"said": said, **surroundings()}


@durable_execution
async def awaited(event: object, ctx: AsyncDurableContext) -> dict[str, Any]:
    """Wait an hour, try every word, and tell."""
    await ctx.wait(timedelta(hours=1), name="an hour")
    said: dict[str, Any] = {}
    for word, use in WORDS_ASYNC.items():
        try:
            said[word] = await use(ctx)
        except (MissingPluginError, UnknownNameError) as error:
            said[word] = str(error)
    return {"said": said, **surroundings()}
