"""Simulations: executions to their end, on a clock that jumps."""

from pathlib import Path
from typing import Any

import pytest
from kernel_driver import callback, invoke, step, wait

from lambda_durable_kernel import (
    CheckpointMoment,
    Errored,
    FunctionSpec,
    Retries,
    Settings,
    Simulation,
    SimulationBlockedError,
)
from lambda_durable_kernel.simulation import SimulatedInvocation

DONE = {"Status": "SUCCEEDED", "Result": '"done"'}
PENDING = {"Status": "PENDING"}


class Script:
    """A handler that makes its updates one after the other, and waits for each that is open."""

    def __init__(self, *updates: dict[str, Any]) -> None:
        self.updates = updates

    def __call__(self, name: str, event: dict[str, Any], invocation: SimulatedInvocation) -> Any:
        token = event["CheckpointToken"]
        known = {op["Id"]: op for op in event["InitialExecutionState"]["Operations"]}
        for each in self.updates:
            record = known.get(each["Id"])
            if record is None:
                answer = invocation.service.checkpoint(
                    event["DurableExecutionArn"],
                    token,
                    [each],  # type: ignore[list-item]  # a plain dict
                )
                token = answer["CheckpointToken"]
                (record,) = answer["NewExecutionState"]["Operations"]
            if record["Status"] not in {"SUCCEEDED", "FAILED", "TIMED_OUT"}:
                return PENDING
        return DONE


def test_a_year_of_waiting_takes_two_invocations() -> None:
    simulation = Simulation(Script(wait(365 * 86_400)), start_at=0.0)
    finished = simulation.register("f").run("f", {"a": 1})
    assert (finished.status, finished.value, finished.invocations) == ("SUCCEEDED", "done", 2)
    assert simulation.now == 365 * 86_400
    assert [record.checkpoints for record in simulation.invocations] == [1, 0]
    assert [record.started_at for record in simulation.invocations] == [0.0, 365 * 86_400]


def test_the_readme_s_examples_run() -> None:
    text = (Path(__file__).parents[1] / "README.md").read_text()
    blocks = [block.split("```")[0] for block in text.split("```python\n")[1:]]
    assert len(blocks) == 2
    for code in blocks:
        exec(compile(code, "README.md", "exec"), {})


def test_it_says_which_callback_nobody_completes() -> None:
    simulation = Simulation(Script(callback("c", Name="approval"))).register("f")
    arn = simulation.start("f")
    with pytest.raises(SimulationBlockedError) as blocked:
        simulation.finish(arn)
    assert str(blocked.value).endswith("waits for callback 'approval' that nobody completes")


def test_what_cannot_block_is_not_blamed() -> None:
    def host(name: str, event: Any, invocation: SimulatedInvocation) -> Any:
        updates = [step("START", "s", Name="running"), callback("c", Name="approval")]
        if len(event["InitialExecutionState"]["Operations"]) == 1:
            invocation.service.checkpoint(
                event["DurableExecutionArn"],
                event["CheckpointToken"],
                updates,  # type: ignore[arg-type]  # plain dicts
            )
        return PENDING

    with pytest.raises(SimulationBlockedError) as blocked:
        Simulation(host).register("f").run("f")
    assert "running" not in str(blocked.value)


def test_the_execution_s_own_time_out_is_waited_for() -> None:
    simulation = Simulation(Script(callback("c"))).register(FunctionSpec("f", execution_timeout=9))
    assert simulation.run("f").status == "TIMED_OUT"


def test_it_can_be_driven_step_by_step() -> None:
    simulation = Simulation(Script(callback("c"), wait(10, "w"))).register("f")
    arn = simulation.start("f", name="e")
    simulation.settle()
    assert simulation.outcome(arn).invocations == 1
    simulation.succeed_callback(simulation.callback_id(arn), "1")
    assert simulation.step()
    started = simulation.now
    simulation.advance(9)
    assert simulation.now == started + 9
    assert simulation.outcome(arn).status == "RUNNING"
    simulation.advance(1)
    assert simulation.outcome(arn).status == "SUCCEEDED"
    assert not simulation.step()


def test_callbacks_are_found_by_name_failed_and_kept_alive() -> None:
    simulation = Simulation(
        Script(step("SUCCEED", "s"), callback("c", heartbeat=5, Name="x"), callback("d", Name="y"))
    ).register("f")
    arn = simulation.start("f")
    simulation.settle()
    with pytest.raises(LookupError, match="0 open callbacks called 'z'"):
        simulation.callback_id(arn, "z")
    simulation.advance(4)
    simulation.heartbeat_callback(simulation.callback_id(arn, "x"))
    simulation.advance(4)
    simulation.fail_callback(simulation.callback_id(arn, "x"), {"ErrorType": "E"})
    simulation.settle()
    simulation.fail_callback(simulation.callback_id(arn, "y"))
    assert simulation.finish(arn).status == "SUCCEEDED"


