"""Programs with branches, futures, races, callbacks and sagas, stopped anywhere."""

import os
from typing import Any

import pytest
from behaviour.flavours import FLAVOURS, STAGES
from behaviour.programs import compiled
from behaviour.world import World
from hypothesis import HealthCheck, Phase, given, note, seed, settings

from lambda_durable_kernel import Finished

from .concurrent_programs import Witness, concurrent_programs

_TARGETS: dict[str, Any] = {}


async def _target(event: Any, ctx: Any) -> Any:
    await ctx.wait(30)
    return event * 2


def _run(flavour: Any, program: Any, world: World) -> tuple[Finished, Witness]:
    witness = Witness(settled=world.settled, simulation=world.simulation)
    if flavour.name not in _TARGETS:
        _TARGETS[flavour.name] = flavour.handler(_target)

    def failing(event: Any) -> Any:
        raise LookupError(f"planned {event}")

    world.add("durable", _TARGETS[flavour.name])
    world.add_plain("plain", lambda event: event + 1)
    world.add_plain("failing", failing)
    return world.run(STAGES[flavour.name].handler(compiled(program, witness))), witness


PROGRAMS = settings(
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
BOTH_FLAVOURS = pytest.mark.parametrize("flavour", FLAVOURS, ids=lambda flavour: flavour.name)


@BOTH_FLAVOURS
@seed(int(os.environ["LAMBDA_DURABLE_SEED"]))
@settings(PROGRAMS, max_examples=10)
@given(program=concurrent_programs)
def test_stopped_at_every_checkpoint(flavour: Any, program: Any) -> None:
    stop_at_every_checkpoint(flavour, program)


@pytest.mark.exhaustive
@pytest.mark.timeout(3600)
@BOTH_FLAVOURS
@seed(int(os.environ["LAMBDA_DURABLE_SEED"]))
@settings(PROGRAMS, max_examples=500)
@given(program=concurrent_programs)
def test_many_stopped_at_every_checkpoint(flavour: Any, program: Any) -> None:
    stop_at_every_checkpoint(flavour, program)


def stop_at_every_checkpoint(flavour: Any, program: Any) -> None:
    """Each program whole, and stopped after each of its checkpoints in turn, or just before it."""
    whole = World()
    expected, witness = _run(flavour, program, whole)
    assert expected.status == "SUCCEEDED", expected.error
    assert witness.wrong == []
    for number in range(1, whole.requests + 1):
        phase = "before" if number % 3 == 0 else "after"
        note(f"crash {phase} checkpoint {number} of {whole.requests}")
        again, witness = _run(flavour, program, World(crash_at=(number, phase)))
        assert again.status == "SUCCEEDED", again.error
        assert witness.wrong == []
        if "Racy" not in repr(program):  # it has one end
            assert again.result == expected.result
