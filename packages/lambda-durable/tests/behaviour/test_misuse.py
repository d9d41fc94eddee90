"""Durable calls where none is possible: each error says what to do instead."""

import asyncio
import threading
from typing import Any

import pytest

from lambda_durable import DurableContext, MisuseError, current_step, durable_execution

from .flavours import Tasks
from .world import World


def _failure(world: World, handler: Any) -> str:
    finished = world.run(handler)
    assert finished.status == "FAILED"
    assert finished.error is not None
    return str(finished.error["ErrorMessage"])


def test_a_step_inside_a_step(flavour: Any, world: World) -> None:
    async def program(event: Any, ctx: Any) -> Any:
        def outer() -> Any:
            return ctx.step(lambda: 1, name="inner")

        await ctx.step(outer, retry=lambda error, attempt, elapsed: 1)

    message = _failure(world, flavour.handler(program))
    assert "'inner' was called inside the body of the step 'outer'" in message
    assert "run_in_child_context" in message
    assert len(world.simulation.invocations) == 1  # it is not retried


def test_the_parents_context_inside_a_child(flavour: Any, world: World) -> None:
    async def program(event: Any, ctx: Any) -> Any:
        async def child(own: Any) -> Any:
            return await ctx.step(lambda: 1, name="mine")

        return await ctx.run_in_child_context(child)

    message = _failure(world, flavour.handler(program))
    assert "the context of the handler inside child context 'child'" in message
    assert "first argument" in message


def test_a_childs_context_after_the_child(flavour: Any, world: World) -> None:
    async def program(event: Any, ctx: Any) -> Any:
        kept = []

        async def child(own: Any) -> Any:
            kept.append(own)

        await ctx.run_in_child_context(child)
        return await kept[0].step(lambda: 1, name="late")

    assert "child context 'child'" in _failure(world, flavour.handler(program))


def test_a_context_after_its_invocation(flavour: Any, world: World) -> None:
    kept = []

    async def program(event: Any, ctx: Any) -> Any:
        kept.append(getattr(ctx, "context", ctx))

    world.run(flavour.handler(program))
    with pytest.raises(MisuseError, match="whose invocation has ended"):
        kept[0].step(len, [])


def test_a_context_on_a_thread_of_ones_own(world: World) -> None:
    def handler(event: Any, ctx: Any) -> Any:
        caught = []

        def work() -> None:
            try:
                ctx.step(len, [])
            except MisuseError as error:
                caught.append(str(error))

        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        return caught

    (message,) = world.run(durable_execution(handler)).value
    assert "a thread that Lambda Durable did not start" in message


def test_a_plain_function_as_child_of_an_async_handler(world: World) -> None:
    async def program(event: Any, ctx: Any) -> Any:
        await ctx.run_in_child_context(lambda own: 1, name="plain")

    message = _failure(world, Tasks().handler(program))
    assert "make it `async def`" in message


def test_an_async_function_as_child_of_a_plain_handler(world: World) -> None:
    async def child(own: DurableContext) -> int:
        return 1

    @durable_execution
    def handler(event: Any, ctx: DurableContext) -> Any:
        return ctx.run_in_child_context(child)

    assert "make it `def`" in _failure(world, handler)


def test_current_step_outside_of_a_step(flavour: Any, world: World) -> None:
    with pytest.raises(MisuseError, match="body of a step"):
        current_step()

    async def program(event: Any, ctx: Any) -> Any:
        current_step()

    assert "body of a step" in _failure(world, flavour.handler(program))


def test_an_async_handler_inside_a_running_loop() -> None:
    async def program(event: Any, ctx: Any) -> Any:
        return "ran"

    async def main() -> list[Any]:
        worlds = World(), World()
        with pytest.raises(MisuseError, match="asyncio.to_thread"):
            Tasks().handler(program)(event, None)
        return [await asyncio.to_thread(world.run, Tasks().handler(program)) for world in worlds]

    event = {
        "DurableExecutionArn": "arn",
        "CheckpointToken": "t",
        "InitialExecutionState": {"Operations": []},
    }
    assert [finished.value for finished in asyncio.run(main())] == ["ran", "ran"]


def test_a_forgotten_await_is_warned_of_by_name(world: World) -> None:
    async def program(event: Any, ctx: Any) -> Any:
        ctx.step(len, [], name="forgotten")

    with pytest.warns(RuntimeWarning, match="'durable STEP forgotten' was never awaited"):
        world.run(Tasks().handler(program))
