"""What user code around a wait may do: cleanup in `finally`, and to swallow everything."""

from contextlib import suppress
from types import ModuleType
from typing import Any

from behaviour.world import World


def test_a_step_in_finally_runs_once_at_the_true_end(flavour: Any, world: World) -> None:
    ran: list[str] = []

    async def program(event: Any, ctx: Any) -> str:
        try:
            await ctx.wait(60, name="wait")
            await ctx.step(ran.append, "work", name="work")
        finally:
            await ctx.step(ran.append, "cleanup", name="cleanup")
        return "done"

    assert world.run(flavour.handler(program)).value == "done"
    assert ran == ["work", "cleanup"]
    assert [record["Name"] for record in world.records()] == ["wait", "work", "cleanup"]


def test_officially_a_step_in_finally_runs_at_the_first_wait(
    official: Any, sdk: ModuleType, world: World
) -> None:
    from aws_durable_execution_sdk_python.config import Duration

    ran: list[str] = []

    def program(event: Any, ctx: Any) -> str:
        try:
            ctx.wait(Duration(60), name="wait")
            ctx.step(lambda _: ran.append("work"), name="work")
        finally:
            ctx.step(lambda _: ran.append("cleanup"), name="cleanup")
        return "done"

    finished = world.run(official(program))
    # It cleans up during the wait; the work then finds that record at its id and is never done.
    assert ran == ["cleanup", "cleanup"]
    assert finished.status == "FAILED"
    assert "NonDeterministic" in finished.error["ErrorType"]


def test_a_swallowed_suspension_still_suspends(flavour: Any, world: World) -> None:
    async def program(event: Any, ctx: Any) -> str:
        with suppress(BaseException):
            await ctx.wait(3600)
        return "done"

    began = world.simulation.now
    finished = world.run(flavour.handler(program))
    assert (finished.value, finished.invocations) == ("done", 2)
    assert world.simulation.now - began >= 3600


def test_officially_a_swallowed_suspension_skips_the_wait(
    official: Any, sdk: ModuleType, world: World
) -> None:
    from aws_durable_execution_sdk_python.config import Duration

    def program(event: Any, ctx: Any) -> str:
        with suppress(BaseException):
            ctx.wait(Duration(3600))
        return "done"

    began = world.simulation.now
    finished = world.run(official(program))
    # The execution succeeds at once; the hour never passes.
    assert (finished.value, finished.invocations) == ("done", 1)
    assert world.simulation.now == began
