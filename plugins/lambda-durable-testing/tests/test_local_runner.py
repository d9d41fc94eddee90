"""The local runner: what a test sets up, what it sees, and what it is told when it cannot go on."""

import asyncio
import logging
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lambda_durable import (
    AsyncDurableContext,
    DurableContext,
    DurableHandler,
    InvokeError,
    current_step,
    durable_execution,
)
from lambda_durable.errors import InvalidInputError
from lambda_durable_testing import LocalRunner, run
from lambda_durable_testing.abc import Runner
from lambda_durable_testing.errors import (
    ExecutionBlockedError,
    ExecutionNotSucceededError,
    UnknownStepError,
    UnregisteredFunctionError,
)

Handler = DurableHandler[Any, Any]


def reserve(items: list[str]) -> str:
    return "+".join(items)


def charge(card: str) -> str:
    raise ConnectionError("503")


def ask(callback_id: str) -> None:
    """Send the id away."""


@durable_execution
def order(event: Any, ctx: DurableContext) -> dict[str, Any]:
    reserved = ctx.step(reserve, event["items"])
    ctx.logger.info("reserved %s", reserved)
    paid = ctx.run_in_child_context(pay, event["card"])
    ctx.wait(timedelta(hours=2), name="warehouse")
    parts = ctx.parallel({"label": label, "box": box}, name="pack")
    return {"reserved": reserved, "paid": paid, "parts": list(parts.results)}


def pay(ctx: DurableContext, card: str) -> str:
    return ctx.step(charge, card, retry="transient")


def label(ctx: DurableContext) -> str:
    return ctx.step(lambda: "L", name="print")


def box(ctx: DurableContext) -> str:
    return ctx.step(lambda: "B", name="fold")


@durable_execution
async def async_order(event: Any, ctx: AsyncDurableContext) -> dict[str, Any]:
    reserved = await ctx.step(reserve, event["items"])
    ctx.logger.info("reserved %s", reserved)
    paid = await ctx.run_in_child_context(async_pay, event["card"], name="pay")
    await ctx.wait(timedelta(hours=2), name="warehouse")
    parts = await ctx.parallel({"label": async_label, "box": async_box}, name="pack")
    return {"reserved": reserved, "paid": paid, "parts": list(parts.results)}


async def async_pay(ctx: AsyncDurableContext, card: str) -> str:
    return await ctx.step(charge, card, retry="transient")


async def async_label(ctx: AsyncDurableContext) -> str:
    return await ctx.step(lambda: "L", name="print")


async def async_box(ctx: AsyncDurableContext) -> str:
    return await ctx.step(lambda: "B", name="fold")


ORDERS = pytest.mark.parametrize("handler", [order, async_order], ids=["def", "async"])
EVENT = {"items": ["tea", "cup"], "card": "4242"}


@ORDERS
def test_a_whole_execution(handler: Handler) -> None:
    runner = LocalRunner(handler)
    runner.step("charge").sequence(ConnectionError("503"), "P-1")
    result = runner.run(EVENT)
    assert result.result == {"reserved": "tea+cup", "paid": "P-1", "parts": ["L", "B"]}
    assert result.succeeded
    assert result.error is None
    assert result.invocations == 3
    assert result.duration is not None
    assert result.duration >= timedelta(hours=2)

    operations = result.operations
    assert [each.title for each in operations] == ["reserve", "pay", "warehouse", "pack"]
    assert operations["charge"].path == "pay > charge"
    assert operations["pay > charge"].attempts == 2
    assert operations[0].result == "tea+cup"
    assert operations["warehouse"].duration == timedelta(hours=2)
    assert [each.name for each in operations["pack"].children] == ["label", "box"]
    assert [each.status for each in operations.all()] == ["SUCCEEDED"] * 9
    assert "charge" in operations
    assert "refund" not in operations

    assert result.messages == ["reserved tea+cup"]
    assert result.logs[0].__dict__["executionArn"] == result.arn
    assert len(result.events("WaitStarted")) == 1
    assert {each.invocation for each in result.checkpoints} == {1, 2, 3}
    assert result.checkpoint_bytes == sum(each.bytes for each in result.checkpoints) > 500
    runner.step("charge").assert_called(times=2)
    runner.step("charge").assert_called_with("4242")
    runner.step("reserve").assert_called_with(["tea", "cup"])


