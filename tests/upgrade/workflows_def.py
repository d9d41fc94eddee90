"""The recorded workflows in `def`: every word of a context, several times where it has kinds."""

from datetime import timedelta
from typing import Any

from lambda_durable import (
    ChildContextError,
    ConditionNotMetError,
    DurableContext,
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
def steps(event: Any, ctx: DurableContext) -> Any:
    """Steps of both semantics, with values that JSON does not have, retries and failures."""
    values = ctx.step(bodies.make_values)
    parcel = ctx.step(bodies.make_parcel, event["sku"], name="parcel")
    flaky = ctx.step(bodies.fails_once, retry=bodies.AGAIN)
    growing = ctx.step(bodies.fails_once, name="growing", retry=bodies.GROWING)
    paid = ctx.step(bodies.pay, 250, semantics="at-most-once", retry=bodies.AGAIN)
    plain = ctx.step(str.upper, "tea", name="plain", serializer="json")
    nothing = ctx.step(lambda: None, name="nothing")
    try:
        ctx.step(bodies.fails, retry="none")
    except StepError as error:
        failed = f"{type(error.cause).__name__}: {error.error_message}"
    return [as_json(values), as_json(parcel), flaky, growing, paid, plain, nothing, failed]


@durable_execution
def waits(event: Any, ctx: DurableContext) -> Any:
    """Waits, conditions that are met and given up, and blocks that are retried."""
    ctx.wait(timedelta(hours=1), name="an hour")
    met = ctx.wait_for_condition(
        bodies.count_up, 0, until=lambda state: state == 3, strategy=bodies.PATIENT, name="met"
    )
    try:
        ctx.wait_for_condition(
            bodies.count_up, 0, until=lambda state: state == 9, strategy=bodies.IMPATIENT
        )
    except ConditionNotMetError as error:
        seen = error.state

    def block(ctx: DurableContext, what: str) -> str:
        ctx.wait(2, name="settle")
        number = ctx.step(bodies.double, 4)
        return f"{what} {number} {ctx.step(bodies.fails_once, retry='none', name='try')}"

    try:
        ctx.with_retry(block, "block", retry=bodies.GROWING, name="retried")
    except ChildContextError as error:
        given_up = f"{type(error.cause).__name__}: {error.error_message}"
    ctx.wait(1)
    return [met, seen, given_up]


@durable_execution
def children(event: Any, ctx: DurableContext) -> Any:
    """Child contexts: nested, virtual, failed, too large to be kept."""

    def inner(ctx: DurableContext, value: int) -> int:
        doubled = ctx.step(bodies.double, value)
        ctx.wait(3, name="inside")
        return ctx.run_in_child_context(innermost, doubled)

    def innermost(ctx: DurableContext, value: int) -> int:
        return ctx.step(bodies.double, value)

    def large(ctx: DurableContext) -> str:
        return "x" * 300_000 * ctx.step(bodies.double, 1, name="two")

    def failing(ctx: DurableContext) -> None:
        ctx.step(bodies.double, 1)
        raise LookupError("nothing here")

    first = ctx.run_in_child_context(inner, 3)
    second = ctx.run_in_child_context(inner, 5, virtual=True)
    length = len(ctx.run_in_child_context(large))
    ctx.wait(5, name="after the large one")
    try:
        ctx.run_in_child_context(failing, name="failing")
    except ChildContextError as error:
        failed = f"{type(error.cause).__name__}: {error.error_message}"
    note = ctx.run(bodies.Note("kept as it is"))
    return [first, second, length, failed, note]


@durable_execution
def callbacks(event: Any, ctx: DurableContext) -> Any:
    """Callbacks: completed, failed, timed out, without a sign of life."""
    created = ctx.create_callback("created", timeout=timedelta(days=2))
    text = ctx.create_callback("text", result_type=str)
    refused = ctx.create_callback("refused")
    ctx.step(bodies.tell, created.callback_id)
    results = [created.result(), text.result()]
    results.append(ctx.wait_for_callback(bodies.tell, "ann", name="ask", result_type=int))
    late = ctx.create_callback("late", timeout=60)
    silent = ctx.create_callback("silent", timeout=900, heartbeat_timeout=60)
    for callback in (refused, late, silent):
        try:
            callback.result()
        except CallbackError as error:
            results.append(f"{type(error).__name__}: {error.error_message}")
    return results


@durable_execution
def invokes(event: Any, ctx: DurableContext) -> Any:
    """Functions that are invoked: a plain one, a durable one, one that fails, two at once."""
    results = [ctx.invoke("double", 21), ctx.invoke("child", {"sku": "tea"}, name="a child")]
    try:
        ctx.invoke("fails", {})
    except InvokeError as error:
        results.append(f"{error.error_type}: {error.error_message}")
    first = ctx.start.invoke("double", 4)
    second = ctx.start.invoke("child", {"sku": "pot"})
    return [*results, second.result(), first.result()]


@durable_execution
def child(event: Any, ctx: DurableContext) -> Any:
    """Is invoked by another workflow."""
    parcel = ctx.step(bodies.make_parcel, event["sku"])
    ctx.wait(120, name="pack")
    return as_json(parcel)


@durable_execution
def batches(event: Any, ctx: DurableContext) -> Any:
    """Batches: nested, flat, limited, with failures, complete early."""

    def item(ctx: DurableContext, value: int) -> int:
        ctx.wait(value, name="pause")
        return ctx.step(bodies.double, value)

    def odd(ctx: DurableContext, value: int) -> int:
        return ctx.step(bodies.odd_fails, value, retry="none")

    def slow(ctx: DurableContext) -> str:
        ctx.wait(timedelta(days=3), name="days")
        return "late"

    def fast(ctx: DurableContext) -> str:
        return ctx.step(bodies.undo, "fast")

    def outer(ctx: DurableContext, value: int) -> list[int]:
        return ctx.map([value, value + 1], item, name="inner").results

    everyone = ctx.map([1, 2, 3], item, name="everyone", max_concurrency=2)
    flat = ctx.map([1, 2, 3], item, name="flat", nesting="flat")
    some = ctx.map([1, 2, 4], odd, name="some", completion=tolerated_failures(count=1))
    stopped = ctx.map(
        [1, 3, 5, 6], odd, name="stopped", max_concurrency=1, completion=tolerated_failures(count=1)
    )
    first = ctx.parallel(
        [NamedBranch("slow", slow), NamedBranch("fast", fast)], completion=min_successful(1)
    )
    nested = ctx.map([1, 2], outer, name="nested", completion=all_completed())
    return [
        *(everyone.results, flat.results, some.results, [str(each) for each in some.errors]),
        *(stopped.completion_reason, stopped.failure_count, stopped.started_count),
        *(first.results, first.completion_reason, nested.results),
    ]


@durable_execution
def futures(event: Any, ctx: DurableContext) -> Any:
    """Operations that are started and combined."""
    one = ctx.start.step(bodies.double, 1)
    two = ctx.start.step(bodies.double, 2, name="two")
    both = ctx.all(one, two)
    answer = ctx.start.step(bodies.undo, "soon")
    won = ctx.race(answer, ctx.start.wait(timedelta(hours=2)))
    broken = [ctx.start.step(bodies.fails, retry="none", name=f"broken {n}") for n in (1, 2)]
    any_of = ctx.any(broken[0], ctx.start.step(bodies.double, 5))
    try:
        ctx.any(*broken)
    except AllFailedError as error:
        failed = len(error.errors)
    settled = ctx.settled(*broken, ctx.start.wait(5, name="short"))
    return [both, won, any_of, failed, settled.success_count, settled.failure_count]


@durable_execution
def sagas(event: Any, ctx: DurableContext) -> Any:
    """Blocks that succeed and that are compensated."""
    with ctx.saga(name="good") as saga:
        saga.add_cleanup(bodies.undo, "lock")
        saga.add_compensation(bodies.undo, "nothing")
        ctx.step(bodies.double, 1)
    try:
        with ctx.saga() as saga:
            saga.add_cleanup(bodies.undo, "lock", name="lock")
            saga.add_compensation(bodies.undo, "hotel", name="hotel")
            ctx.wait(10, name="the hotel answers")
            saga.add_compensation(bodies.undo, "flight", name="flight")
            ctx.step(bodies.fails, retry="none")
    except StepError as error:
        return f"undone: {error.error_message}"
    return "not reached"


@durable_execution
def replayed(event: Any, ctx: DurableContext) -> Any:
    """Values that are the same on every replay."""
    begun = ctx.now().isoformat()
    first = [ctx.random(), str(ctx.uuid4())]

    def inner(ctx: DurableContext) -> Any:
        ctx.wait(4, name="inside")
        return [ctx.random(), str(ctx.uuid4())]

    ctx.wait(5, name="between")
    return [begun, first, ctx.run_in_child_context(inner), ctx.random(), str(ctx.uuid4())]


@durable_execution
def failing(event: Any, ctx: DurableContext) -> Any:
    """Ends as FAILED."""
    ctx.step(bodies.double, 1)
    ctx.wait(5, name="before the end")
    ctx.step(bodies.fails, retry="none")


WORKFLOWS = {
    each.function.__name__: each
    for each in (
        *(steps, waits, children, callbacks, invokes, batches),
        *(futures, sagas, replayed, failing),
    )
}
