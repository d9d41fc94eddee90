"""Crash-everywhere finds a bug of each kind, with a short schedule."""

from typing import Any

import pytest

from lambda_durable import (
    AsyncDurableContext,
    DurableContext,
    DurableHandler,
    InvokeError,
    StepInterruptedError,
    durable_execution,
)
from lambda_durable.effects import Call, Checkpoint
from lambda_durable.errors import InvalidInputError, ServiceError
from lambda_durable_testing import LocalRunner, crash_everywhere
from lambda_durable_testing.crashes.exploring import CrashFoundError
from lambda_durable_testing.crashes.schedules import Fault, Schedule
from lambda_durable_testing.crashes.shrinking import shortest

Handler = DurableHandler[Any, Any]

charges: list[str] = []
stock = {"left": 0}
outbox: list[str] = []


def fresh_charges() -> list[str]:
    charges.clear()
    return charges


def fresh_stock() -> dict[str, int]:
    stock["left"] = 10
    return stock


def found(handler: Handler, **options: Any) -> str:
    with pytest.raises(CrashFoundError) as caught:
        crash_everywhere(handler, **options)
    assert 1 <= len(Schedule.read(caught.value.schedule)) <= 10
    with pytest.raises(CrashFoundError):
        crash_everywhere(handler, only=caught.value.schedule, **options)
    message = str(caught.value)
    print(message)
    return message


def reserve() -> str:
    return "R-1"


def charge() -> str:
    charges.append("charged")
    return "P-1"


# --- A side effect outside a step -----------------------------------------------------------


@durable_execution
def notes_outside(event: Any, ctx: DurableContext) -> str:
    ctx.step(reserve)
    charges.append("noted")
    return ctx.step(charge, semantics="at-most-once")


@durable_execution
async def async_notes_outside(event: Any, ctx: AsyncDurableContext) -> str:
    await ctx.step(reserve)
    charges.append("noted")
    return await ctx.step(charge, semantics="at-most-once")


@pytest.mark.parametrize("handler", [notes_outside, async_notes_outside])
def test_a_side_effect_outside_a_step(handler: Handler) -> None:
    message = found(handler, world=fresh_charges)
    expected, noted = message.partition("expected: ")[2].split("found: ")[:2]
    assert noted.count("'noted'") > expected.count("'noted'")


# --- An at-most-once body run twice ---------------------------------------------------------


@durable_execution
def charges_again(event: Any, ctx: DurableContext) -> str:
    try:
        return ctx.step(charge, semantics="at-most-once")
    except StepInterruptedError:
        return ctx.step(charge, semantics="at-most-once")


@durable_execution
async def async_charges_again(event: Any, ctx: AsyncDurableContext) -> str:
    try:
        return await ctx.step(charge, semantics="at-most-once")
    except StepInterruptedError:
        return await ctx.step(charge, semantics="at-most-once")


@pytest.mark.parametrize("handler", [charges_again, async_charges_again])
def test_a_body_that_must_run_once(handler: Handler) -> None:
    assert "the body of 'charge' ran 2 times" in found(handler, at_most_once={"charge"})


# --- A lost update --------------------------------------------------------------------------


def read_stock() -> int:
    return stock["left"]


def write_stock(left: int) -> None:
    stock["left"] = left


def takes_one(ctx: DurableContext) -> None:
    ctx.step(write_stock, ctx.step(read_stock) - 1)


async def async_takes_one(ctx: AsyncDurableContext) -> None:
    await ctx.step(write_stock, await ctx.step(read_stock) - 1)


@durable_execution
def takes_two(event: Any, ctx: DurableContext) -> None:
    ctx.parallel({"a": takes_one, "b": takes_one})


@durable_execution
async def async_takes_two(event: Any, ctx: AsyncDurableContext) -> None:
    await ctx.parallel({"a": async_takes_one, "b": async_takes_one})


@pytest.mark.parametrize("handler", [takes_two, async_takes_two])
def test_a_lost_update(handler: Handler) -> None:
    assert "another branch went on" in found(handler, world=fresh_stock)


# --- A racy counter -------------------------------------------------------------------------


def take() -> None:
    stock["left"] -= 1


