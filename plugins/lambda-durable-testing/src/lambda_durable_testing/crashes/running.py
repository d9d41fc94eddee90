"""One run under a schedule: how it ended, and what is wrong with that."""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection
from dataclasses import dataclass
from random import Random
from typing import Any, NamedTuple

from ..drawing import short
from ..local import LocalRunner
from ..results import Result
from ..started import LocalExecution
from .conditions import Scheduled, was_interrupted
from .schedules import Schedule

Script = Callable[[LocalExecution], object]
"""Takes an execution to its end as the outside does: completes its callbacks, lets time pass."""


class Outcome(NamedTuple):
    """What a run is compared by."""

    status: str
    payload: str | None
    error: str | None
    world: Any

    def __str__(self) -> str:
        what = self.error if self.payload is None else self.payload
        return f"{self.status} {short(str(what), 200)}" if what is not None else self.status


@dataclass(frozen=True, slots=True)
class Ran:
    """A run that was made."""

    schedule: Schedule
    """What took place, with the switches that were made at random."""
    conditions: Scheduled
    outcome: Outcome | None
    """None if the execution did not come to its end."""
    problem: str | None
    """What kept it from its end, or went wrong with the script."""
    result: Result | None


@dataclass(frozen=True, slots=True)
class Subject:
    """What is run again and again, and how it is looked at."""

    runner: LocalRunner
    event: Any
    script: Script | None
    world: Callable[[], object] | None
    at_most_once: Collection[str]

    def run(self, schedule: Schedule, random: Random | None = None) -> Ran:
        """Run an execution under a schedule, in a world that is fresh."""
        conditions = Scheduled(schedule, random)
        runner = self.runner.fresh(conditions)
        world = self.world() if self.world is not None else None
        execution = runner.start(copy.deepcopy(self.event))
        problem = None
        try:
            if self.script is not None:
                self.script(execution)
            execution.finish()
        except Exception as raised:  # noqa: BLE001 - the script's, or why it does not end
            problem = f"{type(raised).__name__}: {raised}"
        self._check_at_most_once(runner, conditions)
        result = execution.result()
        made = Schedule(schedule.faults, tuple(conditions.switched), schedule.fine)
        if not execution.is_closed:
            return Ran(made, conditions, None, problem, result)
        error = str(result.error) if result.error is not None else None
        outcome = Outcome(result.status, result.payload, error, copy.deepcopy(world))
        return Ran(made, conditions, outcome, problem, result)

    def _check_at_most_once(self, runner: LocalRunner, conditions: Scheduled) -> None:
        for name in self.at_most_once:
            count = sum(call.name == name for call in runner.calls)
            if count > 1:
                conditions.violations.append(f"the body of {name!r} ran {count} times, not once")


def wrong(ran: Ran, expected: Outcome) -> list[str]:
    """Return what is wrong with a run, nothing if it is as it has to be."""
    found = list(dict.fromkeys(ran.conditions.violations))
    if ran.outcome is None:
        return [*found, f"it did not come to its end: {ran.problem}"]
    if ran.conditions.refused:
        # Nothing can be recorded any more, so that execution has to fail. If it is one that this
        # execution has invoked, how that is handled is the workflow's own affair.
        own = ran.result is not None and ran.result.arn in ran.conditions.refused
        if own and ran.outcome.status != "FAILED":
            found.append(f"a refused checkpoint did not end it: {ran.outcome}")
        return found
    error = ran.result.error if ran.result is not None else None
    if error is not None and was_interrupted(error.type):
        return found  # that is what at-most-once means
    if ran.outcome[:3] == expected[:3] and ran.problem is not None:
        found.append(f"the script does not get through: {ran.problem}")
    if ran.outcome[:3] != expected[:3]:
        found.append(f"the outcome is another\nexpected: {expected}\n   found: {ran.outcome}")
    if ran.outcome.world != expected.world:
        found.append(
            "the world is another\n"
            f"expected: {short(repr(expected.world), 500)}\n"
            f"   found: {short(repr(ran.outcome.world), 500)}"
        )
    return found
