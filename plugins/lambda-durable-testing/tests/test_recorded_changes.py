"""Replaying a recording against changed code: each change is caught, and called by its name."""

from collections.abc import Callable

import pytest
from recorded_programs import MAKERS, Handler, async_order, order, ran, recorded

from lambda_durable_testing.recorded import RecordingMismatchError, made_by, replay

CHANGES = {
    "rename": ("reserve", "renamed: step 'reserve' is now step 'book'"),
    "insert": ("price", "inserted: step 'extra' is new, and stands before step 'price'"),
    "delete": ("price", "removed: step 'price'"),
    "reorder": ("pause", "moved: step 'invoice' now comes before wait 'pause'"),
    "nest": (
        "notify",
        "nested: step 'notify', wait 'cool' now stand inside child context 'rest'",
    ),
    "un-nest": (
        "pay",
        "un-nested: step 'charge', wait 'settle', step 'receipt' no longer stand inside child con",
    ),
    "serializer": ("price", "changed serializer: lambda_durable.plain_json.PlainJson reads the "),
    "more items": ("ship", "branch count: map 'ship' was recorded with 3 branches and has 4 now"),
    "fewer items": ("ship", "branch count: 'ship' has 2 branches now"),
    "rename inside": ("pay > charge", "renamed: step 'charge' is now step 'charge!'"),
    "delete inside": ("pay > settle", "removed: wait 'settle'"),
    "insert at the end inside": ("pay", "inserted: step 'bonus' is new, after all that was "),
    "rename a branch": ("sides > right", "renamed: branch 'right' is now branch 'right!'"),
    "delete the last": ("archive", "removed: the code does not ask for step 'archive' any more"),
    "insert at the end": ("the handler", "inserted: step 'after' is new, after all that was "),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("make", MAKERS)
def test_each_change_is_caught_and_named(make: Callable[[str], Handler], change: str) -> None:
    recording = recorded(make(""))
    place, cause = CHANGES[change]
    found = replay(make(change), recording)
    assert not ran, "a step's body ran"
    assert [each.place for each in found.mismatches] == [place]
    mismatch = found.mismatches[0]
    assert mismatch.cause.startswith(cause)
    assert "recorded_programs.py:" in mismatch.line
    with pytest.raises(RecordingMismatchError, match="does not repeat what was recorded") as told:
        found.check()
    assert mismatch.cause in str(told.value)
    assert mismatch.expected in str(told.value)
    assert mismatch.found in str(told.value)


@pytest.mark.parametrize("make", MAKERS)
def test_a_branch_less_is_caught(make: Callable[[str], Handler]) -> None:
    found = replay(make("one branch"), recorded(make("")))
    assert "sides" in {each.place.partition(" > ")[0] for each in found.mismatches}


@pytest.mark.parametrize("change", ["", "refactor"])
@pytest.mark.parametrize("make", MAKERS)
def test_code_that_changes_no_operation_passes(make: Callable[[str], Handler], change: str) -> None:
    recording = recorded(make(""))
    found = replay(make(change), recording)
    found.check()
    assert found.states > 40
    assert not ran


def test_a_handler_may_change_its_flavour() -> None:
    assert replay(async_order(), recorded(order())).passed
    assert replay(order(), recorded(async_order())).passed


def test_states_before_the_change_are_not_blamed() -> None:
    recording = recorded(order())
    [mismatch] = replay(order("insert at the end"), recording).mismatches
    assert mismatch.states == 1
    [mismatch] = replay(order("rename"), recording).mismatches
    assert mismatch.event == "StepStarted 'reserve'"
    assert mismatch.states == replay(order(), recording).states - 1


def test_two_changes_are_both_seen() -> None:
    recording = recorded(order("rename inside"))
    changed = replay(order("insert at the end"), recording)
    assert [each.cause.partition(":")[0] for each in changed.mismatches] == ["renamed", "inserted"]


def test_a_serializer_that_writes_alike_is_noticed_once_it_is_known() -> None:
    from lambda_durable import DurableContext, durable_execution

    def plain(serializer: str | None) -> Handler:
        def handler(event: object, ctx: DurableContext) -> None:
            ctx.step(lambda: {"plain": True}, name="step", serializer=serializer)

        return durable_execution(handler)

    recording = recorded(plain(None))
    assert replay(plain("json"), recording).passed
    known = made_by(plain(None), recording)
    [mismatch] = replay(plain("json"), known).mismatches
    assert mismatch.cause.startswith("changed serializer: the payload of step 'step' was written ")
    assert replay(plain("json"), known, payloads="readable").passed
    assert replay(plain(None), known).passed


def test_made_by_refuses_code_that_did_not_make_it() -> None:
    with pytest.raises(RecordingMismatchError, match="renamed"):
        made_by(order("rename"), recorded(order()))
