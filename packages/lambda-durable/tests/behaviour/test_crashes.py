"""Whatever is interrupted anywhere comes to the same end, and repeats nothing that it must not."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings

from lambda_durable_kernel import Finished

from .flavours import FLAVOURS, STAGES
from .programs import Ledger, compiled, programs
from .world import World

_TARGETS: dict[str, Any] = {}


async def _target(event: Any, ctx: Any) -> Any:
    doubled = await ctx.step(lambda: event * 2, name="double")
    await ctx.wait(30)
    return doubled


def _run(flavour: Any, program: Any, world: World) -> tuple[Finished, Ledger]:
    ledger = Ledger(settled=world.settled)
    if flavour.name not in _TARGETS:
        _TARGETS[flavour.name] = flavour.handler(_target)

    def failing(event: Any) -> Any:
        raise LookupError(f"planned {event}")

    world.add("durable", _TARGETS[flavour.name])
    world.add_plain("plain", lambda event: event + 1)
    world.add_plain("failing", failing)
    return world.run(STAGES[flavour.name].handler(compiled(program, ledger))), ledger


PROGRAMS = settings(
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@settings(PROGRAMS, max_examples=10)
@given(program=programs)
def test_stopped_at_every_checkpoint_in_turn(flavour: Any, program: Any) -> None:
    stop_at_every_checkpoint(flavour, program)


@pytest.mark.exhaustive
@pytest.mark.timeout(3600)
@settings(PROGRAMS, max_examples=300)
@given(program=programs)
def test_many_stopped_at_every_checkpoint_in_turn(flavour: Any, program: Any) -> None:
    stop_at_every_checkpoint(flavour, program)


def stop_at_every_checkpoint(flavour: Any, program: Any) -> None:
    whole = World()
    expected, ledger = _run(flavour, program, whole)
    assert expected.status == "SUCCEEDED", expected.error
    assert ledger.wrong == []
    for number in range(1, whole.requests + 1):
        # Dying before a checkpoint is like dying after the one before it, but for the bodies
        # that ran in between: every other one has to do.
        for phase in ("before", "after") if number % 2 else ("after",):
            note(f"crash {phase} checkpoint {number} of {whole.requests}")
            again, ledger = _run(flavour, program, World(crash_at=(number, phase)))
            assert (again.status, again.result) == (expected.status, expected.result)
            assert ledger.wrong == []


@pytest.mark.exhaustive
@pytest.mark.timeout(3600)
@settings(PROGRAMS, max_examples=50)
@given(program=programs)
def test_stopped_after_each_checkpoint(program: Any) -> None:
    for flavour in FLAVOURS:
        expected, _ = _run(flavour, program, World())
        again, ledger = _run(flavour, program, World(crash_after_each=True))
        assert ledger.wrong == []
        if not _has_at_most_once(program):  # each of its attempts is cut off after its start
            assert (again.status, again.result) == (expected.status, expected.result)


def _has_at_most_once(program: Any) -> bool:
    return "at_most_once=True" in repr(program)