def takes_in_a_step(ctx: DurableContext) -> None:
    ctx.step(take)


@durable_execution
def races(event: Any, ctx: DurableContext) -> None:
    ctx.parallel({"a": takes_in_a_step, "b": takes_in_a_step})


def test_a_racy_counter() -> None:
    message = found(races, world=fresh_stock, faults=())
    assert "another branch went on inside of 'take'" in message
    assert 'stock["left"] -= 1' in message


@durable_execution
def numbers_outside(event: Any, ctx: DurableContext) -> list[int]:
    given = {"last": 0}

    def numbered(own: DurableContext) -> int:
        own.step(reserve)
        given["last"] += 1
        return given["last"]

    return list(ctx.parallel({"a": numbered, "b": numbered}).results)


@durable_execution
async def async_numbers_outside(event: Any, ctx: AsyncDurableContext) -> list[int]:
    given = {"last": 0}

    async def numbered(own: AsyncDurableContext) -> int:
        await own.step(reserve)
        given["last"] += 1
        return given["last"]

    return list((await ctx.parallel({"a": numbered, "b": numbered})).results)


@pytest.mark.parametrize("handler", [numbers_outside, async_numbers_outside])
def test_numbers_given_outside_of_steps(handler: Handler) -> None:
    found(handler)


# --- A callback lost between creation and wait ----------------------------------------------


def fresh_outbox() -> None:
    outbox.clear()


def answered(execution: Any) -> None:
    execution.advance()
    while not execution.is_closed:
        for id in outbox:
            for operation in execution.operations.all():
                if operation.callback_id == id and operation.status == "STARTED":
                    execution.callback(operation.name).succeed("yes")
        if not execution.advance_to_next():
            return


@durable_execution
def sends_on_the_first_run(event: Any, ctx: DurableContext) -> Any:
    was_replaying = ctx.is_replaying
    callback = ctx.create_callback("approval")
    if not was_replaying:
        outbox.append(callback.callback_id)
    return callback.result()


@durable_execution
async def async_sends_on_the_first_run(event: Any, ctx: AsyncDurableContext) -> Any:
    was_replaying = ctx.is_replaying
    callback = await ctx.create_callback("approval")
    if not was_replaying:
        outbox.append(callback.callback_id)
    return await callback.result()


@pytest.mark.parametrize("handler", [sends_on_the_first_run, async_sends_on_the_first_run])
def test_a_callback_that_nobody_knows(handler: Handler) -> None:
    message = found(handler, script=answered, world=fresh_outbox)
    assert "callback 'approval' that nobody completes" in message


# --- And what is right passes ---------------------------------------------------------------


@durable_execution
def right(event: Any, ctx: DurableContext) -> list[Any]:
    reserved = ctx.step(reserve)
    both = ctx.parallel({"a": lambda own: own.step(lambda: 1, name="x"), "b": lambda own: 2})
    ctx.wait(3600)
    return [reserved, list(both.results), ctx.step(reserve, name="again")]


@durable_execution
async def async_right(event: Any, ctx: AsyncDurableContext) -> list[Any]:
    async def a(own: AsyncDurableContext) -> int:
        return await own.step(lambda: 1, name="x")

    async def b(own: AsyncDurableContext) -> int:
        return 2

    reserved = await ctx.step(reserve)
    both = await ctx.parallel({"a": a, "b": b})
    await ctx.wait(3600)
    return [reserved, list(both.results), await ctx.step(reserve, name="again")]


@pytest.mark.parametrize("handler", [right, async_right])
def test_what_is_right_passes(handler: Handler) -> None:
    report = crash_everywhere(handler)
    assert report.tried["dies-before"] == report.tried["dies-after"] == report.checkpoints
    assert report.tried["interleaved"] > 20
    assert report.left_out == 0


def test_a_cut_off_step_may_end_the_execution() -> None:
    @durable_execution
    def handler(event: Any, ctx: DurableContext) -> str:
        return ctx.step(charge, semantics="at-most-once")

    report = crash_everywhere(handler)
    assert report.interrupted == {"charge"}


