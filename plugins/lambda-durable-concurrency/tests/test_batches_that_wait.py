"""Branches that are suspended, losers that are left behind, and limits on what runs."""

import asyncio
import threading
import time
from collections import Counter
from typing import Any

import pytest
from durable_programs import World

from lambda_durable import AsyncDurableContext, durable_execution
from lambda_durable.errors import MisuseError
from lambda_durable_concurrency import all_completed, first_successful, min_successful


@pytest.mark.parametrize("nesting", ["nested", "flat"])
def test_a_branch_that_waits_leaves_its_slot(flavour: Any, world: World, nesting: str) -> None:
    async def waits(ctx: Any, item: int) -> int:
        await ctx.wait(3_600)
        return item

    async def program(event: Any, ctx: Any) -> Any:
        return (await ctx.map(range(5), waits, max_concurrency=1, nesting=nesting)).results

    assert world.value(flavour.handler(program)) == [0, 1, 2, 3, 4]
    assert world.invocations == 2  # all five hours pass at the same time


def test_max_concurrency_is_never_exceeded_by_bodies(flavour: Any, world: World) -> None:
    lock, running, most = threading.Lock(), 0, 0

    def body() -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.002)  # for others to come in, if they may
        with lock:
            running -= 1

    async def works(ctx: Any, item: int) -> int:
        await ctx.step(body, name="first")
        await ctx.wait(10 + item % 3)
        await ctx.step(body, name="second")
        return item

    async def program(event: Any, ctx: Any) -> Any:
        return (await ctx.map(range(20), works, max_concurrency=3)).results

    assert world.value(flavour.handler(program)) == list(range(20))
    assert 1 <= most <= 3


def test_what_can_go_on_goes_before_what_is_new(flavour: Any, world: World) -> None:
    order: list[str] = []

    async def works(ctx: Any, item: int) -> int:
        await ctx.step(order.append, f"{item} begins", name="begins")
        if item == 0:
            await ctx.wait(1)
            await ctx.step(order.append, "0 goes on", name="goes on")
        else:
            await ctx.step(sleep_until_due, name="works")
        return item

    def sleep_until_due() -> None:
        world.simulation.now += 5  # the wait of the first one is over meanwhile

    async def program(event: Any, ctx: Any) -> Any:
        return (await ctx.map(range(4), works, max_concurrency=1)).results

    assert world.value(flavour.handler(program)) == [0, 1, 2, 3]
    assert world.invocations == 1
    assert order.index("0 goes on") < order.index("3 begins")


def test_different_waits_take_as_long_as_the_longest(flavour: Any, world: World) -> None:
    async def waits(ctx: Any, item: int) -> int:
        await ctx.wait(item)
        return item

    async def program(event: Any, ctx: Any) -> Any:
        return (await ctx.map([300, 100, 200], waits)).results

    began = world.simulation.now
    assert world.value(flavour.handler(program)) == [300, 100, 200]
    assert world.simulation.now == began + 300
    assert world.invocations == 4


def test_the_first_success_does_not_wait_for_a_loser_at_the_service(
    flavour: Any, world: World
) -> None:
    async def patient(ctx: Any) -> str:
        await ctx.wait(1_000_000)
        return "late"

    async def quick(ctx: Any) -> str:
        return await ctx.step(lambda: "quick", name="quick")

    async def program(event: Any, ctx: Any) -> Any:
        batch = await ctx.parallel([patient, quick], completion=first_successful())
        await ctx.wait(1)
        return [batch.results, [item.status for item in batch], batch.completion_reason]

    assert world.value(flavour.handler(program)) == [
        ["quick"],
        ["STARTED", "SUCCEEDED"],
        "MIN_SUCCESSFUL_REACHED",
    ]
    assert world.invocations == 2


def test_the_first_success_does_not_wait_for_a_loser_that_runs(flavour: Any, world: World) -> None:
    release, ran = threading.Event(), []

    async def slow(ctx: Any) -> str:
        await ctx.step(release.wait, 60, name="slow")
        await ctx.step(lambda: ran.append("too late"), name="after")
        return "slow"

    async def quick(ctx: Any) -> str:
        return await ctx.step(lambda: "quick", name="quick")

    async def program(event: Any, ctx: Any) -> Any:
        batch = await ctx.parallel([slow, quick], completion=first_successful())
        assert not release.is_set()
        return batch.results

    assert world.value(flavour.handler(program)) == ["quick"]
    assert world.record("parallel-branch-0")["Status"] == "STARTED"
    release.set()
    for thread in threading.enumerate():
        if thread.name.startswith("lambda-durable"):
            thread.join(30)
    assert ran == []


def test_an_async_loser_is_cancelled(world: World) -> None:
    ended: list[str] = []

    async def slow(ctx: AsyncDurableContext) -> None:
        try:
            await asyncio.sleep(3_600)
        finally:
            ended.append("cancelled")

    async def quick(ctx: AsyncDurableContext) -> int:
        return 1

    @durable_execution
    async def handler(event: Any, ctx: AsyncDurableContext) -> Any:
        found = await ctx.parallel([slow, quick], completion=first_successful())
        return found.results

    assert world.value(handler) == [1]
    assert ended == ["cancelled"]


