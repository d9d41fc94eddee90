"""The moments of a recording: each state of the execution, and what the recording has next."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from .recording import Recording
from .states import State, states

_CLOSED: Final = {"ContextSucceeded": "SUCCEED", "ContextFailed": "FAIL"}
_ENDED: Final = {"ExecutionSucceeded": "SUCCEEDED", "ExecutionFailed": "FAILED"}


@dataclass(frozen=True, slots=True)
class Moment:
    """A state, and what the recording says about what came next."""

    state: State
    closes: str | None = None
    """The context that was closed next."""
    closed_as: str | None = None
    """SUCCEED or FAIL, if a context was closed next."""
    ended_as: str | None = None
    """The execution's status, if it ended next as SUCCEEDED or FAILED."""
    status: str = "RUNNING"
    """How the execution ended at last."""


def moments(recording: Recording) -> Iterator[Moment]:
    """Yield each state of a recording, with what came next."""
    last: State | None = None
    for state in states(recording.events):
        if last is not None:
            yield _moment(last, state.event, recording)
        last = state
    if last is not None:
        yield _moment(last, recording.events[-1], recording)


def _moment(state: State, following: dict[str, Any], recording: Recording) -> Moment:
    type = following["EventType"]
    closes = following.get("Id") if type in _CLOSED else None
    if closes not in state.records:
        closes = None
    return Moment(
        state,
        closes,
        _CLOSED.get(type) if closes is not None else None,
        _ENDED.get(type),
        recording.status,
    )
