"""Code that is unchanged repeats its recording, whoever won a race and whatever was cut off."""

from collections.abc import Callable
from typing import Any

import pytest
from recorded_programs import Handler, ran, recorded, work

from lambda_durable import AsyncDurableContext, DurableContext, durable_execution
from lambda_durable_concurrency import min_successful
from lambda_durable_testing.recorded import replay


def racing(change: str = "") -> Handler:
    """Return a handler with a race, an early completion and a branch that fails, as `def`."""

    def slow(ctx: DurableContext) -> Any:
        ctx.step(work, "slow", name="begin")
        ctx.wait(1000, name="long")
        return ctx.step(work, "slow", name="end")

    def quick(ctx: DurableContext) -> Any:
        return ctx.step(work, "quick", name="only")

    def uneven(ctx: DurableContext, item: int) -> Any:
        if item == 0:
            raise ValueError("planned")
        ctx.wait(item * 100, name="pause")
        return ctx.step(work, item, name="pack")

    @durable_execution
    def handler(event: Any, ctx: DurableContext) -> Any:
        first = ctx.race(
            ctx.start.run_in_child_context(slow), ctx.start.run_in_child_context(quick)
        )
        batch = ctx.map(range(4), uneven, name="some", completion=min_successful(1))
        ctx.wait(5, name="later" if change else "pause")
        return [first, batch.success_count]

    return handler


def async_racing(change: str = "") -> Handler:
    """Return the same as `async def`."""

    async def slow(ctx: AsyncDurableContext) -> Any:
        await ctx.step(work, "slow", name="begin")
        await ctx.wait(1000, name="long")
        return await ctx.step(work, "slow", name="end")

    async def quick(ctx: AsyncDurableContext) -> Any:
        return await ctx.step(work, "quick", name="only")

    async def uneven(ctx: AsyncDurableContext, item: int) -> Any:
        if item == 0:
            raise ValueError("planned")
        await ctx.wait(item * 100, name="pause")
        return await ctx.step(work, item, name="pack")

    @durable_execution
    async def handler(event: Any, ctx: AsyncDurableContext) -> Any:
        first = await ctx.race(
            ctx.run_in_child_context(slow),
            ctx.run_in_child_context(quick),
        )
        batch = await ctx.map(range(4), uneven, name="some", completion=min_successful(1))
        await ctx.wait(5, name="later" if change else "pause")
        return [first, batch.success_count]

    return handler


@pytest.mark.parametrize("make", [racing, async_racing])
def test_unchanged_code_passes_and_a_change_is_seen(make: Callable[..., Handler]) -> None:
    recording = recorded(make())
    assert recording.status == "SUCCEEDED"
    for _ in range(3):  # the branches run in other orders
        replay(make(), recording).check()
    assert not ran
    found = replay(make("rename"), recording)
    assert [each.cause for each in found.mismatches] == [
        "renamed: wait 'pause' is now wait 'later'"
    ]
