"""A workflow in both flavours, the changes that it may have, and recordings of it."""

from collections.abc import Callable
from typing import Any

from lambda_durable import AsyncDurableContext, DurableContext, DurableHandler, durable_execution
from lambda_durable_kernel import FunctionSpec, Simulation
from lambda_durable_testing.recorded import Recording

Handler = DurableHandler[Any, Any]

ran: list[Any] = []
"""What the bodies of steps were called with; a replay must leave it alone."""


def work(value: Any) -> dict[str, Any]:
    ran.append(value)
    return {"value": value}


def pairs(value: Any) -> Any:
    ran.append(value)
    return {"pair": (value, value)}


def order(change: str = "") -> Handler:  # noqa: C901 - all its variants, in one piece
    """Return the workflow as `def`, with one change."""

    def pay(ctx: DurableContext) -> None:
        ctx.step(work, 3, name="charge!" if change == "rename inside" else "charge")
        if change != "delete inside":
            ctx.wait(5, name="settle")
        ctx.step(work, 4, name="receipt")
        if change == "insert at the end inside":
            ctx.step(work, 4, name="bonus")

    def rest(ctx: DurableContext) -> str:
        ctx.step(work, 6, name="notify")
        ctx.wait(2, name="cool")
        return "rested"

    def parcel(ctx: DurableContext, item: int) -> Any:
        return ctx.step(work, item, name="pack")

    def left(ctx: DurableContext) -> Any:
        return ctx.step(work, "l", name="left")

    def right(ctx: DurableContext) -> Any:
        return ctx.step(work, "r", name="right")

    def handler(event: Any, ctx: DurableContext) -> Any:
        ctx.step(work, 1, name="book" if change == "rename" else "reserve")
        if change == "insert":
            ctx.step(work, 1, name="extra")
        if change != "delete":
            ctx.step(pairs, 2, name="price", serializer="json" if change == "serializer" else None)
        if change == "reorder":
            ctx.step(work, 5, name="invoice")
            ctx.wait(60, name="pause")
        else:
            ctx.wait(60, name="pause")
            ctx.step(work, 5, name="invoice")
        if change == "un-nest":
            pay(ctx)
        else:
            ctx.run_in_child_context(pay)
        items = {"more items": [1, 2, 3, 4], "fewer items": [1, 2]}.get(change, [1, 2, 3])
        ctx.map(items, parcel, name="ship", max_concurrency=2)
        sides = {"left": left, "right!" if change == "rename a branch" else "right": right}
        if change == "one branch":
            del sides["left"]
        ctx.parallel(sides, name="sides")
        if change == "nest":
            ctx.run_in_child_context(rest)
        else:
            rest(ctx)
        if change != "delete the last":
            ctx.step(work, 7, name="archive")
        if change == "insert at the end":
            ctx.step(work, 8, name="after")
        return _refactored(change)

    return durable_execution(handler)


def async_order(change: str = "") -> Handler:  # noqa: C901 - as above
    """Return the workflow as `async def`, with one change."""

    async def pay(ctx: AsyncDurableContext) -> None:
        await ctx.step(work, 3, name="charge!" if change == "rename inside" else "charge")
        if change != "delete inside":
            await ctx.wait(5, name="settle")
        await ctx.step(work, 4, name="receipt")
        if change == "insert at the end inside":
            await ctx.step(work, 4, name="bonus")

    async def rest(ctx: AsyncDurableContext) -> str:
        await ctx.step(work, 6, name="notify")
        await ctx.wait(2, name="cool")
        return "rested"

    async def parcel(ctx: AsyncDurableContext, item: int) -> Any:
        return await ctx.step(work, item, name="pack")

    async def left(ctx: AsyncDurableContext) -> Any:
        return await ctx.step(work, "l", name="left")

    async def right(ctx: AsyncDurableContext) -> Any:
        return await ctx.step(work, "r", name="right")

    async def handler(event: Any, ctx: AsyncDurableContext) -> Any:
        await ctx.step(work, 1, name="book" if change == "rename" else "reserve")
        if change == "insert":
            await ctx.step(work, 1, name="extra")
        if change != "delete":
            json = "json" if change == "serializer" else None
            await ctx.step(pairs, 2, name="price", serializer=json)
        if change == "reorder":
            await ctx.step(work, 5, name="invoice")
            await ctx.wait(60, name="pause")
        else:
            await ctx.wait(60, name="pause")
            await ctx.step(work, 5, name="invoice")
        if change == "un-nest":
            await pay(ctx)
        else:
            await ctx.run_in_child_context(pay)
        items = {"more items": [1, 2, 3, 4], "fewer items": [1, 2]}.get(change, [1, 2, 3])
        await ctx.map(items, parcel, name="ship", max_concurrency=2)
        sides = {"left": left, "right!" if change == "rename a branch" else "right": right}
        if change == "one branch":
            del sides["left"]
        await ctx.parallel(sides, name="sides")
        if change == "nest":
            await ctx.run_in_child_context(rest)
        else:
            await rest(ctx)
        if change != "delete the last":
            await ctx.step(work, 7, name="archive")
        if change == "insert at the end":
            await ctx.step(work, 8, name="after")
        return _refactored(change)

    return durable_execution(handler)


def _refactored(change: str) -> Any:
    """Return a result; another one, computed otherwise, is no change of the operations."""
    return {"done": sum(range(4))} if change == "refactor" else {"done": True}


MAKERS: list[Callable[[str], Handler]] = [order, async_order]


def executed(
    handler: Handler, event: Any = None, *, callbacks: bool = False
) -> tuple[Simulation, str]:
    """Run an execution to its end, each callback that is open answered with `"sent"`."""
    simulation = Simulation(
        lambda _, event, told: handler.run_invocation(event, None, service=told.service)
    )
    simulation.register(FunctionSpec("double", durable=False), lambda _, event, told: event * 2)
    simulation.register("order")
    arn = simulation.start("order", event)
    while callbacks and not simulation.is_closed(arn):
        simulation.settle()
        waiting = [
            each["CallbackDetails"]["CallbackId"]
            for each in simulation.service.operations(arn)
            if each["Type"] == "CALLBACK" and each["Status"] == "STARTED"
        ]
        for id in waiting:
            simulation.succeed_callback(id, '"sent"')
        if not waiting and not simulation.step():
            break
    simulation.finish(arn)
    ran.clear()
    return simulation, arn


def recorded(handler: Handler, event: Any = None, *, callbacks: bool = False) -> Recording:
    """Return the recording of an execution."""
    simulation, arn = executed(handler, event, callbacks=callbacks)
    return Recording.from_service(simulation.service, arn)
