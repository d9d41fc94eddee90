"""Operations of one's own, run with `ctx.run`, branches side by side among them."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from lambda_durable import DurableOperation, Place, durable_execution
from lambda_durable.effects import Checkpoint, Enter, Group, NextSettled, Settled, Spawn, Suspend
from lambda_durable.runtimes import workers

from .flavours import Plain, _finish
from .world import World


class Once:
    """The smallest operation: a step that keeps a fixed payload, and calls nobody."""

    type = "STEP"
    subtype = "Once"

    def __init__(self, name: str) -> None:
        self.name = name

    async def flow(self, here: Place, /) -> str:
        record = here.record
        if record is None:
            record = await Checkpoint(here.update("SUCCEED", {"Payload": f"kept {self.name}"}))
        assert record is not None
        result: str = record["StepDetails"]["Result"]
        return result


def test_an_operation_of_ones_own(flavour: Any, world: World) -> None:
    async def program(event: Any, ctx: Any) -> Any:
        first = await ctx.run(Once("mine"))
        await ctx.wait(1)
        return [first, await ctx.run(Once("again"))]

    assert world.run(flavour.handler(program)).value == ["kept mine", "kept again"]
    assert world.record("mine")["SubType"] == "Once"


class BranchOf:
    """One branch: a function in a context of its own that is not kept."""

    type = "CONTEXT"
    subtype = "TestBranch"
    virtual = True

    def __init__(self, func: Callable[..., Any], name: str) -> None:
        self.func = func
        self.name = name

    async def flow(self, here: Place, /) -> Any:
        return await Enter(here.call("context"), self.func, here.inner_scope(virtual=True))


class Together:
    """All functions side by side; their results in order, the first failure raised."""

    type = "CONTEXT"
    subtype = "TestTogether"

    def __init__(self, funcs: list[Callable[..., Any]], name: str = "together") -> None:
        self.funcs = funcs
        self.name = name

    async def flow(self, here: Place, /) -> list[Any]:
        record = here.record
        if record is None:
            await Checkpoint(here.update("START"), durable=False)
        group, places = Group(), []
        for index, func in enumerate(self.funcs):
            places.append(here.branch(index, BranchOf(func, f"branch {index}")))
            await Spawn(group, index, places[index])
        results = await self._collect(here, group)
        if record is None or record["Status"] == "STARTED":
            members = {"Payload": "", "ContextOptions": {"ReplayChildren": True}}
            await Checkpoint(here.update("SUCCEED", members))
        return [results[index] for index in range(len(self.funcs))]

    async def _collect(self, here: Place, group: Group) -> dict[int, Any]:
        results: dict[int, Any] = {}
        while len(results) < len(self.funcs):
            settled: Settled | None = await NextSettled(group)
            assert settled is not None
            if settled.error is not None:
                raise settled.error
            results[settled.branch] = settled.value
        return results


def together(flavour: Any, *funcs: Callable[..., Any]) -> DurableOperation[list[Any]]:
    """Return the operation for the functions of a program, in the flavour it runs in."""
    if flavour.name == "threads":
        return Together([lambda ctx, f=f: _finish(f(Plain(ctx))) for f in funcs])
    return Together(list(funcs))


def _step(name: str, value: Any) -> Callable[..., Any]:
    async def branch(ctx: Any) -> Any:
        return await ctx.step(lambda: value, name=name)

    return branch


def test_branches_run_side_by_side(flavour: Any, world: World) -> None:
    barrier = threading.Barrier(3, timeout=5)

    def meeting(name: str) -> Callable[..., Any]:
        async def branch(ctx: Any) -> Any:
            await ctx.step(barrier.wait, name=name)
            return name

        return branch

    async def program(event: Any, ctx: Any) -> Any:
        return await ctx.run(together(flavour, *map(meeting, "abc")))

    assert world.run(flavour.handler(program)).value == ["a", "b", "c"]
    together_id = world.record("together")["Id"]
    assert all(o["ParentId"] == together_id for o in world.records() if o["Type"] == "STEP")


def test_suspended_branches_resume_and_others_go_on(flavour: Any, world: World) -> None:
    bodies = []

    def waiting(name: str, seconds: int) -> Callable[..., Any]:
        async def branch(ctx: Any) -> Any:
            await ctx.step(lambda: bodies.append(name), name=f"{name} before")
            await ctx.wait(seconds)
            return await ctx.step(lambda: bodies.append(name) or name, name=f"{name} after")

        return branch

    async def program(event: Any, ctx: Any) -> Any:
        return await ctx.run(together(flavour, waiting("a", 10), _step("b", "b"), waiting("c", 20)))

    finished = world.run(flavour.handler(program))
    assert finished.value == ["a", "b", "c"]
    assert finished.invocations == 3
    assert sorted(bodies) == ["a", "a", "c", "c"]


def test_a_failing_branch_abandons_the_others(flavour: Any, world: World) -> None:
    release, ran = threading.Event(), []

    async def fails(ctx: Any) -> Any:
        raise LookupError("first")

    async def slow(ctx: Any) -> Any:
        await ctx.step(release.wait, 20, name="slow")
        ran.append("after the end")

    async def program(event: Any, ctx: Any) -> Any:
        await ctx.run(together(flavour, slow, fails))

    finished = world.run(flavour.handler(program))
    assert finished.error is not None
    assert finished.error["ErrorMessage"] == "first"
    assert not release.is_set()
    release.set()
    for thread in threading.enumerate():
        if thread.name.startswith("lambda-durable"):
            thread.join(5)
    assert ran == []


def test_nesting_deeper_than_the_limit_does_not_deadlock(
    flavour: Any, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "RUNNING_LIMIT", 2)

    def tree(depth: int) -> Callable[..., Any]:
        async def branch(ctx: Any) -> Any:
            if depth == 0:
                return await ctx.step(lambda: 1, name="leaf")
            left, right = await ctx.run(together(flavour, tree(depth - 1), tree(depth - 1)))
            return left + right

        return branch

    async def program(event: Any, ctx: Any) -> Any:
        return await ctx.run(together(flavour, tree(3), tree(3)))

    assert world.run(flavour.handler(program)).value == [8, 8]


def test_swallowing_a_suspension_in_a_branch(flavour: Any, world: World) -> None:
    async def swallows(ctx: Any) -> Any:
        try:
            await ctx.wait(10)
        except BaseException:  # noqa: BLE001 - this is what users must be safe from
            return "swallowed"
        return "waited"

    async def program(event: Any, ctx: Any) -> Any:
        return await ctx.run(together(flavour, swallows, _step("b", "b")))

    assert world.run(flavour.handler(program)).value == ["waited", "b"]


def test_next_settled_gives_up_in_time(flavour: Any, world: World) -> None:
    class Impatient(Together):
        async def _collect(self, here: Place, group: Group) -> dict[int, Any]:
            settled = await NextSettled(group, here.execution.clock() + 0.05)
            return dict.fromkeys(range(len(self.funcs)), "late" if settled is None else "early")

    release = threading.Event()

    async def slow(ctx: Any) -> Any:
        await ctx.step(release.wait, 20, name="slow")

    async def program(event: Any, ctx: Any) -> Any:
        operation = together(flavour, slow)
        operation.__class__ = Impatient
        return await ctx.run(operation)

    real = time.time
    world.simulation.clock = real  # type: ignore[method-assign]  # the time that passes here is real
    assert world.run(flavour.handler(program)).value == ["late"]
    release.set()


def test_all_branches_start_although_a_thread_is_idle(flavour: Any, world: World) -> None:
    barrier = threading.Barrier(2, timeout=10)

    def meeting(name: str) -> Callable[..., Any]:
        async def branch(ctx: Any) -> Any:
            await ctx.step(barrier.wait, name=name)
            return name

        return branch

    async def program(event: Any, ctx: Any) -> Any:
        await ctx.run(together(flavour, _step("x", 1)))  # its thread stays for a while
        time.sleep(0.05)  # noqa: ASYNC251 - lets that thread come to rest
        return await ctx.run(together(flavour, meeting("a"), meeting("b")))

    assert world.run(flavour.handler(program)).value == ["a", "b"]


def test_an_abandoned_branch_begins_nothing_more(flavour: Any, world: World) -> None:
    release, ran = threading.Event(), []

    async def fails(ctx: Any) -> Any:
        raise LookupError("first")

    async def slow(ctx: Any) -> Any:
        async def inner(own: Any) -> Any:
            await own.step(release.wait, 20, name="slow")
            await own.step(lambda: ran.append("too late"), name="late")

        return await ctx.run(together(flavour, inner))

    async def program(event: Any, ctx: Any) -> Any:
        try:
            await ctx.run(together(flavour, slow, fails))
        except LookupError:
            release.set()
        await ctx.step(time.sleep, 0.2, name="main")
        return "went on"

    assert world.run(flavour.handler(program)).value == "went on"
    assert ran == []


class UntilElapsed:
    """A timer whose flow is overtaken by an answer between its look at the record and its rest."""

    type = "WAIT"
    subtype = "Wait"
    name = "timer"

    def __init__(self) -> None:
        self.looked, self.overtaken = threading.Event(), threading.Event()

    async def flow(self, here: Place, /) -> str:
        start = here.update("START", {"WaitOptions": {"WaitSeconds": 60}})
        record = here.record or await Checkpoint(start)
        if record is None or record["Status"] != "SUCCEEDED":
            self.looked.set()
            assert self.overtaken.wait(20)
            await Suspend(on=here.id)
        return "elapsed"


def test_news_between_a_look_and_a_rest_is_not_lost(world: World) -> None:
    """On threads only: in a loop nothing else runs while a flow makes up its mind."""
    timer = UntilElapsed()

    def elapse() -> None:
        assert timer.looked.wait(20)
        world.simulation.now += 60
        world.simulation.service.advance(world.simulation.now)

    def program(event: Any, ctx: Any) -> Any:
        future = ctx.start.run(timer)
        month = ctx.start.wait(30 * 86_400)
        ctx.step(elapse)  # its answer tells of the timer
        timer.overtaken.set()
        value = future.result()
        return [value, world.simulation.clock(), month is not None]

    began = world.simulation.clock()
    finished = world.run(durable_execution(program))
    assert finished.value == ["elapsed", began + 60, True]
    assert finished.invocations == 1