def test_faults_beyond_the_limit_are_counted() -> None:
    report = crash_everywhere(right, limit=5)
    assert report.left_out > 0
    assert "left out for the limit" in str(report)


# --- Operations of one's own, and what crash-everywhere says about its input ------------------


class HastyCharge:
    """An operation that promises an at-most-once body and does not wait for its START."""

    type = "STEP"
    subtype = "Step"
    name = "charge"
    at_most_once = True

    async def flow(self, here: Any) -> Any:
        record = here.record
        if record is not None and record["Status"] == "SUCCEEDED":
            return record["StepDetails"]["Result"]
        if record is None:
            await Checkpoint(here.update("START"), durable=False)
        await Call(here.call("attempt", 1), charge)
        await Checkpoint(here.update("SUCCEED", {"Payload": '"P-1"'}))
        return '"P-1"'


class Forgetful(HastyCharge):
    """An operation that runs its body although its result is there."""

    at_most_once = False

    async def flow(self, here: Any) -> Any:
        had = here.record is not None
        if not had:
            await Checkpoint(here.update("START"), durable=False)
        await Call(here.call("attempt", 1), charge)
        if not had:
            await Checkpoint(here.update("SUCCEED", {"Payload": '"P-1"'}))
        return '"P-1"'


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        (HastyCharge, "an attempt of the at-most-once step 'charge' ran twice"),
        (Forgetful, "'charge' ran again after its result was kept"),
    ],
)
def test_promises_of_operations(operation: Any, message: str) -> None:
    @durable_execution
    def handler(event: Any, ctx: DurableContext) -> Any:
        return ctx.run(operation())

    assert message in found(handler)


def test_an_undisturbed_run_that_fails_by_itself() -> None:
    @durable_execution
    def never(event: Any, ctx: DurableContext) -> Any:
        return ctx.create_callback("never").result()

    with pytest.raises(AssertionError, match="undisturbed, it does not come to its end"):
        crash_everywhere(never)

    @durable_execution
    def exits(event: Any, ctx: DurableContext) -> Any:
        raise ServiceError("down", code="ServiceException", status=500, retryable=True)

    with pytest.raises(AssertionError, match="undisturbed, an invocation fails"):
        crash_everywhere(exits)


def test_a_script_that_fails() -> None:
    def script(execution: Any) -> None:
        execution.finish()
        assert execution.operations["refund"], "no refund"

    with pytest.raises(AssertionError, match="no operation is called 'refund'"):
        crash_everywhere(right, script=script)


def test_schedules_are_read() -> None:
    text = "fine dies-after:3 switch:7=1 switch:9=2"
    schedule = Schedule.read(text)
    assert str(schedule) == text
    assert len(schedule) == 3
    assert str(schedule.without(faults=[0], switches=[1])) == "fine switch:7=1"
    with pytest.raises(InvalidInputError, match="'explodes:3' is no event of a schedule"):
        Schedule.read("explodes:3")
    with pytest.raises(InvalidInputError, match="there is no fault 'explodes'"):
        crash_everywhere(right, faults=["explodes"])


@pytest.mark.parametrize("needed", [(5,), (2, 9), (1, 2, 3)])
def test_schedules_are_made_shorter(needed: tuple[int, ...]) -> None:
    whole = Schedule((Fault("throttled", 1),), tuple((turn, 1) for turn in range(1, 12)))

    def fails(candidate: Schedule) -> bool:
        return set(needed) <= {turn for turn, _ in candidate.switches}

    assert shortest(whole, fails) == Schedule(switches=tuple((turn, 1) for turn in needed))


# --- No bug: an invoked function may fail ---------------------------------------------------


@durable_execution
def stocked(event: Any, ctx: DurableContext) -> bool:
    ctx.step(reserve)
    return True


@durable_execution
def asks(event: Any, ctx: DurableContext) -> str:
    try:
        ctx.invoke("stocked")
    except InvokeError:
        return ctx.step(lambda: "unknown", name="guess")
    return "in stock"


def test_a_function_that_is_invoked_may_fail_for_a_refused_checkpoint() -> None:
    runner = LocalRunner(asks)
    runner.function("stocked").runs(stocked)
    assert crash_everywhere(runner).tried["refused"] > 1
