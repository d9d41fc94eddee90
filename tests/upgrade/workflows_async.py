"""The recorded workflows in `async def`: the same words, awaited."""

from datetime import timedelta
from typing import Any

from lambda_durable import (
    AsyncDurableContext,
    ChildContextError,
    ConditionNotMetError,
    InvokeError,
    StepError,
    durable_execution,
)
from lambda_durable_callbacks import CallbackError
from lambda_durable_concurrency import (
    AllFailedError,
    NamedBranch,
    all_completed,
    min_successful,
    tolerated_failures,
)

from . import bodies
from .bodies import as_json


@durable_execution
async def steps(event: Any, ctx: AsyncDurableContext) -> Any:
    """Steps of both semantics, with values that JSON does not have, retries and failures."""
    values = await ctx.step(bodies.make_values)
    parcel = await ctx.step(bodies.make_parcel, event["sku"], name="parcel")
    flaky = await ctx.step(bodies.fails_once, retry=bodies.AGAIN)
    growing = await ctx.step(bodies.fails_once, name="growing", retry=bodies.GROWING)
    paid = await ctx.step(bodies.pay, 250, semantics="at-most-once", retry=bodies.AGAIN)
    plain = await ctx.step(str.upper, "tea", name="plain", serializer="json")
    nothing = await ctx.step(lambda: None, name="nothing")
    try:
        await ctx.step(bodies.fails, retry="none")
    except StepError as error:
        failed = f"{type(error.cause).__name__}: {error.error_message}"
    return [as_json(values), as_json(parcel), flaky, growing, paid, plain, nothing, failed]


@durable_execution
async def waits(event: Any, ctx: AsyncDurableContext) -> Any:
    """Waits, conditions that are met and given up, and blocks that are retried."""
    await ctx.wait(timedelta(hours=1), name="an hour")
    met = await ctx.wait_for_condition(
        bodies.count_up, 0, until=lambda state: state == 3, strategy=bodies.PATIENT, name="met"
    )
    try:
        await ctx.wait_for_condition(
            bodies.count_up, 0, until=lambda state: state == 9, strategy=bodies.IMPATIENT
        )
    except ConditionNotMetError as error:
        seen = error.state

    async def block(ctx: AsyncDurableContext, what: str) -> str:
        await ctx.wait(2, name="settle")
        number = await ctx.step(bodies.double, 4)
        return f"{what} {number} {await ctx.step(bodies.fails_once, retry='none', name='try')}"

    try:
        await ctx.with_retry(block, "block", retry=bodies.GROWING, name="retried")
    except ChildContextError as error:
        given_up = f"{type(error.cause).__name__}: {error.error_message}"
    await ctx.wait(1)
    return [met, seen, given_up]


@durable_execution
async def children(event: Any, ctx: AsyncDurableContext) -> Any:
    """Child contexts: nested, virtual, failed, too large to be kept."""

    async def inner(ctx: AsyncDurableContext, value: int) -> int:
        doubled = await ctx.step(bodies.double, value)
        await ctx.wait(3, name="inside")
        return await ctx.run_in_child_context(innermost, doubled)

    async def innermost(ctx: AsyncDurableContext, value: int) -> int:
        return await ctx.step(bodies.double, value)

    async def large(ctx: AsyncDurableContext) -> str:
        return "x" * 300_000 * await ctx.step(bodies.double, 1, name="two")

    async def failing(ctx: AsyncDurableContext) -> None:
        await ctx.step(bodies.double, 1)
        raise LookupError("nothing here")

    first = await ctx.run_in_child_context(inner, 3)
    second = await ctx.run_in_child_context(inner, 5, virtual=True)
    length = len(await ctx.run_in_child_context(large))
    await ctx.wait(5, name="after the large one")
    try:
        await ctx.run_in_child_context(failing, name="failing")
    except ChildContextError as error:
        failed = f"{type(error.cause).__name__}: {error.error_message}"
    note = await ctx.run(bodies.Note("kept as it is"))
    return [first, second, length, failed, note]


@durable_execution
async def callbacks(event: Any, ctx: AsyncDurableContext) -> Any:
    """Callbacks: completed, failed, timed out, without a sign of life."""
    created = await ctx.create_callback("created", timeout=timedelta(days=2))
    text = await ctx.create_callback("text", result_type=str)
    refused = await ctx.create_callback("refused")
    await ctx.step(bodies.tell, created.callback_id)
    results = [await created.result(), await text.result()]
    results.append(await ctx.wait_for_callback(bodies.tell, "ann", name="ask", result_type=int))
    late = await ctx.create_callback("late", timeout=60)
    silent = await ctx.create_callback("silent", timeout=900, heartbeat_timeout=60)
    for callback in (refused, late, silent):
        try:
            await callback.result()
        except CallbackError as error:
            results.append(f"{type(error).__name__}: {error.error_message}")
    return results


