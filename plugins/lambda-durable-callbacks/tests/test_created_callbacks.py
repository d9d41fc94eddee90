"""Callbacks that are created first and awaited later, or never."""

import asyncio
from typing import Any

import pytest
from callback_programs import Tasks, World, program

from lambda_durable_callbacks import (
    CallbackError,
    CallbackFailedError,
    CallbackHeartbeatError,
    CallbackTimeoutError,
)


def test_the_result_comes_from_outside(flavour: Any, world: World) -> None:
    ids = []

    async def main(event: Any, ctx: Any) -> Any:
        callback = await ctx.create_callback("approval")
        ids.append(callback.callback_id)
        return await callback.result()

    done = world.run(flavour.handler(main), answers={"approval": '{"by":"ann"}'})
    assert done.value == {"by": "ann"}
    assert done.invocations == 2
    assert ids[0] == ids[1] == world.record("approval")["CallbackDetails"]["CallbackId"]
    assert world.record("approval")["SubType"] == "Callback"
    assert world.events() == [
        "ExecutionStarted",
        "CallbackStarted",
        "InvocationCompleted",
        "CallbackSucceeded",
        "InvocationCompleted",
        "ExecutionSucceeded",
    ]


def test_completed_before_it_is_awaited(flavour: Any, world: World) -> None:
    async def main(event: Any, ctx: Any) -> Any:
        callback = await ctx.create_callback("early")
        await ctx.step(world.answer, "early", '"at once"', name="somebody is quick")
        return await callback.result()

    done = world.run(flavour.handler(main))
    assert done.value == "at once"
    assert done.invocations == 1


def test_completed_while_something_else_is_awaited(flavour: Any, world: World) -> None:
    async def main(event: Any, ctx: Any) -> Any:
        callback = await ctx.create_callback("early")
        await ctx.wait(60)
        return await callback.result()

    done = world.run(flavour.handler(main), answers={"early": "1"})
    assert done.value == 1


@pytest.mark.parametrize("answered", [("a", "b"), ("b", "a")], ids="".join)
def test_awaited_in_another_order_than_created(
    flavour: Any, world: World, answered: tuple[str, str]
) -> None:
    async def main(event: Any, ctx: Any) -> Any:
        first = await ctx.create_callback("a")
        second = await ctx.create_callback("b")
        return [await second.result(), await first.result()]

    world.start(flavour.handler(main))
    for name in answered:
        world.answer(name, f'"{name}"')
        world.simulation.settle()
    assert world.finish().value == ["b", "a"]


def test_awaited_twice(flavour: Any, world: World) -> None:
    async def main(event: Any, ctx: Any) -> Any:
        callback = await ctx.create_callback("once")
        first = await callback.result()
        await ctx.wait(5)
        return [first, await callback.result(), await callback]

    done = world.run(flavour.handler(main), answers={"once": "[7]"})
    assert done.value == [[7], [7], [7]]


def test_failed_and_awaited_twice(flavour: Any, world: World) -> None:
    async def main(event: Any, ctx: Any) -> Any:
        callback = await ctx.create_callback("once")
        messages = []
        for _ in range(2):
            try:
                await callback.result()
            except CallbackFailedError as error:
                messages.append(str(error))
            await ctx.wait(5)
        return messages

    done = world.run(flavour.handler(main), answers={"once": {"ErrorMessage": "no"}})
    assert done.value == ["callback 'once' failed: no"] * 2


def test_never_awaited(flavour: Any, world: World) -> None:
    async def main(event: Any, ctx: Any) -> Any:
        callback = await ctx.create_callback("forgotten")
        return await ctx.step(lambda: len(callback.callback_id) > 0, name="given away")

    done = world.run(flavour.handler(main))
    assert done.value is True
    assert done.invocations == 1
    assert world.record("forgotten")["Status"] == "STARTED"


def test_awaited_in_a_child_context(flavour: Any, world: World) -> None:
    async def main(event: Any, ctx: Any) -> Any:
        callback = await ctx.create_callback("outer")

        @program
        async def child(inner: Any) -> Any:
            before = await inner.step(lambda: "x", name="before")
            return [before, await callback.result()]

        return await ctx.run_in_child_context(child, name="child")

    done = world.run(flavour.handler(main), answers={"outer": '"y"'})
    assert done.value == ["x", "y"]


def test_awaited_by_several_at_a_time(flavour: Any, world: World) -> None:
    async def main(event: Any, ctx: Any) -> Any:
        callback = await ctx.create_callback("shared")

        @program
        async def child(inner: Any, name: str) -> Any:
            return [name, await callback.result(), await inner.step(lambda: name, name=name)]

        futures = [
            ctx.start.run_in_child_context(child, name, name=f"child {name}") for name in "ab"
        ]
        return [await future.result() for future in futures] + [await callback.result()]

    done = world.run(flavour.handler(main), answers={"shared": "5"})
    assert done.value == [["a", 5, "a"], ["b", 5, "b"], 5]


