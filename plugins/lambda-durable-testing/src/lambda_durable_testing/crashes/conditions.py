"""The conditions of one run: what its schedule says goes wrong, and what must never happen."""

import copy
import linecache
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from random import Random
from types import FrameType
from typing import Any

from lambda_durable.errors import ServiceError, StepInterruptedError
from lambda_durable.protocol import CheckpointResponse, OperationUpdate
from lambda_durable.protocol.classification import classify
from lambda_durable_kernel import Errored, Session
from lambda_durable_kernel.simulation import SimulatedInvocation

from ..stand_ins import Call
from ..watching import Send
from .schedules import AT_CHECKPOINT, DELIVERED_TWICE, Schedule
from .timeline import Timeline, described


class Died(BaseException):
    """The function's process is gone."""


_ANSWERS = {
    "throttled": ("TooManyRequestsException", 429, "Rate exceeded"),
    "server-error": ("ServiceException", 500, "An error occurred"),
    "stale-token": ("InvalidParameterValueException", 400, "Invalid checkpoint token"),
    "refused": ("InvalidParameterValueException", 400, "The checkpoint was refused, as scheduled"),
}

Run = Callable[[Any, Session], Any]


class Scheduled:
    """Lets a schedule happen; with `random`, other branches go on here and there as well."""

    def __init__(self, schedule: Schedule, random: Random | None = None) -> None:
        self.fine = schedule.fine
        self.timeline = Timeline()
        self.checkpoints = 0
        self.invocations = 0
        self.turns = 0
        self.switched: list[tuple[int, int]] = []
        """The turns at which another branch went on, and which."""
        self.violations: list[str] = []
        """What broke a promise of a step."""
        self.interrupted: set[str] = set()
        """The names of the at-most-once steps of which an attempt was cut off."""
        self.refused: set[str] = set()
        """The executions of which a checkpoint was refused for good."""
        self._faults = {(fault.kind, fault.at) for fault in schedule.faults}
        self._switches = dict(schedule.switches)
        self._random = random
        self._rate = random.choice((0.02, 0.1, 0.5)) if random is not None else 0.0
        self._told: SimulatedInvocation | None = None
        self._event: Any = None
        self._run: Run | None = None
        self._death: str | None = None
        self._duplicating = False
        self._kept: set[tuple[str, str]] = set()
        self._attempts: set[tuple[str, str, int]] = set()

    def choose(self, count: int, frame: FrameType | None = None) -> int:
        """Return which of the branches goes on."""
        if self._duplicating:
            return 0
        self.turns += 1
        chosen = self._switches.get(self.turns, 0)
        if self._random is not None and self._random.random() < self._rate:
            chosen = self._random.randrange(count)
        if not 0 < chosen < count:
            return 0
        self.switched.append((self.turns, chosen))
        self.timeline.event(f"another branch went on {self._place(frame)}")
        return chosen

    def _place(self, frame: FrameType | None) -> str:
        if frame is None:
            return f"after: {self.timeline.last}"
        code, number = frame.f_code, frame.f_lineno
        line = linecache.getline(code.co_filename, number).strip()
        return f"inside of {code.co_name!r}, {code.co_filename}:{number}: {line}"

    def body(self, call: Call) -> None:
        """Note that a body runs, and whether it may."""
        self.timeline.body(call)
        key = (call.execution_arn, call.operation_id, call.attempt)
        if call.at_most_once and key in self._attempts:
            self.violations.append(f"an attempt of the at-most-once step {call.name!r} ran twice")
        operation = (call.execution_arn, call.operation_id)
        if operation in self._kept and not self._duplicating:
            self.violations.append(f"{call.name!r} ran again after its result was kept")
        self._attempts.add(key)

    def invocation(self, event: Any, told: SimulatedInvocation, run: Run) -> Any:
        """Run an invocation, once or twice."""
        self.invocations += 1
        number = self.invocations
        self._begin(told, event, run)
        output = None
        with suppress(Died):
            output = run(copy.deepcopy(event), told.service)
        if self._death is not None:  # also if that was caught: the process was gone
            return self._outcome(told, self._death)
        if (DELIVERED_TWICE, number) in self._faults:
            self.timeline.event(f"invocation {number} was delivered again after it had ended")
            self._duplicate()
        return output

    def _begin(self, told: SimulatedInvocation, event: Any, run: Run) -> None:
        self._told, self._event, self._run, self._death = told, event, run, None
        self.timeline.invocation(self.invocations, told.invocation.function)

    def checkpoint(
        self, arn: str, updates: Sequence[OperationUpdate], send: Send
    ) -> CheckpointResponse:
        """Save updates, unless the schedule says that this goes wrong."""
        if self._death is not None:
            raise Died(self._death)
        if self._duplicating:
            return send()
        self.checkpoints += 1
        number = self.checkpoints
        kind = next((each for each in AT_CHECKPOINT if (each, number) in self._faults), None)
        if kind is None:
            return self._saved(arn, number, updates, send)
        what = f"checkpoint {number} ({described(updates)})"
        if kind in ("dies-after", "answer-lost"):
            self._saved(arn, number, updates, send)
        self.timeline.event(AT_CHECKPOINT[kind].format(what))
        if kind == "duplicated":
            self._duplicate()
            return self._saved(arn, number, updates, send)
        if kind == "answer-lost":
            raise ServiceError(
                "the answer was lost, as scheduled", code="Connection", status=None, retryable=True
            )
        if kind == "refused":
            self.refused.add(arn)
        if kind in _ANSWERS:
            code, status, message = _ANSWERS[kind]
            retryable = classify(code, status, message)
            raise ServiceError(message, code=code, status=status, retryable=retryable)
        self._death = kind
        raise Died(kind)

    def _saved(
        self, arn: str, number: int, updates: Sequence[OperationUpdate], send: Send
    ) -> CheckpointResponse:
        answer = send()
        self.timeline.saved(number, updates)
        for update in updates:
            if update["Type"] == "STEP" and update["Action"] in ("SUCCEED", "FAIL"):
                self._kept.add((arn, update["Id"]))
            if was_interrupted(update.get("Error", {}).get("ErrorType")):
                self.interrupted.add(update.get("Name") or update["Id"])
        return answer

    def _outcome(self, told: SimulatedInvocation, death: str) -> Errored:
        if death != "timed-out":
            return Errored.crashed()
        made = told.invocation
        told.simulation.now = max(told.simulation.now, made.deadline)
        return Errored.timed_out(made.deadline - made.started_at)

    def _duplicate(self) -> None:
        """Run the same invocation again, beside or after the first; what it answers is dropped."""
        told, event, run = self._told, self._event, self._run
        assert told is not None, "an invocation runs"
        assert run is not None, "an invocation runs"

        def work() -> None:
            try:
                run(copy.deepcopy(event), told.service)
            except BaseException:  # noqa: BLE001 - nobody hears of how a duplicate ends
                return

        self._duplicating = True
        thread = threading.Thread(target=work, name="duplicate-invocation")
        thread.start()
        thread.join()
        self._duplicating = False


def was_interrupted(error_type: str | None) -> bool:
    """Return whether an error says that an at-most-once step was cut off."""
    return (error_type or "").endswith(StepInterruptedError.__name__)
