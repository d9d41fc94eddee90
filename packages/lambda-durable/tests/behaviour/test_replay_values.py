"""The time, random numbers and ids that every replay repeats."""

import asyncio
import random
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from lambda_durable import MisuseError, StepError

from .world import World


def same(seen: list[Any]) -> Any:
    """Return what all of several runs saw, each a part of the next."""
    longest = max(seen, key=len)
    for each in seen:
        assert each == longest[: len(each)]
    return longest


def block() -> None:
    time.sleep(0.2)


class TestNow:
    def test_it_is_when_the_last_operation_ended(self, flavour: Any, world: World) -> None:
        runs: list[list[datetime]] = []

        async def program(event: Any, ctx: Any) -> Any:
            seen: list[datetime] = []
            runs.append(seen)
            seen.append(ctx.now())
            await ctx.step(lambda: None, name="one")
            seen.append(ctx.now())
            await ctx.wait(3600)
            seen.append(ctx.now())
            seen.append(ctx.now())

        began = world.simulation.clock()
        world.run(flavour.handler(program))
        start, step, wait, again = same(runs)
        assert start == datetime.fromtimestamp(began, UTC)
        assert step.timestamp() * 1000 == world.record("one")["EndTimestamp"]
        assert wait - step >= timedelta(hours=1)
        assert wait == again

    def test_what_was_started_in_a_virtual_context_is_not_heard_before_it_is_awaited(
        self, flavour: Any, world: World
    ) -> None:
        runs: list[list[datetime]] = []

        def background() -> None:
            world.simulation.now += 60

        async def child(own: Any) -> None:
            own.start.step(background)
            if len(runs) == 1:  # its end is saved meanwhile, and nothing here awaits it
                block() if flavour.name == "threads" else await asyncio.sleep(0.2)

        async def program(event: Any, ctx: Any) -> Any:
            seen: list[datetime] = []
            runs.append(seen)
            await ctx.run_in_child_context(child, virtual=True)
            seen.append(ctx.now())
            await ctx.wait(1)

        world.run(flavour.handler(program))
        assert len(runs) == 2
        same(runs)
        assert world.record("background")["Status"] == "SUCCEEDED"

    def test_it_never_goes_back(self, flavour: Any, world: World) -> None:
        runs: list[list[datetime]] = []

        async def program(event: Any, ctx: Any) -> Any:
            seen: list[datetime] = []
            runs.append(seen)
            short, long = ctx.start.wait(10), ctx.start.wait(100)
            await long
            seen.append(ctx.now())
            await short
            seen.append(ctx.now())

        world.run(flavour.handler(program))
        first, second = same(runs)
        assert first == second

    def test_what_runs_beside_is_not_known_before_it_is_awaited(
        self, flavour: Any, world: World
    ) -> None:
        runs: list[list[datetime]] = []

        async def program(event: Any, ctx: Any) -> Any:
            seen: list[datetime] = []
            runs.append(seen)
            beside = ctx.start.wait(50)
            await ctx.step(lambda: None, name="one")
            seen.append(ctx.now())
            await ctx.run_in_child_context(child)
            seen.append(ctx.now())
            await beside
            seen.append(ctx.now())

        async def child(own: Any) -> None:
            await own.wait(20)

        world.run(flavour.handler(program))
        one, inner, outer = same(runs)
        assert timedelta(seconds=19) < inner - one < timedelta(seconds=40)
        assert outer - one > timedelta(seconds=49)

    def test_a_child_context_begins_with_what_was_known_at_the_call(
        self, flavour: Any, world: World
    ) -> None:
        runs: list[list[datetime]] = []

        async def child(own: Any) -> None:
            runs[-1].append(own.now())
            await own.wait(20)
            runs[-1].append(own.now())

        async def program(event: Any, ctx: Any) -> Any:
            seen: list[datetime] = []
            runs.append(seen)
            await ctx.wait(5)
            seen.append(ctx.now())
            await ctx.run_in_child_context(child, virtual=True)
            seen.append(ctx.now())
            await ctx.wait(1)

        world.run(flavour.handler(program))
        outer, begun, inner, after = same(runs)
        assert begun == outer
        assert inner > begun
        assert after == inner  # a virtual context is a part of the one around it


