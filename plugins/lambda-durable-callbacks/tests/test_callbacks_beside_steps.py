"""Callbacks that are awaited while something else of the same invocation still runs."""

import threading
import time
from typing import Any

import pytest
from callback_programs import World, program

from lambda_durable_callbacks import CallbackFailedError, CallbackTimeoutError


def test_answered_while_a_step_runs(flavour: Any, world: World) -> None:
    async def main(event: Any, ctx: Any) -> Any:
        callback = await ctx.create_callback("approval")
        step = ctx.start.step(world.answer, "approval", '"yes"', name="slow")
        return [await callback.result(), await step.result()]

    done = world.run(flavour.handler(main))
    assert done.value == ["yes", None]
    assert done.invocations == 1  # the step's checkpoint brought the news


def test_the_step_ends_after_the_answer(flavour: Any, world: World) -> None:
    answered = threading.Event()

    async def main(event: Any, ctx: Any) -> Any:
        callback = await ctx.create_callback("approval")

        def quick() -> None:
            world.answer("approval", {"ErrorMessage": "no"})

        slow = ctx.start.step(answered.wait, 50, name="slow")
        fast = ctx.start.step(quick)
        with pytest.raises(CallbackFailedError):
            await callback.result()
        answered.set()
        return [await slow.result(), await fast.result()]

    done = world.run(flavour.handler(main))
    assert done.value == [True, None]
    assert done.invocations == 1


def test_a_step_that_runs_does_not_hide_a_time_out(flavour: Any, world: World) -> None:
    world.simulation.now = time.time()
    world.simulation.clock = time.time  # type: ignore[method-assign]  # the time that passes is real
    timed_out = threading.Event()

    async def main(event: Any, ctx: Any) -> Any:
        callback = await ctx.create_callback("approval", timeout=1)
        slow = ctx.start.step(timed_out.wait, 50, name="slow")
        with pytest.raises(CallbackTimeoutError):
            await callback.result()
        timed_out.set()
        return await slow.result()

    assert world.run(flavour.handler(main)).value is True


@pytest.mark.parametrize("order", ["ab", "ba"])
def test_branches_wait_for_each_others_callbacks(flavour: Any, world: World, order: str) -> None:
    async def main(event: Any, ctx: Any) -> Any:
        callbacks = {name: await ctx.create_callback(name) for name in "ab"}

        @program
        async def branch(inner: Any, name: str, other: str) -> Any:
            await inner.wait(1 if name == order[0] else 2)
            await inner.step(world.answer, other, f'"from {name}"', name=f"answer {other}")
            return await callbacks[name].result()

        futures = [
            ctx.start.run_in_child_context(branch, name, other, name=f"branch {name}")
            for name, other in ("ab", "ba")
        ]
        return [await future.result() for future in futures]

    assert world.run(flavour.handler(main)).value == ["from b", "from a"]


def test_one_that_is_left_behind_does_not_hold_the_execution(flavour: Any, world: World) -> None:
    async def main(event: Any, ctx: Any) -> Any:
        ctx.start.wait_for_callback(lambda callback_id: None, name="nobody asks")
        return await ctx.step(lambda: "done", name="last")

    assert world.run(flavour.handler(main)).value == "done"
