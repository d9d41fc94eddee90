"""What can be combined: callbacks, calls that were not awaited yet; and what cannot, and why."""

import threading
from typing import Any

import pytest
from durable_programs import World

from lambda_durable import (
    DurableContext,
    InvalidInputError,
    MisuseError,
    durable_execution,
)
from lambda_durable.abc import Where


class Torn:
    """A serializer whose store cannot be reached."""

    def dumps(self, value: Any, where: Where, /) -> str:
        from lambda_durable import SerializationError

        raise SerializationError("no store", retryable=True)

    def loads(self, text: str, type: Any, where: Where, /) -> Any:
        raise AssertionError("nothing was written")


class TestUnawaitedCalls:
    def test_they_are_started_by_the_combination(self, world: World) -> None:
        barrier = threading.Barrier(2, timeout=10)

        def met(name: str) -> str:
            barrier.wait()
            return name

        @durable_execution
        async def handler(event: Any, ctx: Any) -> Any:
            a = ctx.step(lambda: met("a"), name="a")
            b = ctx.step(lambda: met("b"), name="b")
            both = await ctx.all(a, b)
            await ctx.wait(1)
            return both

        assert world.value(handler) == ["a", "b"]

    def test_a_loser_is_left_behind(self, world: World) -> None:
        begun: list[str] = []

        @durable_execution
        async def handler(event: Any, ctx: Any) -> Any:
            winner = await ctx.race(
                ctx.run_in_child_context(child, "slow", 1000),
                ctx.run_in_child_context(child, "quick", 5),
            )
            mark = len(begun)
            await ctx.wait(1)
            return [winner, begun[mark:]]

        async def child(own: Any, name: str, seconds: int) -> str:
            begun.append(name)
            await own.wait(seconds)
            return name

        assert world.value(handler) == ["quick", []]

    def test_combinations_are_calls_too(self, world: World) -> None:
        @durable_execution
        async def handler(event: Any, ctx: Any) -> Any:
            both = ctx.all(ctx.step(lambda: 1, name="a"), ctx.step(lambda: 2, name="b"))
            return await ctx.race(both, ctx.wait(1000))

        assert world.value(handler) == [1, 2]

    def test_one_that_is_awaited_already_is_refused(self, world: World) -> None:
        @durable_execution
        async def handler(event: Any, ctx: Any) -> Any:
            call = ctx.step(lambda: 1, name="a")
            await call
            with pytest.raises(InvalidInputError, match="not awaited yet"):
                ctx.race(call)

        assert world.run(handler).status == "SUCCEEDED"


def test_a_callback_and_a_deadline_in_one_line(
    flavour: Any, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugins = "lambda_durable_concurrency,lambda_durable_callbacks"
    monkeypatch.setenv("LAMBDA_DURABLE_PLUGINS", plugins)
    asked = []

    async def program(event: Any, ctx: Any) -> Any:
        answer = await ctx.race(
            ctx.start.wait_for_callback(asked.append, name="ask"), ctx.start.wait(60)
        )
        await ctx.wait(1)
        return answer

    handler = flavour.handler(program)
    assert world.value(handler) is None
    assert len(asked) == 1

    answered = World()
    answered.start(handler)
    answered.simulation.settle()
    answered.simulation.succeed_callback(asked[-1], '"yes"')
    assert answered.simulation.finish(answered.arn).value == "yes"


def test_created_callbacks(flavour: Any, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    plugins = "lambda_durable_concurrency,lambda_durable_callbacks"
    monkeypatch.setenv("LAMBDA_DURABLE_PLUGINS", plugins)

    async def program(event: Any, ctx: Any) -> Any:
        callbacks = [await ctx.create_callback(name) for name in ("first", "second")]
        winner = await ctx.any(*callbacks)
        rest = await ctx.settled(*callbacks)
        return [winner, [item.name for item in rest], rest.results]

    world.start(flavour.handler(program))
    world.simulation.settle()
    for name in ("second", "first"):
        id = world.simulation.callback_id(world.arn, name)
        world.simulation.succeed_callback(id, f'"{name}"')
        world.simulation.settle()
    finished = world.simulation.finish(world.arn)
    assert finished.value == ["second", ["first", "second"], ["first", "second"]]


@pytest.mark.parametrize("how", ["any", "race"])
def test_nothing_to_wait_for(flavour: Any, world: World, how: str) -> None:
    async def program(event: Any, ctx: Any) -> Any:
        with pytest.raises(InvalidInputError, match=rf"ctx\.{how} was called without futures"):
            await getattr(ctx, how)()

    assert world.run(flavour.handler(program)).status == "SUCCEEDED"


@pytest.mark.parametrize("how", ["all", "any", "race", "settled"])
def test_what_is_no_future(flavour: Any, world: World, how: str) -> None:
    async def program(event: Any, ctx: Any) -> Any:
        with pytest.raises(InvalidInputError, match="expected what ctx.start returned"):
            await getattr(ctx, how)(42)
        with pytest.raises(InvalidInputError, match="printable ASCII"):
            await getattr(ctx, how)(ctx.start.wait(1), name="ünnamed")

    assert world.run(flavour.handler(program)).status == "SUCCEEDED"


def test_a_future_of_a_context_that_has_ended(flavour: Any, world: World) -> None:
    kept = []

    async def program(event: Any, ctx: Any) -> Any:
        async def inner(own: Any) -> None:
            kept.append(own.start.wait(1))

        await ctx.run_in_child_context(inner)
        with pytest.raises(MisuseError, match="after its function had returned"):
            await ctx.race(kept[0])

    assert world.run(flavour.handler(program)).status == "SUCCEEDED"


def test_a_future_of_an_earlier_invocation(world: World) -> None:
    kept: list[Any] = []

    @durable_execution
    def handler(event: Any, ctx: DurableContext) -> Any:
        kept.append(ctx.start.wait(1))
        ctx.wait(2)
        with pytest.raises(MisuseError, match="whose invocation has ended"):
            ctx.race(kept[0])

    assert world.run(handler).status == "SUCCEEDED"


@pytest.mark.parametrize("how", ["all", "any", "race", "settled"])
def test_what_ends_the_invocation_is_no_outcome(flavour: Any, world: World, how: str) -> None:
    tries = []

    async def program(event: Any, ctx: Any) -> Any:
        tries.append(1)
        torn = Torn() if len(tries) == 1 else None
        future = ctx.start.step(lambda: "written", name="a", serializer=torn)
        return await getattr(ctx, how)(future) and "done"

    assert world.value(flavour.handler(program)) == "done"
    assert len(tries) == 2


def test_a_step_that_breaks_the_rules_in_a_future_ends_the_execution(
    flavour: Any, world: World
) -> None:
    runs = []

    async def program(event: Any, ctx: Any) -> Any:
        runs.append(1)
        future = ctx.start.run_in_child_context(child, name="child")
        return await ctx.settled(future)

    async def child(own: Any) -> None:
        await own.step(lambda: None, name=f"run {len(runs)}")
        await own.wait(1)

    finished = world.run(flavour.handler(program))
    assert finished.status == "FAILED"
    assert finished.error is not None
    assert finished.error["ErrorType"].endswith("NonDeterminismError")
