"""Each kind of change at each place of a workflow is caught, and called what it is."""

from collections.abc import Callable

import pytest
from recorded_outlines import OUTLINE, Outline, awaited, changes, plain
from recorded_programs import Handler, ran, recorded

from lambda_durable_testing.recorded import Recording, replay

FLAVOURS = {"def": plain, "async": awaited}
CHANGES = list(changes(OUTLINE))


@pytest.fixture(scope="module", params=FLAVOURS)
def flavour(request: pytest.FixtureRequest) -> tuple[Callable[[Outline], Handler], Recording]:
    make = FLAVOURS[request.param]
    return make, recorded(make(OUTLINE))


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("cause", "where", "changed"), CHANGES, ids=[f"{cause}: {where}" for cause, where, _ in CHANGES]
)
def test_a_change_is_called_what_it_is(
    flavour: tuple[Callable[[Outline], Handler], Recording],
    cause: str,
    where: str,
    changed: Outline,
) -> None:
    make, recording = flavour
    found = replay(make(changed), recording)
    assert not ran
    assert found.mismatches, f"{cause} at {where} is not noticed"
    # What most states meet; branches on threads are recorded in more than one order.
    likeliest = max(found.mismatches, key=lambda mismatch: mismatch.states)
    assert likeliest.cause.startswith(f"{cause}:"), str(found)


def test_there_is_enough_to_change() -> None:
    kinds = {cause for cause, _, _ in CHANGES}
    assert len(kinds) == 8
    assert len(CHANGES) > 80
