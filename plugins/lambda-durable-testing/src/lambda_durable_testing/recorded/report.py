"""Differences between a recording and the code of today, as people read them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from lambda_durable import DurableHandler

from .causes import asked, title
from .comparing import Kind, Problem
from .moments import Moment
from .tree import Tree


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One thing that the code does otherwise than it was recorded."""

    place: str
    """The names from the handler down to the operation it is about."""
    expected: str
    found: str
    line: str
    """File, line and function of the call."""
    cause: str
    """The likeliest cause; its first word says which kind: renamed, moved, inserted, ..."""
    event_id: int
    """The first event after which an execution meets it."""
    event: str
    states: int
    """In how many of the recorded states it is met."""

    def __str__(self) -> str:
        return (
            f"  at        {self.place}\n"
            f"  expected  {self.expected}\n"
            f"  found     {self.found}\n"
            f"  line      {self.line}\n"
            f"  cause     {self.cause}\n"
            f"  meets     executions after event {self.event_id} ({self.event})"
        )


def mismatch(
    problem: Problem,
    moment: Moment,
    tree: Tree,
    cause: str | None,
    first: dict[str, Any],
    states: int,
    handler: DurableHandler[Any, Any],
) -> Mismatch:
    """Return a problem in words."""
    expected, found, guess = _said(problem, moment, tree)
    name = f" {first['Name']!r}" if first.get("Name") else ""
    return Mismatch(
        tree.path_of(problem.id) or "the handler",
        expected,
        found,
        problem.line or _definition(handler),
        cause or guess,
        first["EventId"],
        f"{first['EventType']}{name}",
        states,
    )


def text_of(name: str, states: int, mismatches: Sequence[Mismatch]) -> str:
    """Return what came of a replay, in words."""
    if not mismatches:
        return f"{name}: the code repeats it in all of its {states} states"
    parts = [f"{each}: {each.states} of {states} states" for each in mismatches]
    return "\n\n".join([f"{name}: the code does not repeat what was recorded", *parts])


def _said(problem: Problem, moment: Moment, tree: Tree) -> tuple[str, str, str]:
    """Return what was expected, what was found, and a cause."""
    return _SAID[problem.kind](problem, moment, tree)


def _other(problem: Problem, moment: Moment, tree: Tree) -> tuple[str, str, str]:
    expected = "no operation" if problem.expected is None else title(problem.expected)
    found = "another one" if problem.found is None else asked(problem.found)
    return f"{expected}{_inside(problem.parent_id, tree)}", found, "inserted, removed or renamed"


def _unasked(problem: Problem, moment: Moment, tree: Tree) -> tuple[str, str, str]:
    what = "" if problem.expected is None else title(problem.expected)
    where = _inside(problem.parent_id, tree)
    found = f"no call of it; {_ending(where)} comes to its end"
    return f"{what}{where}", found, f"removed: the code does not ask for {what} any more"


def _added(problem: Problem, moment: Moment, tree: Tree) -> tuple[str, str, str]:
    where = _inside(problem.parent_id, tree)
    expected = f"the end of {_ending(where)}"
    if problem.found is None:
        cause = "it waits: the code now needs an operation that it went on without"
        return expected, "it rests there", cause
    found = asked(problem.found)
    return expected, found, f"inserted: {found} is new, after all that was recorded{where}"


def _branch_count(problem: Problem, moment: Moment, tree: Tree) -> tuple[str, str, str]:
    what = "" if problem.expected is None else title(problem.expected)
    before, now = problem.counts
    expected = f"{what} with {_branches(before)}"
    if problem.detail:
        reason = problem.detail.partition(". ")[0]
        return expected, reason, f"branch count: {reason}"
    cause = f"branch count: {what} was recorded with {_branches(before)} and has {now} now"
    return expected, _branches(now), cause


def _batch(problem: Problem, moment: Moment, tree: Tree) -> tuple[str, str, str]:
    expected = "" if problem.expected is None else title(problem.expected)
    return expected, problem.detail, f"other branches: {problem.detail}"


def _outcome(problem: Problem, moment: Moment, tree: Tree) -> tuple[str, str, str]:
    closed = moment.closed_as if problem.id is not None else moment.ended_as
    cause = f"outcome: where {closed} was recorded, the code now ends otherwise: {problem.detail}"
    return f"it ends with {closed}", problem.detail, cause


def _error(problem: Problem, moment: Moment, tree: Tree) -> tuple[str, str, str]:
    return "the execution goes on", problem.detail, f"error: the code fails: {problem.detail}"


def _payload(problem: Problem, moment: Moment, tree: Tree) -> tuple[str, str, str]:
    what = "" if problem.expected is None else title(problem.expected)
    misread = problem.misread
    if misread is None:
        return what, problem.detail, problem.detail
    recorded = f"the payload {_short(misread.recorded)}"
    before, now = misread.written_by, misread.read_by
    if before is not None and before != now:
        cause = f"the payload of {what} was written by {before}, and is read by {now}"
        return f"{recorded}, of {before}", str(now), f"changed serializer: {cause}"
    if misread.now is not None:
        cause = (
            f"{now} reads the payload of {what} as something else than was written; a serializer "
            "or a declared type has changed"
        )
        found = f"read by {now}, written {_short(misread.now)}"
        return recorded, found, f"changed serializer: {cause}"
    cause = f"{now}, which the code uses now, cannot read the payload of {what}, or not write it"
    found = f"{type(misread.error).__name__}: {misread.error}"
    return recorded, found, f"changed serializer: {cause}"


_SAID: Final[dict[Kind, Callable[[Problem, Moment, Tree], tuple[str, str, str]]]] = {
    "other operation": _other,
    "unasked": _unasked,
    "added": _added,
    "branches": _branch_count,
    "payload": _payload,
    "outcome": _outcome,
    "batch": _batch,
    "error": _error,
}


def _inside(parent: str | None, tree: Tree) -> str:
    record = tree.records.get(parent or "")
    return f" in {title(record)}" if record is not None else ""


def _ending(where: str) -> str:
    return where.removeprefix(" in ") or "the handler"


def _branches(count: int) -> str:
    return f"{count} branch{'' if count == 1 else 'es'}"


def _definition(handler: DurableHandler[Any, Any]) -> str:
    function = handler.function
    code = getattr(function, "__code__", None)
    name = getattr(function, "__qualname__", repr(function))
    return f"{code.co_filename}:{code.co_firstlineno} in {name}" if code is not None else name


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:77]}..."
