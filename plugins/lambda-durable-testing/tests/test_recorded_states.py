"""The operations that are rebuilt from a history are those that the service holds."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from recorded_programs import MAKERS, Handler, executed, ran, work

from lambda_durable import DurableContext, current_step, durable_execution
from lambda_durable_kernel import FunctionSpec, Simulation
from lambda_durable_testing.recorded import Recording, replay
from lambda_durable_testing.recorded.states import states


def everything(event: Any, ctx: DurableContext) -> Any:
    """Use every type of operation, and have some of them fail."""

    def flaky() -> str:
        if current_step().attempt < 3:
            raise ConnectionError("not yet")
        return "ok"

    def child(own: DurableContext) -> None:
        own.step(work, 1, name="inside")
        raise ValueError("no")

    def large(own: DurableContext) -> str:
        return str(own.step(lambda: "x" * 300_000, name="big"))

    ctx.step(flaky, retry=lambda error, attempt, elapsed: 3 if attempt < 3 else None)
    try:
        ctx.step(lambda: 1 / 0, name="hopeless", retry="none")
    except Exception:  # noqa: BLE001 - whatever it is
        ctx.wait(7)
    try:
        ctx.run_in_child_context(child)
    except Exception:  # noqa: BLE001 - whatever it is
        ctx.wait(timedelta(days=1), name="long")
    ctx.wait_for_condition(lambda n: n + 1, 0, until=lambda n: n == 3, name="count")
    ctx.run_in_child_context(large)
    ctx.invoke("double", 4, name="doubled")
    callback = ctx.create_callback("call", timeout=60)
    sent = callback.result()
    asked = ctx.wait_for_callback(work, name="ask")
    ctx.map([1, 2], lambda own, item: own.step(lambda: "y" * 200_000, name="y"), name="wide")
    virtual = ctx.run_in_child_context(
        lambda own: own.step(work, 9, name="in"), name="flat", virtual=True
    )
    return [sent, asked, virtual]


def _handler() -> Handler:
    return durable_execution(everything)


def test_the_last_state_is_what_the_service_holds() -> None:
    simulation, arn = executed(_handler(), callbacks=True)
    recording = Recording.from_service(simulation.service, arn)
    *_, last = states(recording.events)
    held = {record["Id"]: record for record in simulation.service.operations(arn)}
    assert last.records == held
    assert {record["Type"] for record in held.values()} == {
        "STEP",
        "WAIT",
        "CONTEXT",
        "CALLBACK",
        "CHAINED_INVOKE",
    }
    assert simulation.outcome(arn).status == "SUCCEEDED", simulation.outcome(arn).error


def test_each_invocation_saw_one_of_the_states() -> None:
    handler, given = _handler(), list[Any]()

    def host(_: str, event: Any, told: Any) -> Any:
        given.append(event["InitialExecutionState"]["Operations"])
        return handler.run_invocation(event, None, service=told.service)

    simulation = Simulation(host)
    simulation.register(
        FunctionSpec("double", durable=False), lambda _, event, told: event * 2
    ).register("order")
    arn = simulation.start("order")
    while not simulation.is_closed(arn):
        for record in simulation.service.operations(arn):
            if record["Type"] == "CALLBACK" and record["Status"] == "STARTED":
                simulation.succeed_callback(record["CallbackDetails"]["CallbackId"], '"sent"')
        simulation.step()
    ran.clear()
    recording = Recording.from_service(simulation.service, arn)
    rebuilt = [state.visible() for state in states(recording.events)]
    assert len(given) > 8
    for operations in given:
        assert operations[1:] in rebuilt


def test_all_types_of_operations_are_replayed() -> None:
    simulation, arn = executed(_handler(), callbacks=True)
    found = replay(_handler(), Recording.from_service(simulation.service, arn))
    found.check()
    assert found.states > 40
    assert not ran


@pytest.mark.parametrize("make", MAKERS)
def test_recordings_of_executions_that_failed_are_replayed(
    make: Callable[[str], Handler],
) -> None:
    inner = make("")

    @durable_execution
    def handler(event: Any, ctx: DurableContext) -> Any:
        ctx.step(work, 1, name="first")
        raise RuntimeError(inner.function.__name__)

    @durable_execution
    def mended(event: Any, ctx: DurableContext) -> Any:
        ctx.step(work, 1, name="first")
        return "fine"

    simulation, arn = executed(handler)
    recording = Recording.from_service(simulation.service, arn)
    assert recording.status == "FAILED"
    assert replay(handler, recording).passed
    [mismatch] = replay(mended, recording).mismatches
    assert mismatch.cause.startswith("outcome: where FAILED was recorded")