@ORDERS
def test_equal_runs_are_equal(handler: Handler) -> None:
    texts = {str(run(handler, EVENT, steps={"charge": "P-1"})) for _ in range(5)}
    assert len(texts) == 1


@ORDERS
def test_how_it_is_drawn(handler: Handler) -> None:
    drawn = str(run(handler, EVENT, steps={"charge": ValueError("no money")}))
    assert drawn.startswith("execution FAILED, ")
    assert "ValueError: no money" in drawn
    lines = drawn.splitlines()
    assert any(line.startswith("  charge ") and "FAILED" in line for line in lines)


def test_a_result_that_is_not_there() -> None:
    result = run(order, EVENT, steps={"charge": ValueError("no money")})
    assert not result.succeeded
    assert result.error is not None
    assert (result.error.type, result.error.message) == ("ValueError", "no money")
    with pytest.raises(ExecutionNotSucceededError, match="no money"):
        _ = result.result


def test_operations_that_are_not_there() -> None:
    operations = run(order, EVENT, steps={"charge": "P"}).operations
    with pytest.raises(LookupError, match="no operation is called 'chrage'; there is charge"):
        operations["chrage"]

    @durable_execution
    def twice(event: Any, ctx: DurableContext) -> None:
        ctx.step(reserve, ["a"])
        ctx.step(reserve, ["b"])

    operations = run(twice).operations
    with pytest.raises(LookupError, match="2 operations are called 'reserve'"):
        operations["reserve"]
    assert [each.result for each in operations.named("reserve")] == ["a", "b"]


# --- Stand-ins ------------------------------------------------------------------------------


def test_a_function_stands_in() -> None:
    def paid(card: str) -> str:
        return f"{card} in attempt {current_step().attempt}"

    runner = LocalRunner(order)
    runner.step("charge").runs(paid)
    assert runner.run(EVENT).result["paid"] == "4242 in attempt 1"


def test_async_functions_stand_in() -> None:
    async def paid(card: str) -> str:
        await asyncio.sleep(0)
        return f"paid with {card}"

    for handler in (order, async_order):
        assert run(handler, EVENT, steps={"charge": paid}).result["paid"] == "paid with 4242"


def test_a_sequence_that_is_too_short() -> None:
    runner = LocalRunner(order)
    runner.step("charge").sequence(ConnectionError("503"))
    with pytest.raises(AssertionError, match="step 'charge' was called for attempt 2"):
        runner.run(EVENT)
    with pytest.raises(InvalidInputError, match="needs the outcomes"):
        runner.step("charge").sequence()


def test_a_misspelt_step() -> None:
    runner = LocalRunner(order)
    runner.step("charge").returns("P")
    runner.step("reserv").returns("R")
    with pytest.raises(UnknownStepError, match="'reserv' is replaced and never ran, while 'reser"):
        runner.run(EVENT)


def test_what_assertions_say() -> None:
    runner = LocalRunner(order)
    runner.step("charge").returns("P")
    runner.run(EVENT)
    with pytest.raises(AssertionError, match="step 'charge' was not called twice|2 times but once"):
        runner.step("charge").assert_called(times=2)
    with pytest.raises(AssertionError, match=r"never called with \('1111'\):\n  \('4242'\)"):
        runner.step("charge").assert_called_with("1111")
    with pytest.raises(AssertionError, match="was not called but never"):
        runner.step("refund").assert_called()
    runner.step("refund").assert_not_called()
    assert [call.name for call in runner.calls] == ["reserve", "charge", "print", "fold"]


# --- Functions that are invoked -------------------------------------------------------------


@durable_execution
def buys(event: Any, ctx: DurableContext) -> Any:
    try:
        return ctx.invoke("prices", "tea")
    except InvokeError as error:
        return f"no price: {error.error_message}"


