"""Replaying a whole recording: at every state that the execution was in, and what came of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from lambda_durable import DurableHandler
from lambda_durable.errors import InvalidInputError

from .causes import Change, Tried, likeliest
from .comparing import Moment, Problem, problems, replay_moment
from .reading import Payloads
from .recording import Recording
from .replaying import Replayed
from .report import Mismatch, mismatch, text_of
from .states import State, states
from .tree import Tree

_CLOSED = {"ContextSucceeded": "SUCCEED", "ContextFailed": "FAIL"}
_ENDED = {"ExecutionSucceeded": "SUCCEEDED", "ExecutionFailed": "FAILED"}


class RecordingMismatchError(AssertionError):
    """The code does not repeat what was recorded; the message shows each difference."""


@dataclass(frozen=True, slots=True)
class Replay:
    """What came of replaying a recording."""

    recording: Recording
    states: int
    """How many states of the execution were replayed."""
    mismatches: tuple[Mismatch, ...]
    """The differences, in the order in which an execution would meet them."""

    @property
    def passed(self) -> bool:
        """Whether executions like the recorded one can go on with this code, wherever they are."""
        return not self.mismatches

    def check(self) -> None:
        """Raise RecordingMismatchError if there is a difference."""
        if self.mismatches:
            raise RecordingMismatchError(str(self))

    def __str__(self) -> str:
        return text_of(self.recording.name, self.states, self.mismatches)


def replay(
    handler: DurableHandler[Any, Any],
    recording: Recording,
    *,
    payloads: Literal["same", "readable"] = "same",
) -> Replay:
    """Run a handler against every state that a recorded execution was in.

    Side effects are forbidden: no step's body runs, nothing is sent. What the handler does between
    its durable calls runs, as on every replay. With `payloads="readable"` it is enough that the
    recorded payloads can be read; otherwise they must also be written as they were.
    """
    if not isinstance(handler, DurableHandler):
        raise InvalidInputError(
            f"replay takes a handler made by @durable_execution, not {handler!r:.80}"
        )
    return _Replaying(handler, recording, only_readable=payloads == "readable").run()


def made_by(handler: DurableHandler[Any, Any], recording: Recording) -> Recording:
    """Return the recording with the handler that made it, and the serializers that it uses.

    With them, a change of serializer is noticed even where the payloads look the same. To be
    called with the code that ran; RecordingMismatchError if that does not repeat the recording.
    """
    replaying = _Replaying(handler, replace(recording, serializers={}))
    replaying.run().check()
    name = f"{handler.function.__module__}:{handler.function.__qualname__}"
    return replace(recording, handler=name, serializers=replaying.read_by)


@dataclass(frozen=True, slots=True)
class _Met:
    """A problem as it was met last, with the most of the execution there, and where first."""

    problem: Problem
    moment: Moment
    first: dict[str, Any]
    times: int = 1

    def again(self, problem: Problem, moment: Moment) -> "_Met":
        """Return the same, met once more."""
        return _Met(problem, moment, self.first, self.times + 1)


class _Replaying:
    """The replays of one recording."""

    def __init__(
        self,
        handler: DurableHandler[Any, Any],
        recording: Recording,
        *,
        only_readable: bool = False,
    ) -> None:
        self._handler = handler
        self._recording = recording
        self._only_readable = only_readable
        self.read_by: dict[str, str] = {}

    def run(self) -> Replay:
        """Replay all states, and explain what was met."""
        count, met = 0, dict[tuple[object, ...], _Met]()
        for moment in moments(self._recording):
            count += 1
            replayed = self._replayed(moment)
            self.read_by |= replayed.watch.payloads.read_by
            for problem in problems(replayed, moment):
                before = met.get(problem.key)
                met[problem.key] = (
                    before.again(problem, moment)
                    if before is not None
                    else _Met(problem, moment, moment.state.event)
                )
        found = [each for each in met.values() if not _is_known(each.problem, met.values())]
        return Replay(self._recording, count, tuple(map(self._explained, found)))

    def _replayed(self, moment: Moment, closable: frozenset[str] = frozenset()) -> Replayed:
        payloads = Payloads(self._recording.serializers, only_readable=self._only_readable)
        return replay_moment(
            self._handler, self._recording.arn, moment, payloads, closable=closable
        )

    def _explained(self, met: _Met) -> Mismatch:
        problem, moment = met.problem, met.moment
        tree, cause = Tree(moment.state.records), None
        if problem.kind == "other operation" and problem.found and problem.expected:

            def attempt(change: Change) -> Tried:
                state = replace(moment.state, records=change.records)
                changed = replace(moment, state=state)
                replayed = self._replayed(changed, change.closable)
                left = [each for each in problems(replayed, changed) if each.kind != "payload"]
                return Tried(not left, len(replayed.watch.asked))

            cause = likeliest(problem.found, problem.expected, tree, attempt)
        return mismatch(problem, moment, tree, cause, met.first, met.times, self._handler)


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


def _is_known(problem: Problem, met: Iterable[_Met]) -> bool:
    """Return whether a problem only repeats, once its batch has ended, what was met inside it."""
    others = (each.problem for each in met if each.problem is not problem)
    return problem.kind == "batch" and any(
        problem.id in (each.id, each.parent_id) for each in others
    )
