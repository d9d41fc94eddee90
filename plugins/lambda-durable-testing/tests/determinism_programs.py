"""Handlers that depend on what they must not, and some that do not."""

import random
import time
from datetime import UTC, datetime
from typing import Any

from lambda_durable import AsyncDurableContext, DurableContext, durable_execution

NAMES = {"tea", "cup", "pot", "milk", "sugar", "spoon"}


def fetch() -> int:
    return 1


@durable_execution
def by_date(event: Any, ctx: DurableContext) -> None:
    ctx.step(fetch)
    if datetime.now(UTC).year == event:
        ctx.step(fetch, name="this year")
    ctx.step(fetch, name="any year")


@durable_execution
def by_time(event: Any, ctx: DurableContext) -> None:
    ctx.step(fetch)
    ctx.step(fetch, name=f"day {int(time.time()) // 86_400}")


@durable_execution
def by_hash(event: Any, ctx: DurableContext) -> None:
    for name in NAMES:
        ctx.step(fetch, name=name)


@durable_execution
def by_chance(event: Any, ctx: DurableContext) -> None:
    ctx.step(fetch)
    ctx.step(fetch, name=f"number {random.randrange(1_000_000)}")


@durable_execution
async def async_by_date(event: Any, ctx: AsyncDurableContext) -> None:
    await ctx.step(fetch)
    await ctx.wait(60, name=f"until {datetime.now(UTC).year}")


@durable_execution
def in_a_result(event: Any, ctx: DurableContext) -> None:
    def child(own: DurableContext) -> float:
        own.step(fetch)
        return time.time()

    ctx.run_in_child_context(child)


@durable_execution
def by_steps(event: Any, ctx: DurableContext) -> list[str]:
    day = ctx.step(lambda: datetime.now(UTC).year, name="year")
    ctx.wait(60)
    for name in sorted(NAMES):
        ctx.step(fetch, name=f"{name} {day}")
    return sorted(NAMES)


@durable_execution
async def async_by_steps(event: Any, ctx: AsyncDurableContext) -> list[str]:
    async def branch(own: AsyncDurableContext, name: str) -> int:
        await own.step(fetch, name=name)
        await own.wait(5)
        return await own.step(fetch, name="again")

    await ctx.map(sorted(NAMES), branch)
    return sorted(NAMES)
