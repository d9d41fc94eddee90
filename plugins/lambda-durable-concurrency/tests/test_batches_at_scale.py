"""Many items, deep nesting, few threads."""

import threading
from typing import Any

import pytest
from durable_programs import World

from lambda_durable import DurableContext, durable_execution
from lambda_durable.runtimes import workers
from lambda_durable_concurrency import all_completed


@pytest.mark.exhaustive
def test_two_thousand_items_without_a_limit(flavour: Any, world: World) -> None:
    most = 0

    def body() -> int:
        nonlocal most
        most = max(most, threading.active_count())
        return 1

    async def works(ctx: Any, item: int) -> int:
        return await ctx.step(body, name="step")

    async def program(event: Any, ctx: Any) -> Any:
        batch = await ctx.map(range(2_000), works)
        return [sum(batch.results), batch.completion_reason]

    before = threading.active_count()
    assert world.value(flavour.handler(program)) == [2_000, "ALL_COMPLETED"]
    assert most <= before + 2 * workers.RUNNING_LIMIT + 8


def test_nesting_deeper_than_the_threads_do_not_deadlock(
    flavour: Any, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "RUNNING_LIMIT", 2)

    async def tree(ctx: Any, depth: int) -> int:
        if depth == 0:
            await ctx.wait(1)
            return await ctx.step(lambda: 1, name="leaf")
        batch = await ctx.map([depth - 1] * 3, tree, completion=all_completed())
        return sum(batch.results)

    async def program(event: Any, ctx: Any) -> Any:
        return sum((await ctx.map([3] * 3, tree)).results)

    assert world.value(flavour.handler(program)) == 81


def test_an_early_end_leaves_no_threads(flavour: Any, world: World) -> None:
    async def fails(ctx: Any, item: int) -> int:
        if item == 0:
            raise ValueError("planned")
        return await ctx.step(lambda: 1, name="step")

    async def program(event: Any, ctx: Any) -> Any:
        batch = await ctx.map(range(500), fails)
        return batch.completion_reason

    assert world.value(flavour.handler(program)) == "FAILURE_TOLERANCE_EXCEEDED"
    for thread in threading.enumerate():
        if thread.name.startswith("lambda-durable-branch"):
            thread.join(30)
            assert not thread.is_alive()


@pytest.mark.exhaustive
def test_many_batches_in_a_batch_need_few_threads(world: World) -> None:
    most = 0

    def leaf(ctx: DurableContext, item: int) -> int:
        nonlocal most
        most = max(most, threading.active_count())
        ctx.wait(60)
        return 1

    def inner(ctx: DurableContext, item: int) -> int:
        return sum(ctx.map(range(2), leaf).results)

    @durable_execution
    def handler(event: Any, ctx: DurableContext) -> int:
        return sum(ctx.map(range(600), inner).results)

    before = threading.active_count()
    assert world.value(handler) == 1_200
    assert most <= before + 4 * workers.RUNNING_LIMIT  # of 1,800 branches