@durable_execution
async def invokes(event: Any, ctx: AsyncDurableContext) -> Any:
    """Functions that are invoked: a plain one, a durable one, one that fails, two at once."""
    results = [
        await ctx.invoke("double", 21),
        await ctx.invoke("child", {"sku": "tea"}, name="a child"),
    ]
    try:
        await ctx.invoke("fails", {})
    except InvokeError as error:
        results.append(f"{error.error_type}: {error.error_message}")
    first = ctx.start.invoke("double", 4)
    second = ctx.start.invoke("child", {"sku": "pot"})
    return [*results, await second.result(), await first.result()]


@durable_execution
async def child(event: Any, ctx: AsyncDurableContext) -> Any:
    """Is invoked by another workflow."""
    parcel = await ctx.step(bodies.make_parcel, event["sku"])
    await ctx.wait(120, name="pack")
    return as_json(parcel)


@durable_execution
async def batches(event: Any, ctx: AsyncDurableContext) -> Any:
    """Batches: nested, flat, limited, with failures, complete early."""

    async def item(ctx: AsyncDurableContext, value: int) -> int:
        await ctx.wait(value, name="pause")
        return await ctx.step(bodies.double, value)

    async def odd(ctx: AsyncDurableContext, value: int) -> int:
        return await ctx.step(bodies.odd_fails, value, retry="none")

    async def slow(ctx: AsyncDurableContext) -> str:
        await ctx.wait(timedelta(days=3), name="days")
        return "late"

    async def fast(ctx: AsyncDurableContext) -> str:
        return await ctx.step(bodies.undo, "fast")

    async def outer(ctx: AsyncDurableContext, value: int) -> list[int]:
        inner = await ctx.map([value, value + 1], item, name="inner")
        return inner.results

    everyone = await ctx.map([1, 2, 3], item, name="everyone", max_concurrency=2)
    flat = await ctx.map([1, 2, 3], item, name="flat", nesting="flat")
    some = await ctx.map([1, 2, 4], odd, name="some", completion=tolerated_failures(count=1))
    stopped = await ctx.map(
        [1, 3, 5, 6], odd, name="stopped", max_concurrency=1, completion=tolerated_failures(count=1)
    )
    first = await ctx.parallel(
        [NamedBranch("slow", slow), NamedBranch("fast", fast)], completion=min_successful(1)
    )
    nested = await ctx.map([1, 2], outer, name="nested", completion=all_completed())
    return [
        *(everyone.results, flat.results, some.results, [str(each) for each in some.errors]),
        *(stopped.completion_reason, stopped.failure_count, stopped.started_count),
        *(first.results, first.completion_reason, nested.results),
    ]


@durable_execution
async def futures(event: Any, ctx: AsyncDurableContext) -> Any:
    """Operations that are started and combined."""
    one = ctx.start.step(bodies.double, 1)
    two = ctx.start.step(bodies.double, 2, name="two")
    both = await ctx.all(one, two)
    answer = ctx.start.step(bodies.undo, "soon")
    won = await ctx.race(answer, ctx.start.wait(timedelta(hours=2)))
    broken = [ctx.start.step(bodies.fails, retry="none", name=f"broken {n}") for n in (1, 2)]
    any_of = await ctx.any(broken[0], ctx.start.step(bodies.double, 5))
    try:
        await ctx.any(*broken)
    except AllFailedError as error:
        failed = len(error.errors)
    settled = await ctx.settled(*broken, ctx.start.wait(5, name="short"))
    return [both, won, any_of, failed, settled.success_count, settled.failure_count]


@durable_execution
async def sagas(event: Any, ctx: AsyncDurableContext) -> Any:
    """Blocks that succeed and that are compensated."""
    async with ctx.saga(name="good") as saga:
        saga.add_cleanup(bodies.undo, "lock")
        saga.add_compensation(bodies.undo, "nothing")
        await ctx.step(bodies.double, 1)
    try:
        async with ctx.saga() as saga:
            saga.add_cleanup(bodies.undo, "lock", name="lock")
            saga.add_compensation(bodies.undo, "hotel", name="hotel")
            await ctx.wait(10, name="the hotel answers")
            saga.add_compensation(bodies.undo, "flight", name="flight")
            await ctx.step(bodies.fails, retry="none")
    except StepError as error:
        return f"undone: {error.error_message}"
    return "not reached"


@durable_execution
async def replayed(event: Any, ctx: AsyncDurableContext) -> Any:
    """Values that are the same on every replay."""
    begun = ctx.now().isoformat()
    first = [ctx.random(), str(ctx.uuid4())]

    async def inner(ctx: AsyncDurableContext) -> Any:
        await ctx.wait(4, name="inside")
        return [ctx.random(), str(ctx.uuid4())]

    await ctx.wait(5, name="between")
    return [begun, first, await ctx.run_in_child_context(inner), ctx.random(), str(ctx.uuid4())]


@durable_execution
async def failing(event: Any, ctx: AsyncDurableContext) -> Any:
    """Ends as FAILED."""
    await ctx.step(bodies.double, 1)
    await ctx.wait(5, name="before the end")
    await ctx.step(bodies.fails, retry="none")


WORKFLOWS = {
    each.function.__name__: each
    for each in (
        *(steps, waits, children, callbacks, invokes, batches),
        *(futures, sagas, replayed, failing),
    )
}