def test_gathered(world: World) -> None:
    async def main(event: Any, ctx: Any) -> Any:
        first = await ctx.create_callback("a")
        second = await ctx.create_callback("b")
        results = await asyncio.gather(first, second.result(), first.result(), second)
        return [*results, await ctx.step(lambda: "after", name="after")]

    done = world.run(Tasks().handler(main), answers={"b": "2", "a": "1"})
    assert done.value == [1, 2, 1, 2, "after"]


def test_nobody_answers_in_time(flavour: Any, world: World) -> None:
    async def main(event: Any, ctx: Any) -> Any:
        callback = await ctx.create_callback("late", timeout=3600, heartbeat_timeout=1800.2)
        try:
            await callback.result()
        except CallbackTimeoutError as error:
            kept = [str(error), error.error_type, error.name, error.callback_id]
            await ctx.wait(1)
            return [*kept, callback.callback_id]

    world.start(flavour.handler(main))
    id = world.simulation.callback_id(world.arn)
    for _ in range(2):  # heartbeats do not put off the other time-out
        world.simulation.advance(1700)
        world.simulation.heartbeat_callback(id)
    begun = world.simulation.now
    world.simulation.settle()
    done = world.finish()
    message = "callback 'late' failed: Callback.Timeout: Callback timed out"
    assert done.value == [message, "Callback.Timeout", "late", id, id]
    assert world.simulation.now - begun == 3600 - 2 * 1700 + 1
    assert done.invocations == 3


def test_the_heartbeat_stops(flavour: Any, world: World) -> None:
    async def main(event: Any, ctx: Any) -> Any:
        callback = await ctx.create_callback("beating", heartbeat_timeout=60)
        try:
            await callback.result()
        except CallbackHeartbeatError as error:
            return [error.error_type, error.callback_id == callback.callback_id]

    begun = world.simulation.now
    world.start(flavour.handler(main))
    id = world.simulation.callback_id(world.arn)
    for _ in range(5):
        world.simulation.advance(50)
        world.simulation.heartbeat_callback(id)
    assert world.finish().value == ["Callback.Heartbeat", True]
    assert world.simulation.now - begun == 5 * 50 + 60


def test_a_heartbeat_keeps_it_alive(flavour: Any, world: World) -> None:
    async def main(event: Any, ctx: Any) -> Any:
        return await (await ctx.create_callback("beating", heartbeat_timeout=60)).result()

    world.start(flavour.handler(main))
    for _ in range(3):
        world.simulation.advance(59)
        world.simulation.heartbeat_callback(world.simulation.callback_id(world.arn))
    world.answer("beating", "true")
    assert world.finish().value is True


def test_what_the_other_side_sent_with_its_failure(flavour: Any, world: World) -> None:
    sent = {
        "ErrorType": "Callback.Timeout",  # whatever it calls itself, it is a failure
        "ErrorMessage": "not approved",
        "ErrorData": '{"limit": 100}',
        "StackTrace": ["approvals.py:7 in decide"],
    }

    async def main(event: Any, ctx: Any) -> Any:
        callback = await ctx.create_callback("approval", timeout=60)
        with pytest.raises(CallbackError) as caught:
            await callback.result()
        error = caught.value
        kept = [error.error_type, error.error_message, error.error_data, error.stack_trace]
        return [type(error).__name__, error.callback_id == callback.callback_id, *kept]

    done = world.run(flavour.handler(main), answers={"approval": sent})
    assert done.value == ["CallbackFailedError", True, *sent.values()]


def test_a_failure_without_a_reason(flavour: Any, world: World) -> None:
    async def main(event: Any, ctx: Any) -> Any:
        try:
            await (await ctx.create_callback()).result()
        except CallbackFailedError as error:
            return str(error)

    world.start(flavour.handler(main))
    world.simulation.fail_callback(world.simulation.callback_id(world.arn))
    assert world.finish().value == "callback failed: no reason was given"


def test_a_failure_that_is_not_caught_fails_the_execution(flavour: Any, world: World) -> None:
    async def main(event: Any, ctx: Any) -> Any:
        await (await ctx.create_callback("approval")).result()

    sent = {"ErrorType": "Rejected", "ErrorMessage": "no", "ErrorData": "100"}
    done = world.run(flavour.handler(main), answers={"approval": sent})
    assert done.status == "FAILED"
    assert done.error is not None
    assert {key: done.error.get(key) for key in sent} == sent


def test_a_known_exception_is_the_cause(flavour: Any, world: World) -> None:
    async def main(event: Any, ctx: Any) -> Any:
        try:
            await (await ctx.create_callback("approval")).result()
        except CallbackFailedError as error:
            return [type(error.cause).__name__, str(error.cause)]

    answer = {"ErrorType": "ValueError", "ErrorMessage": "too much"}
    done = world.run(flavour.handler(main), answers={"approval": answer})
    assert done.value == ["ValueError", "too much"]


def test_a_callback_says_which_it_is(flavour: Any, world: World) -> None:
    async def main(event: Any, ctx: Any) -> Any:
        callback = await ctx.create_callback("approval")
        return [callback.callback_id, repr(getattr(callback, "_wrapped", callback))]

    id, shown = world.run(flavour.handler(main)).value
    assert shown == f"<callback 'approval' {id}>"
