"""`crash_everywhere`: runs a workflow once for each point at which it can die."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from lambda_durable import DurableHandler
from lambda_durable.errors import DurableError, InvalidInputError

from ..local import LocalRunner
from .running import Ran, Script, Subject, wrong
from .schedules import AT_CHECKPOINT, DELIVERED_TWICE, Fault, Schedule
from .shrinking import shortest

FAULTS: Final = (*AT_CHECKPOINT, DELIVERED_TWICE)
"""The kinds of faults that are tried."""

_TIMELINE_LINES: Final = 40


class CrashFoundError(DurableError, AssertionError):
    """A schedule was found under which a workflow does something else; `schedule` repeats it."""

    def __init__(self, message: str, schedule: str) -> None:
        super().__init__(message)
        self.schedule = schedule


@dataclass(frozen=True, slots=True)
class CrashReport:
    """What was tried, when all of it came to the same end."""

    seed: int
    checkpoints: int
    """How many checkpoints the undisturbed run made."""
    tried: dict[str, int]
    """How many runs there were of each kind."""
    left_out: int
    """How many schedules were not tried, for the limit."""
    interrupted: frozenset[str]
    """The at-most-once steps that were cut off, which ends an execution that does not handle it."""

    def __str__(self) -> str:
        tried = ", ".join(f"{count} {kind}" for kind, count in self.tried.items())
        text = f"{sum(self.tried.values())} runs over {self.checkpoints} checkpoints: {tried}"
        if self.left_out:
            text += f"; {self.left_out} left out for the limit"
        return f"{text} (seed {self.seed})"


def crash_everywhere(
    handler: DurableHandler[Any, Any] | LocalRunner,
    event: Any = None,
    *,
    script: Script | None = None,
    world: Callable[[], object] | None = None,
    at_most_once: Collection[str] = (),
    seed: int = 0,
    faults: Collection[str] = FAULTS,
    interleavings: int = 60,
    limit: int = 2_000,
    only: str | None = None,
) -> CrashReport:
    """Run a workflow once for each point at which it can die, and have all runs end alike.

    It is cut off before and after every checkpoint; answers are lost; checkpoints are throttled
    and refused; invocations are repeated and time out; and branches go on in `interleavings`
    other orders of each kind, also between any two instructions of a `def` handler's code.

    Each run starts anew: `world()` makes the outside anew and returns what has to be equal (`==`)
    afterwards, and `script(execution)` plays the outside's part, such as completing callbacks.

    Each run has to end as the undisturbed one, no attempt of an at-most-once step may run twice,
    no body again after its result was kept, and those of the steps named in `at_most_once` not
    twice in all. An execution may fail with StepInterruptedError when an at-most-once step was cut
    off, and fails when a checkpoint was refused for good.

    `faults` are the kinds to try, by default all FAULTS; of more than `limit` some are chosen, by
    `seed`. `only` repeats one schedule. Raises CrashFoundError with the shortest schedule that was
    found.
    """
    __tracebackhide__ = True  # pytest shows the line of the test
    runner = handler if isinstance(handler, LocalRunner) else LocalRunner(handler)
    subject = Subject(runner, event, script, world, at_most_once)
    calm = subject.run(Schedule())
    _check_undisturbed(calm)
    exploration = _Exploration(subject, calm, seed)
    if only is not None:
        exploration.attempt("given", Schedule.read(only))
    else:
        exploration.attempt("undisturbed", Schedule())
        exploration.fail_everywhere(calm, faults, limit)
        exploration.interleave(interleavings)
    return exploration.report(calm)


class _Exploration:
    def __init__(self, subject: Subject, calm: Ran, seed: int) -> None:
        assert calm.outcome is not None, "it was checked"
        self._subject = subject
        self._expected = calm.outcome
        self._seed = seed
        self._faults: list[Fault] = []
        self.tried: Counter[str] = Counter()
        self.left_out = 0
        self.interrupted: set[str] = set()

    def fail_everywhere(self, calm: Ran, kinds: Collection[str], limit: int) -> None:
        """Try each fault alone."""
        __tracebackhide__ = True
        self._faults = list(_faults(calm, kinds))
        chosen = self._faults
        if len(chosen) > limit:
            numbers = Random(self._seed).sample(range(len(chosen)), limit)  # noqa: S311 - a repeatable choice
            chosen = [self._faults[number] for number in sorted(numbers)]
            self.left_out = len(self._faults) - limit
        for fault in chosen:
            self.attempt(fault.kind, Schedule((fault,)))

    def interleave(self, count: int) -> None:
        """Try other orders of the branches: one switch anywhere, then many at random.

        One is enough for most bugs, and shows them best. Half of the others have a fault as well.
        """
        __tracebackhide__ = True
        for fine in (False, True):
            turns = self.attempt("interleaved", Schedule(fine=fine)).conditions.turns
            for turn in _spread(turns, count):
                self.attempt("interleaved", Schedule(switches=((turn, 1),), fine=fine))
            for number in range(min(count, turns)):
                random = Random(f"{self._seed} {number}")  # noqa: S311 - a repeatable choice
                fault = (random.choice(self._faults),) if number % 2 and self._faults else ()
                self.attempt("interleaved", Schedule(fault, fine=fine), random)

    def report(self, calm: Ran) -> CrashReport:
        """Return what was tried."""
        return CrashReport(
            self._seed,
            calm.conditions.checkpoints,
            dict(self.tried),
            self.left_out,
            frozenset(self.interrupted),
        )

    def attempt(self, kind: str, schedule: Schedule, random: Random | None = None) -> Ran:
        """Run a schedule; raise CrashFoundError with the shortest one if it is wrong."""
        __tracebackhide__ = True
        self.tried[kind] += 1
        ran = self._subject.run(schedule, random)
        self.interrupted |= ran.conditions.interrupted
        if wrong(ran, self._expected):
            raise self._found(ran)
        return ran

    def _found(self, first: Ran) -> CrashFoundError:
        def fails(candidate: Schedule) -> bool:
            return bool(wrong(self._subject.run(candidate), self._expected))

        schedule = first.schedule
        repeatable = fails(schedule)
        if repeatable:
            schedule = shortest(schedule, fails)
        ran = self._subject.run(schedule) if repeatable else first
        return CrashFoundError(self._message(ran, repeatable=repeatable), str(ran.schedule))

    def _message(self, ran: Ran, *, repeatable: bool) -> str:
        events = ran.conditions.timeline.events or ["nothing: it differs from run to run"]
        tried = f"run {sum(self.tried.values())}, seed {self._seed}"
        lines = [
            f"{self._subject.runner.name!r} does not survive this ({tried}):",
            *(f"  {number}. {event}" for number, event in enumerate(events, 1)),
            "",
            *wrong(ran, self._expected),
            "",
            "What happened (> is the schedule):",
            *_cut(ran.conditions.timeline.lines),
            "",
        ]
        if repeatable and len(ran.schedule):
            lines.append(f"To repeat it: crash_everywhere(..., only={str(ran.schedule)!r})")
        else:
            lines.append("It does not happen again with the same schedule: something else decides.")
        return "\n".join(lines)


def _check_undisturbed(calm: Ran) -> None:
    """Raise AssertionError unless the undisturbed run is one that others can be compared with."""
    __tracebackhide__ = True
    if calm.outcome is None or calm.problem is not None:
        raise AssertionError(f"undisturbed, it does not come to its end: {calm.problem}")
    assert calm.result is not None, "a run has a result"
    for event in calm.result.events("InvocationCompleted"):
        error = event["InvocationCompletedDetails"].get("Error")
        if error is not None:
            reason = error.get("Payload", error)
            raise AssertionError(f"undisturbed, an invocation fails: {reason}\n\n{calm.result}")


def _faults(calm: Ran, kinds: Collection[str]) -> Iterator[Fault]:
    unknown = set(kinds) - set(FAULTS)
    if unknown:
        raise InvalidInputError(
            f"there is no fault {min(unknown)!r}; the kinds are {', '.join(FAULTS)}"
        )
    for number in range(1, calm.conditions.checkpoints + 1):
        for kind in AT_CHECKPOINT:
            if kind in kinds:
                yield Fault(kind, number)
    if DELIVERED_TWICE in kinds:
        for number in range(1, calm.conditions.invocations + 1):
            yield Fault(DELIVERED_TWICE, number)


def _spread(turns: int, count: int) -> list[int]:
    """Return up to `count` of the turns from 1 on, evenly spread."""
    return sorted({1 + number * turns // count for number in range(count)}) if turns else []


def _cut(lines: list[str]) -> list[str]:
    """Return the lines around the events of the schedule, if there are too many."""
    if len(lines) <= _TIMELINE_LINES:
        return lines
    marked = [number for number, line in enumerate(lines) if line.startswith("  >")]
    near = {n for each in marked for n in range(each - 4, each + 8)} | set(
        range(len(lines) - 6, len(lines))
    )
    shown: list[str] = []
    for number, line in enumerate(lines):
        if number in near:
            shown.append(line)
        elif not shown or shown[-1] != "    ...":
            shown.append("    ...")
    return shown