class TestRandom:
    def test_numbers_and_ids_are_repeated(self, flavour: Any, world: World) -> None:
        runs: list[list[Any]] = []

        async def child(own: Any) -> list[Any]:
            return [own.random(), str(own.uuid4())]

        async def program(event: Any, ctx: Any) -> Any:
            seen: list[Any] = []
            runs.append(seen)
            seen += [ctx.random(), ctx.uuid4(), random.Random(ctx.random()).gauss(5, 1)]
            await ctx.wait(1)
            seen += [ctx.random(), ctx.uuid4()]
            seen.append(await ctx.run_in_child_context(child))
            seen.append(await ctx.run_in_child_context(child, virtual=True))
            await ctx.wait(1)

        world.run(flavour.handler(program))
        seen = same(runs)
        numbers = [seen[0], seen[3], seen[5][0], seen[6][0]]
        ids = [seen[1], seen[4], UUID(seen[5][1]), UUID(seen[6][1])]
        assert len(set(numbers)) == 4
        assert len(set(ids)) == 4
        assert all(0 <= number < 1 for number in numbers)
        assert all(id.version == 4 and id.variant == "specified in RFC 4122" for id in ids)
        assert not [each for each in world.records() if each["Type"] == "STEP"]

    def test_other_executions_have_others(self, flavour: Any, world: World) -> None:
        async def program(event: Any, ctx: Any) -> Any:
            return [ctx.random(), str(ctx.uuid4())]

        handler = flavour.handler(program)
        first, second = world.run(handler).value, world.run(handler).value
        assert not set(first) & set(second)

    def test_the_numbers_are_spread(self, flavour: Any, world: World) -> None:
        async def program(event: Any, ctx: Any) -> Any:
            return [ctx.random() for _ in range(2000)]

        numbers = world.run(flavour.handler(program)).value
        assert len(set(numbers)) == 2000
        tenths = [sum(1 for n in numbers if int(n * 10) == tenth) for tenth in range(10)]
        assert min(tenths) > 100


def test_stopped_at_every_checkpoint(flavour: Any) -> None:
    def values(context: Any) -> list[str]:
        return [str(context.now()), str(context.random()), str(context.uuid4())]

    async def child(own: Any, seconds: int) -> list[Any]:
        await own.wait(seconds)
        now = values(own)
        return [now, await own.step(lambda: now, name=f"kept {seconds}")]

    async def program(event: Any, ctx: Any) -> Any:
        futures = [ctx.start.run_in_child_context(child, n, name=f"c{n}") for n in (20, 10)]
        pairs = []
        for number in range(3):
            now = values(ctx)
            pairs.append([now, await ctx.step(lambda now=now: now, name=f"kept {number}")])
            await ctx.wait(6)
        pairs += [await future for future in futures]
        await ctx.wait(1)
        return [[now == kept for now, kept in pairs], values(ctx) == values(ctx)]

    whole = World()
    assert whole.run(flavour.handler(program)).value == [[True] * 5, False]
    for number in range(1, whole.requests + 1):
        for phase in ("before", "after"):
            again = World(crash_at=(number, phase)).run(flavour.handler(program))
            assert again.value == [[True] * 5, False], (number, phase)


@pytest.mark.parametrize("word", ["now", "random", "uuid4"])
class TestMisuse:
    def test_inside_a_step(self, flavour: Any, world: World, word: str) -> None:
        async def program(event: Any, ctx: Any) -> Any:
            with pytest.raises(StepError, match=rf"ctx\.{word}\(\) was called inside the body"):
                await ctx.step(lambda: getattr(ctx, word)(), name="one")

        assert world.run(flavour.handler(program)).status == "SUCCEEDED"

    def test_of_another_context(self, flavour: Any, world: World, word: str) -> None:
        async def program(event: Any, ctx: Any) -> Any:
            kept = []

            async def child(own: Any) -> None:
                kept.append(own)
                with pytest.raises(MisuseError, match="use the context that was passed"):
                    getattr(ctx, word)()

            await ctx.run_in_child_context(child)
            with pytest.raises(MisuseError, match="after its function had returned"):
                getattr(kept[0], word)()

        assert world.run(flavour.handler(program)).status == "SUCCEEDED"
