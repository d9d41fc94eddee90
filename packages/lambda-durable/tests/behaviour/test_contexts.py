"""Waits, child contexts, invokes and conditions."""

from datetime import timedelta
from typing import Any

import pytest

from lambda_durable import (
    ChildContextError,
    ConditionNotMetError,
    InvokeError,
    InvokeTimeoutError,
    StepError,
)
from lambda_durable_kernel import FunctionSpec

from .world import World


@pytest.mark.parametrize(
    ("duration", "seconds"),
    [(5, 5), (1.2, 2), (timedelta(hours=2), 7200), (30_000_000, 30_000_000)],
)
def test_a_wait_takes_whole_seconds(
    flavour: Any, world: World, duration: Any, seconds: int
) -> None:
    async def program(event: Any, ctx: Any) -> Any:
        return await ctx.wait(duration, name="rest")

    started = world.simulation.now
    finished = world.run(flavour.handler(program))
    assert (finished.status, finished.invocations) == ("SUCCEEDED", 2)
    assert world.simulation.now == pytest.approx(started + seconds)


def test_a_child_context_keeps_one_result(flavour: Any, world: World) -> None:
    runs = []

    async def child(ctx: Any, left: int, right: int) -> Any:
        runs.append(1)
        total = await ctx.step(lambda: left + right, name="add")
        await ctx.wait(3)
        return {"total": total}

    async def program(event: Any, ctx: Any) -> Any:
        value = await ctx.run_in_child_context(child, 2, 3)
        await ctx.wait(3)
        return value

    assert world.run(flavour.handler(program)).value == {"total": 5}
    assert runs == [1, 1]
    context = world.record("child")
    assert context["SubType"] == "RunInChildContext"
    assert world.history().count("ContextSucceeded") == 1


def test_a_virtual_context_writes_nothing_of_its_own(flavour: Any, world: World) -> None:
    async def group(ctx: Any) -> Any:
        return await ctx.step(lambda: "inside", name="inside")

    async def child(ctx: Any) -> Any:
        return await ctx.run_in_child_context(group, virtual=True)

    async def program(event: Any, ctx: Any) -> Any:
        value = await ctx.run_in_child_context(group, virtual=True)
        return [value, await ctx.run_in_child_context(child)]

    assert world.run(flavour.handler(program)).value == ["inside", "inside"]
    kinds = [(o["Type"], o.get("Name")) for o in world.records()]
    assert kinds == [("STEP", "inside"), ("CONTEXT", "child"), ("STEP", "inside")]
    first, context, second = world.records()
    assert "ParentId" not in first
    assert second["ParentId"] == context["Id"]


def test_a_large_child_result_is_replayed_from_its_children(flavour: Any, world: World) -> None:
    bodies = []

    async def child(ctx: Any) -> Any:
        parts = []
        for number in range(3):
            text = await ctx.step(lambda: bodies.append(1) or "x" * 100_000, name=f"part {number}")
            parts.append(text)
        return parts

    async def program(event: Any, ctx: Any) -> Any:
        parts = await ctx.run_in_child_context(child)
        await ctx.wait(5)
        again = await ctx.step(lambda: len(parts), name="after")
        await ctx.wait(5)
        return [again, sum(map(len, parts))]

    finished = world.run(flavour.handler(program))
    assert (finished.value, finished.invocations) == ([3, 300_000], 3)
    assert len(bodies) == 3
    assert world.record("child")["ContextDetails"]["ReplayChildren"] is True


class CardDeclined(Exception):
    pass


def test_a_failing_child_raises_the_reason_on_every_run(flavour: Any, world: World) -> None:
    caught = []

    async def inner(ctx: Any) -> Any:
        def pay() -> None:
            raise CardDeclined("no funds")

        await ctx.step(pay)

    async def outer(ctx: Any) -> Any:
        await ctx.run_in_child_context(inner)

    async def program(event: Any, ctx: Any) -> Any:
        try:
            await ctx.run_in_child_context(outer)
        except ChildContextError as error:
            caught.append((str(error), type(error.cause)))
        await ctx.wait(1)

    world.run(flavour.handler(program))
    assert caught[0] == caught[1]
    message, cause = caught[0]
    assert message.endswith("CardDeclined: no funds")
    assert cause is CardDeclined


def test_map_error_decides_what_is_raised(flavour: Any, world: World) -> None:
    caught = []

    async def child(ctx: Any) -> Any:
        raise ValueError("inner")

    async def program(event: Any, ctx: Any) -> Any:
        try:
            await ctx.run_in_child_context(
                child, map_error=lambda error: CardDeclined(error.error_message)
            )
        except CardDeclined as error:
            caught.append((str(error), type(error.__cause__)))
        await ctx.wait(1)

    world.run(flavour.handler(program))
    assert caught == [("inner", ChildContextError)] * 2


def test_invoke_of_durable_and_plain_functions(flavour: Any, world: World) -> None:
    async def target(event: Any, ctx: Any) -> Any:
        await ctx.wait(20)
        return {"got": event}

    async def program(event: Any, ctx: Any) -> Any:
        first = await ctx.invoke("target", {"n": 1}, name="durable", tenant_id="acme")
        second = await ctx.invoke("plain", [1, 2], result_type=int)
        return [first, second, await ctx.invoke("echo"), await ctx.invoke("echo", None)]

    world.add("target", flavour.handler(target))
    world.add_plain("plain", len)
    world.add_plain("echo", lambda event: event)
    assert world.run(flavour.handler(program)).value == [{"got": {"n": 1}}, 2, {}, None]


