"""The table of every operation's life: consistent in itself, and what the protocol says."""

from collections.abc import Iterator

import pytest

from lambda_durable.lifecycle import SDK_TRANSITIONS, SERVICE_TRANSITIONS, next_status
from lambda_durable.protocol import CLOSED_STATUSES
from lambda_durable.protocol import OperationAction as A
from lambda_durable.protocol import OperationStatus as S
from lambda_durable.protocol import OperationType as T


def ways_out(type: T, status: S | None) -> Iterator[tuple[str, S]]:
    """Yield what can happen to an operation, by an update or by the service, and what follows."""
    yield from SDK_TRANSITIONS[type].get(status, {}).items()
    if status is not None:
        yield from SERVICE_TRANSITIONS[type].get(status, {}).items()


def reachable(type: T, status: S | None) -> set[S]:
    """Return every status that an operation can come to, sooner or later."""
    found: set[S] = set()
    ahead = [status]
    while ahead:
        for _, following in ways_out(type, ahead.pop()):
            if following not in found:
                found.add(following)
                ahead.append(following)
    return found


def beginning(type: T) -> S | None:
    return S.STARTED if type is T.EXECUTION else None  # the service starts an execution


# --- in itself -------------------------------------------------------------------------------


def test_every_type_is_in_both_tables() -> None:
    assert set(SDK_TRANSITIONS) == set(SERVICE_TRANSITIONS) == set(T)


@pytest.mark.parametrize("type", T)
def test_only_known_names(type: T) -> None:
    for status, actions in SDK_TRANSITIONS[type].items():
        assert status is None or isinstance(status, S)
        assert all(isinstance(action, A) for action in actions)
        assert all(isinstance(following, S) for following in actions.values())
    for status, reasons in SERVICE_TRANSITIONS[type].items():
        assert isinstance(status, S)
        assert all(reason and isinstance(following, S) for reason, following in reasons.items())


@pytest.mark.parametrize("type", T)
@pytest.mark.parametrize("status", sorted(CLOSED_STATUSES))
def test_nothing_leaves_a_closed_status(type: T, status: str) -> None:
    assert list(ways_out(type, S(status))) == []


@pytest.mark.parametrize("type", T)
def test_every_status_of_the_table_is_reached_and_can_end(type: T) -> None:
    everything = reachable(type, beginning(type)) | ({S.STARTED} if type is T.EXECUTION else set())
    rows = set(SDK_TRANSITIONS[type]) | set(SERVICE_TRANSITIONS[type])
    assert rows - {None} <= everything
    for status in everything - set(map(S, CLOSED_STATUSES)):
        assert reachable(type, status) & set(map(S, CLOSED_STATUSES))


@pytest.mark.parametrize("type", T)
def test_an_action_means_the_same_everywhere(type: T) -> None:
    outcome = {
        A.START: S.STARTED,
        A.SUCCEED: S.SUCCEEDED,
        A.FAIL: S.FAILED,
        A.RETRY: S.PENDING,
        A.CANCEL: S.CANCELLED,
    }
    assert set(outcome) == set(A)
    for actions in SDK_TRANSITIONS[type].values():
        assert actions == {action: outcome[action] for action in actions}


@pytest.mark.parametrize("type", T)
@pytest.mark.parametrize("action", A)
def test_next_status_reads_the_table(type: T, action: A) -> None:
    for status in (None, *S):
        expected = SDK_TRANSITIONS[type].get(status, {}).get(action)
        assert next_status(type, status, action) is expected


def test_next_status_takes_the_strings_of_the_wire() -> None:
    found = next_status("STEP", "READY", "START")  # type: ignore[arg-type]  # as records have them
    assert found is S.STARTED


# --- as the service has it -----------------------------------------------------------------------


def test_actions_of_each_type() -> None:
    actions = {
        type: {action for row in table.values() for action in row}
        for type, table in SDK_TRANSITIONS.items()
    }
    assert actions == {
        T.EXECUTION: {A.SUCCEED, A.FAIL},
        T.CONTEXT: {A.START, A.SUCCEED, A.FAIL},
        T.STEP: {A.START, A.SUCCEED, A.FAIL, A.RETRY},
        T.WAIT: {A.START, A.CANCEL},
        T.CALLBACK: {A.START},
        T.CHAINED_INVOKE: {A.START},
    }


def test_what_the_service_does_by_itself() -> None:
    moves = {
        type: {(status, following) for status, row in table.items() for following in row.values()}
        for type, table in SERVICE_TRANSITIONS.items()
    }
    assert moves == {
        T.EXECUTION: {(S.STARTED, S.TIMED_OUT), (S.STARTED, S.STOPPED)},
        T.CONTEXT: set(),
        T.STEP: {(S.PENDING, S.READY)},
        T.WAIT: {(S.STARTED, S.SUCCEEDED)},
        T.CALLBACK: {(S.STARTED, S.SUCCEEDED), (S.STARTED, S.FAILED), (S.STARTED, S.TIMED_OUT)},
        T.CHAINED_INVOKE: {
            (S.STARTED, S.SUCCEEDED),
            (S.STARTED, S.FAILED),
            (S.STARTED, S.TIMED_OUT),
            (S.STARTED, S.STOPPED),
        },
    }


@pytest.mark.parametrize(
    ("type", "action", "allowed_in"),
    [
        (T.EXECUTION, A.SUCCEED, {S.STARTED}),
        (T.EXECUTION, A.FAIL, {S.STARTED}),
        (T.CONTEXT, A.START, {None}),
        (T.CONTEXT, A.SUCCEED, {None, S.STARTED}),
        (T.CONTEXT, A.FAIL, {None, S.STARTED}),
        (T.STEP, A.START, {None, S.READY}),  # not STARTED: an interrupted attempt runs again as is
        (T.STEP, A.SUCCEED, {None, S.STARTED, S.READY}),
        (T.STEP, A.FAIL, {None, S.STARTED, S.READY}),
        (T.STEP, A.RETRY, {None, S.STARTED, S.READY}),
        (T.WAIT, A.START, {None}),
        (T.WAIT, A.CANCEL, {S.STARTED}),
        (T.CALLBACK, A.START, {None}),
        (T.CHAINED_INVOKE, A.START, {None}),
    ],
)
def test_when_an_action_is_allowed(type: T, action: A, allowed_in: set[S | None]) -> None:
    assert {status for status in (None, *S) if next_status(type, status, action)} == allowed_in