def test_functions_invoke_each_other() -> None:
    received: list[Any] = []

    def plain(name: str, event: Any, invocation: SimulatedInvocation) -> Any:
        received.append((name, event))
        return {"ok": True}

    simulation = Simulation(Script(invoke("g"), invoke("h", "2", Payload='{"a": 1}')))
    simulation.register("f").register("g", Script(wait(60)))
    simulation.register(FunctionSpec("h", durable=False), plain)
    finished = simulation.run("f")
    assert (finished.status, finished.invocations) == ("SUCCEEDED", 3)
    assert received == [("h", {"a": 1})]
    results = [
        op["ChainedInvokeDetails"]["Result"] for op in simulation.service.operations(finished.arn)
    ]
    assert results == ['"done"', '{"ok": true}']


def test_a_chained_invoke_that_does_not_end_blocks_its_caller() -> None:
    simulation = Simulation(Script(invoke("g", Name="sub")))
    simulation.register("f").register("g", Script(callback("c")))
    with pytest.raises(SimulationBlockedError, match="chained invoke 'sub' that does not end"):
        simulation.run("f")


def test_what_a_host_raises_is_the_function_s_error() -> None:
    def host(name: str, event: Any, invocation: SimulatedInvocation) -> Any:
        raise ValueError("no")

    simulation = Simulation(host, settings=Settings(retries=Retries(attempts=2))).register("f")
    finished = simulation.run("f")
    assert (finished.status, finished.invocations) == ("FAILED", 2)
    assert finished.error == {"ErrorType": "ValueError", "ErrorMessage": "no"}


def test_what_stops_the_test_stops_the_simulation() -> None:
    def host(name: str, event: Any, invocation: SimulatedInvocation) -> Any:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Simulation(host).register("f").run("f")


class Kill(BaseException):
    pass


def crash_at(*points: tuple[str, int]) -> Any:
    """Return a hook that crashes at the n-th moment of a phase, counted over all invocations."""
    seen = {"before": 0, "after": 0}

    def hook(moment: CheckpointMoment) -> None:
        seen[moment.phase] += 1
        if (moment.phase, seen[moment.phase]) in points:
            raise Kill

    return hook


@pytest.mark.parametrize("phase", ["before", "after"])
@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_crash_at_any_checkpoint_changes_nothing_but_the_way(phase: str, number: int) -> None:
    script = Script(step("SUCCEED", "a"), step("SUCCEED", "b"), wait(10, "c"))
    simulation = Simulation(script, on_checkpoint=crash_at((phase, number))).register("f")
    finished = simulation.run("f")
    assert (finished.status, finished.value) == ("SUCCEEDED", "done")
    events = [event["EventType"] for event in simulation.service.events(finished.arn)]
    assert events.count("StepSucceeded") == 2
    crashes = [record for record in simulation.invocations if isinstance(record.outcome, Errored)]
    assert [crash.outcome for crash in crashes] == [Errored.crashed()]


def test_a_host_that_swallows_the_crash_is_dead_all_the_same() -> None:
    script = Script(step("SUCCEED", "a"))

    def host(name: str, event: Any, invocation: SimulatedInvocation) -> Any:
        try:
            return script(name, event, invocation)
        except Kill:
            return DONE

    simulation = Simulation(host, on_checkpoint=crash_at(("before", 1))).register("f")
    finished = simulation.run("f")
    assert (finished.status, finished.invocations) == ("SUCCEEDED", 2)


def test_time_can_pass_inside_an_invocation() -> None:
    left: list[float] = []

    def host(name: str, event: Any, invocation: SimulatedInvocation) -> Any:
        left.append(invocation.remaining)
        if len(left) == 1:
            invocation.simulation.now += 31
        return DONE

    simulation = Simulation(host).register(FunctionSpec("f", timeout=30))
    finished = simulation.run("f")
    assert finished.status == "SUCCEEDED"
    assert left == [30.0, 30.0]
    assert simulation.invocations[0].outcome == Errored.timed_out(30)


def test_a_function_needs_a_host() -> None:
    with pytest.raises(TypeError, match="nothing runs 'f'"):
        Simulation().register("f")


def test_a_paused_execution_is_blocked() -> None:
    simulation = Simulation(Script(wait())).register("f")
    arn = simulation.start("f")
    simulation.settle()
    simulation.service.pause(arn, now=simulation.now)
    with pytest.raises(SimulationBlockedError, match="is PAUSED and nobody resumes it"):
        simulation.finish(arn)


def test_runs_are_equal_where_inputs_are() -> None:
    def run() -> Any:
        simulation = Simulation(Script(wait(), callback("c", timeout=5))).register("f")
        return simulation.service.events(simulation.run("f").arn)

    assert run() == run()
