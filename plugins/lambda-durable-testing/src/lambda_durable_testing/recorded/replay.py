"""Replaying a whole recording: at every state that the execution was in, and what came of it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

from lambda_durable import DurableHandler
from lambda_durable.errors import InvalidInputError

from .causes import Change, Tried, likeliest
from .comparing import Problem, problems, replay_moment
from .moments import Moment, moments
from .reading import Known, Payloads
from .recording import Recording
from .replaying import Replayed
from .report import Mismatch, mismatch, text_of
from .tree import Tree


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
    recorded payloads can be read; otherwise they must also be written as they were. The time it
    takes grows with the square of the history.
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
    inside: Moment | None = None
    """Before the operation ended, if it is a context: then all that is in it can be seen."""

    def again(self, problem: Problem, moment: Moment) -> "_Met":
        """Return the same, met once more."""
        inside = moment if moment.closes == problem.id else self.inside
        return _Met(problem, moment, self.first, self.times + 1, inside)


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
        self._known: Known = {}
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
        payloads = Payloads(
            self._recording.serializers, only_readable=self._only_readable, known=self._known
        )
        return replay_moment(
            self._handler, self._recording.arn, moment, payloads, closable=closable
        )

    def _explained(self, met: _Met) -> Mismatch:
        problem, cause = met.problem, None
        if problem.kind == "other operation" and problem.found and problem.expected:
            looked_at = [met.moment] if met.inside is None else [met.moment, met.inside]
            trees = [Tree(moment.state.records) for moment in looked_at]

            def attempt(change: Change, number: int) -> Tried:
                return self._tried(change, looked_at[number], trees[number], problem.parent_id)

            cause = likeliest(problem.found, problem.expected["Id"], trees, attempt)
        tree = Tree(met.moment.state.records)
        return mismatch(problem, met.moment, tree, cause, met.first, met.times, self._handler)

    def _tried(self, change: Change, moment: Moment, tree: Tree, context: str | None) -> Tried:
        """Replay what a change makes of a moment; other branches than its own stay out of it."""
        records = tree.apart(change.records, context)
        if len(records) < len(change.records):
            moment = replace(moment, closes=moment.closes if moment.closes == context else None)
        if moment.closes in change.closable:  # what stands at that place now has not ended
            moment = replace(moment, closes=None)
        changed = replace(moment, state=replace(moment.state, records=records))
        replayed = self._replayed(changed, change.closable)
        left = [each for each in problems(replayed, changed) if each.kind != "payload"]
        return Tried(not left, len(replayed.watch.asked))


def _is_known(problem: Problem, met: Iterable[_Met]) -> bool:
    """Return whether a problem only repeats, once its batch has ended, what was met inside it."""
    others = (each.problem for each in met if each.problem is not problem)
    return problem.kind == "batch" and any(
        problem.id in (each.id, each.parent_id) for each in others
    )