def test_a_failing_invoke_says_why(flavour: Any, world: World) -> None:
    def fails(event: Any) -> Any:
        raise CardDeclined("declined")

    async def program(event: Any, ctx: Any) -> Any:
        messages = []
        for function in ("fails", "missing"):
            try:
                await ctx.invoke(function)
            except InvokeError as error:
                messages.append(str(error))
        return messages

    world.add_plain("fails", fails)
    first, second = world.run(flavour.handler(program)).value
    assert "invoke 'fails' failed" in first
    assert "declined" in first
    assert "ResourceNotFoundException" in second


def test_an_invoke_that_times_out_is_told_apart(flavour: Any, world: World) -> None:
    async def target(event: Any, ctx: Any) -> Any:
        await ctx.wait(1_000)

    async def program(event: Any, ctx: Any) -> Any:
        try:
            await ctx.invoke("slow")
        except InvokeTimeoutError:
            return "timed out"

    slow = flavour.handler(target)
    world.simulation.register(
        FunctionSpec("slow", execution_timeout=60),
        lambda name, event, told: slow.run_invocation(event, None, service=told.service),
    )
    assert world.run(flavour.handler(program)).value == "timed out"


def test_a_condition_is_checked_until_it_holds(flavour: Any, world: World) -> None:
    async def check(state: dict[str, int]) -> dict[str, int]:
        return {"seen": state["seen"] + 1}

    async def program(event: Any, ctx: Any) -> Any:
        return await ctx.wait_for_condition(
            check, {"seen": 0}, until=lambda state: state["seen"] == 4, strategy=lambda s, n, e: 10
        )

    started = world.simulation.now
    finished = world.run(flavour.handler(program))
    assert finished.value == {"seen": 4}
    assert world.simulation.now == pytest.approx(started + 30)
    assert world.record("check")["SubType"] == "WaitForCondition"


def test_a_condition_that_is_given_up_keeps_its_last_state(flavour: Any, world: World) -> None:
    caught = []

    async def program(event: Any, ctx: Any) -> Any:
        try:
            await ctx.wait_for_condition(
                lambda state: state + 1,
                0,
                name="ready",
                until=lambda state: False,
                strategy=lambda state, attempt, elapsed: 1 if attempt < 3 else None,
            )
        except ConditionNotMetError as error:
            caught.append((str(error), error.state))
        await ctx.wait(1)

    world.run(flavour.handler(program))
    assert caught == [("condition 'ready' failed: it did not hold after 3 checks", 3)] * 2


def test_a_condition_given_up_with_a_large_state_says_that_it_is_lost(
    flavour: Any, world: World
) -> None:
    caught = []

    async def program(event: Any, ctx: Any) -> Any:
        try:
            await ctx.wait_for_condition(
                lambda state: "x" * 40_000, "", until=lambda s: False, strategy=lambda *_: None
            )
        except ConditionNotMetError as error:
            caught.append((error.error_message, error.state))
        await ctx.wait(1)

    world.run(flavour.handler(program))
    message = caught[0][0]
    assert caught == [(message, None)] * 2
    assert "it did not hold after 1 check; its last state takes 40002 bytes" in message


def test_a_check_that_raises_keeps_the_state_before(flavour: Any, world: World) -> None:
    def check(state: int) -> int:
        if state == 2:
            raise LookupError("gone")
        return state + 1

    async def program(event: Any, ctx: Any) -> Any:
        try:
            await ctx.wait_for_condition(check, 0, until=lambda s: s > 5, strategy=lambda *_: 1)
        except ConditionNotMetError as error:
            return [str(error), error.state, repr(error.cause)]

    assert world.run(flavour.handler(program)).value == [
        "condition 'check' failed: LookupError: gone",
        2,
        "LookupError('gone')",
    ]


def test_state_of_any_condition_goes_through_the_payload(flavour: Any, world: World) -> None:
    seen = []

    async def program(event: Any, ctx: Any) -> Any:
        await ctx.wait_for_condition(
            lambda state: seen.append(state) or state, (1, 2), name="c", until=lambda s: True
        )

    world.run(flavour.handler(program))
    assert seen == [[1, 2]]


def test_an_error_that_nobody_handles_ends_the_execution_with_its_reason(
    flavour: Any, world: World
) -> None:
    async def program(event: Any, ctx: Any) -> Any:
        def pay() -> None:
            raise CardDeclined("no funds")

        try:
            await ctx.step(pay)
        except StepError:
            await ctx.step(lambda: None, name="note it")
            raise

    finished = world.run(flavour.handler(program))
    assert finished.status == "FAILED"
    assert finished.error is not None
    assert finished.error["ErrorType"].endswith("CardDeclined")
    assert finished.error["ErrorMessage"] == "no funds"
    assert any("in pay" in line for line in finished.error["StackTrace"])
    assert not any("lambda_durable/" in line for line in finished.error["StackTrace"])
    assert not any("asyncio/" in line for line in finished.error["StackTrace"])