def test_functions() -> None:
    @durable_execution
    def prices(event: str, ctx: DurableContext) -> int:
        ctx.wait(5)
        return ctx.step(lambda: len(event), name="look up")

    def with_context(event: str, context: Any) -> Any:
        return context.function_name

    assert run(buys, functions={"prices": 250}).result == 250
    assert run(buys, functions={"prices": lambda event: event + "!"}).result == "tea!"
    assert run(buys, functions={"prices": with_context}).result == "prices"
    assert run(buys, functions={"prices": LookupError("sold out")}).result == "no price: sold out"
    runner = LocalRunner(buys)
    runner.function("prices").runs(prices)
    assert runner.run().result == 3
    runner.function("prices").assert_called_with("tea")


def test_a_function_that_nobody_answers() -> None:
    with pytest.raises(UnregisteredFunctionError, match="invoked 'prices', which the test has not"):
        run(buys)
    with pytest.raises(InvalidInputError, match="the handler under test itself"):
        LocalRunner(buys).function("buys")


# --- Time and the outside -------------------------------------------------------------------


@durable_execution
def approves(event: Any, ctx: DurableContext) -> Any:
    return ctx.wait_for_callback(ask, name="approval", timeout=timedelta(days=7))


@durable_execution
async def async_approves(event: Any, ctx: AsyncDurableContext) -> Any:
    return await ctx.wait_for_callback(ask, name="approval", timeout=timedelta(days=7))


@pytest.mark.parametrize("handler", [approves, async_approves], ids=["def", "async"])
def test_callbacks(handler: Handler) -> None:
    def finished(complete: Any) -> Any:
        execution = LocalRunner(handler).start()
        complete(execution.callback("approval"))
        return execution.finish()

    assert finished(lambda callback: callback.succeed({"by": "ann"})).result == {"by": "ann"}
    assert finished(lambda callback: callback.succeed(payload="yes")).result == "yes"
    refused = finished(lambda callback: callback.fail("too dear", type="Refused"))
    assert refused.status == "FAILED"
    assert refused.operations["approval submitter"].status == "SUCCEEDED"
    late = LocalRunner(handler).run()
    assert late.error is not None
    assert "Timeout" in (late.error.type or "")
    assert late.duration == timedelta(days=7)


def test_a_heartbeat() -> None:
    @durable_execution
    def works(event: Any, ctx: DurableContext) -> Any:
        return ctx.create_callback("work", heartbeat_timeout=60).result()

    runner = LocalRunner(works)
    execution = runner.start()
    callback = execution.callback()
    for _ in range(5):
        execution.advance(50)
        callback.heartbeat()
    callback.succeed("done")
    assert execution.finish().result == "done"
    assert (runner.clock.now - datetime(2026, 1, 1, tzinfo=UTC)).total_seconds() == 250


def test_callbacks_that_are_not_there() -> None:
    runner = LocalRunner(buys)
    runner.function("prices").returns(1)
    ended = runner.start()
    with pytest.raises(LookupError, match=r"has ended and has no open callback called 'approval'"):
        ended.callback("approval")

    @durable_execution
    def forever(event: Any, ctx: DurableContext) -> Any:
        return ctx.create_callback("never").result()

    with pytest.raises(ExecutionBlockedError, match="callback 'never' that nobody completes"):
        run(forever)
    with pytest.raises(InvalidInputError, match="a value or a payload"):
        LocalRunner(forever).start().callback().succeed(1, payload="2")


def test_looking_in_the_middle() -> None:
    runner = LocalRunner(order)
    runner.step("charge").returns("P")
    execution = runner.start(EVENT)
    assert list(execution.operations) == []
    execution.advance(3599)
    assert execution.operations["warehouse"].status == "STARTED"
    assert execution.result().status == "RUNNING"
    execution.advance(timedelta(hours=1, seconds=1))
    assert execution.is_closed
    assert execution.finish().succeeded
    with pytest.raises(InvalidInputError, match="never goes back"):
        execution.advance(-1)