def test_losers_are_not_begun_again_by_a_replay(flavour: Any, world: World) -> None:
    begun: Counter[str] = Counter()

    async def named(ctx: Any, item: str) -> str:
        begun[item] += 1
        if item == "waits":
            await ctx.wait(1_000_000)
        return item

    async def program(event: Any, ctx: Any) -> Any:
        batch = await ctx.map(
            ["waits", "wins", "never"], named, max_concurrency=1, completion=min_successful(1)
        )
        for _ in range(3):
            await ctx.wait(1)
        return [len(batch), batch.item(0).status, batch[1]]

    assert world.value(flavour.handler(program)) == [2, "STARTED", "wins"]
    assert begun == {"waits": 1, "wins": 1}


def test_the_result_of_a_loser_says_why_there_is_none(flavour: Any, world: World) -> None:
    async def named(ctx: Any, item: str) -> str:
        if item == "waits":
            await ctx.wait(1_000_000)
        return item

    async def program(event: Any, ctx: Any) -> Any:
        batch = await ctx.map(
            ["waits", "wins"], named, max_concurrency=1, completion=min_successful(1)
        )
        try:
            return batch[0]
        except MisuseError as error:
            return str(error)

    said = world.value(flavour.handler(program))
    assert said.startswith("item 0 had not ended when the batch was complete")


def test_a_failing_branch_ends_the_batch_while_others_wait(flavour: Any, world: World) -> None:
    async def waits(ctx: Any) -> None:
        await ctx.wait(1_000_000)

    async def fails(ctx: Any) -> None:
        raise ValueError("planned")

    async def program(event: Any, ctx: Any) -> Any:
        batch = await ctx.parallel([waits, fails])
        return [batch.completion_reason, [item.status for item in batch]]

    assert world.value(flavour.handler(program)) == [
        "FAILURE_TOLERANCE_EXCEEDED",
        ["STARTED", "FAILED"],
    ]
    assert world.invocations == 1


def test_retried_steps_in_branches(flavour: Any, world: World) -> None:
    attempts: Counter[int] = Counter()

    async def flaky(ctx: Any, item: int) -> int:
        def body() -> int:
            attempts[item] += 1
            if attempts[item] <= item:
                raise ConnectionError("again")
            return item

        return await ctx.step(body, name="flaky", retry=lambda error, attempt, elapsed: 10)

    async def program(event: Any, ctx: Any) -> Any:
        return (await ctx.map(range(4), flaky, max_concurrency=2)).results

    assert world.value(flavour.handler(program)) == [0, 1, 2, 3]
    assert attempts == {0: 1, 1: 2, 2: 3, 3: 4}


def test_swallowing_a_suspension_in_a_branch_changes_nothing(flavour: Any, world: World) -> None:
    async def swallows(ctx: Any) -> str:
        try:
            await ctx.wait(10)
        except BaseException:  # noqa: BLE001 - this is what users must be safe from
            return "swallowed"
        return "waited"

    async def program(event: Any, ctx: Any) -> Any:
        return (await ctx.parallel([swallows, swallows], completion=all_completed())).results

    assert world.value(flavour.handler(program)) == ["waited", "waited"]


@pytest.mark.parametrize("limit", [None, 1])
def test_a_branch_with_news_of_two_operations_goes_on_once(
    flavour: Any, world: World, limit: int | None
) -> None:
    def elapse() -> None:
        while sum(record["Type"] == "WAIT" for record in world.records()) < 6:
            time.sleep(0.001)
        world.simulation.now += 60
        world.simulation.service.advance(world.simulation.now)

    async def two(ctx: Any, item: int) -> int:
        await ctx.all(ctx.start.wait(60, name="one"), ctx.start.wait(60, name="another"))
        return await ctx.step(lambda: item, name="both")

    async def batch(ctx: Any) -> Any:
        return (await ctx.map(range(3), two, max_concurrency=limit)).results

    async def beside(ctx: Any) -> None:
        await ctx.step(elapse)

    async def program(event: Any, ctx: Any) -> Any:
        return (await ctx.parallel([batch, beside])).results

    assert world.value(flavour.handler(program)) == [[0, 1, 2], None]


def test_the_limit_around_holds_for_branches_of_branches(flavour: Any, world: World) -> None:
    """What comes back in a batch within a branch needs the slot of that branch, too."""
    lock, running, most = threading.Lock(), 0, 0

    def body() -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.02)  # for others to come in, if they may
        with lock:
            running -= 1

    def elapse() -> None:
        while sum(record["Type"] == "WAIT" for record in world.records()) < 6:
            time.sleep(0.001)
        world.simulation.now += 60
        world.simulation.service.advance(world.simulation.now)

    async def leaf(ctx: Any, item: int) -> None:
        await ctx.wait(60)
        await ctx.step(body, name="body")

    async def inner(ctx: Any, item: int) -> None:
        (await ctx.map(range(2), leaf, max_concurrency=1)).throw_if_error()

    async def outer(ctx: Any) -> None:
        (await ctx.map(range(3), inner, max_concurrency=1)).throw_if_error()

    async def beside(ctx: Any) -> None:
        await ctx.step(elapse)

    async def program(event: Any, ctx: Any) -> Any:
        (await ctx.parallel([outer, beside])).throw_if_error()

    world.value(flavour.handler(program))
    assert most == 1


def test_a_branch_that_awaits_a_future_from_outside_leaves_its_slot(
    flavour: Any, world: World
) -> None:
    async def program(event: Any, ctx: Any) -> Any:
        day = ctx.start.wait(86_400)

        async def works(own: Any, item: int) -> Any:
            if item == 0:
                await day
            return await own.step(world.simulation.clock)

        return (await ctx.map(range(3), works, max_concurrency=1)).results

    began = world.simulation.clock()
    ended = world.value(flavour.handler(program))
    assert [at - began for at in ended] == [86_400, 0, 0]