def test_time_outs() -> None:
    @durable_execution
    def waits(event: Any, ctx: DurableContext) -> None:
        ctx.wait(3600)

    assert run(waits, execution_timeout=60).status == "TIMED_OUT"

    runner = LocalRunner(order, timeout=10)

    def slow(card: str) -> str:
        if len(runner.step("charge").calls) == 1:
            runner.clock.advance(11)
        return "P"

    runner.step("charge").runs(slow)
    result = runner.run(EVENT)
    assert result.succeeded
    completed = [
        each["InvocationCompletedDetails"] for each in result.events("InvocationCompleted")
    ]
    assert "Error" in completed[0]


def test_stopping() -> None:
    execution = LocalRunner(approves).start()
    execution.callback()
    execution.stop("enough")
    assert execution.result().status == "STOPPED"
    assert str(execution.result().error) == "enough"


def test_an_execution_that_never_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lambda_durable_testing.started.INVOCATION_LIMIT", 100)

    @durable_execution
    def restless(event: Any, ctx: DurableContext) -> None:
        ctx.wait_for_condition(
            lambda state: state, 0, until=lambda state: False, strategy=lambda *_: 1, name="never"
        )

    with pytest.raises(ExecutionBlockedError, match="has not ended after 100 invocations"):
        run(restless)


def test_executions_beside_each_other() -> None:
    runner = LocalRunner(order)
    runner.step("charge").returns("P")
    first, second = runner.start(EVENT, name="one"), runner.start(EVENT, name="two")
    assert first.finish().operations["charge"].result == "P"
    assert second.finish().succeeded
    assert first.arn != second.arn


def test_what_is_no_handler() -> None:
    with pytest.raises(InvalidInputError, match="decorate it with @durable_execution"):
        LocalRunner(reserve)  # type: ignore[arg-type]  # what the test is about


def test_it_is_a_runner() -> None:
    runner: Runner = LocalRunner(order)
    assert runner.start(EVENT).operations is not None


def test_log_levels() -> None:
    @durable_execution
    def talks(event: Any, ctx: DurableContext) -> None:
        ctx.logger.debug("quietly")
        ctx.logger.info("aloud")
        ctx.wait(1)

    before = logging.getLogger().level
    assert run(talks).messages == ["aloud"]
    assert run(talks, log_level=logging.DEBUG).messages == ["quietly", "aloud"]
    assert logging.getLogger().level == before


# --- Branches -------------------------------------------------------------------------------


def test_branches_that_wait_for_each_other_outside_of_steps_do_not_hang() -> None:
    met = threading.Barrier(2, timeout=30)

    def meet(ctx: DurableContext) -> str:
        ctx.step(lambda: None, name="before")
        met.wait()
        return "met"

    @durable_execution
    def handler(event: Any, ctx: DurableContext) -> list[str]:
        return list(ctx.parallel({"a": meet, "b": meet}).results)

    assert run(handler).result == ["met", "met"]


def test_many_branches() -> None:
    @durable_execution
    def handler(event: Any, ctx: DurableContext) -> int:
        def branch(own: DurableContext, item: int) -> int:
            own.wait(item % 3 + 1)
            return own.step(lambda: item, name="item")

        return sum(ctx.map(list(range(100)), branch).results)

    result = run(handler)
    assert result.result == 4950
    names = [each.name for each in result.operations[0].children]
    assert len(names) == 100


def test_no_thread_is_left() -> None:
    before = threading.active_count()
    for _ in range(20):
        run(order, EVENT, steps={"charge": "P"})
    for thread in threading.enumerate():
        if thread.name.startswith("lambda-durable"):
            thread.join(10)
    assert threading.active_count() <= before


@pytest.mark.parametrize("value", [object(), {1, 2}])
def test_what_does_not_travel_as_json(value: Any) -> None:
    runner = LocalRunner(approves)
    with pytest.raises(InvalidInputError, match="an event travels as JSON, and .* cannot: Object"):
        runner.start({"card": value})
    callback = runner.start().callback()
    with pytest.raises(InvalidInputError, match="a result of a callback travels as JSON"):
        callback.succeed(value)
