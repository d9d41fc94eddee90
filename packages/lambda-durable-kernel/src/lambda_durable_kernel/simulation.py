"""Executions run to their end in memory, on a clock that jumps to the next thing that happens.

Nothing here waits: a year of timers takes as long as the invocations that they lead to. Equal
inputs give equal runs: ids are counted, and what is due together happens in one order.
"""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any, TypeAlias

from lambda_durable.errors import DurableError
from lambda_durable.protocol import CLOSED_STATUSES, ErrorObject

from .blocked import why_blocked
from .model import FunctionSpec, Invocation
from .outcomes import Errored, Outcome, Returned
from .service import DurableService
from .session import CheckpointHook, Session
from .settings import Settings
from .store import Store


class SimulationBlockedError(DurableError):
    """Nothing can ever happen again, and an execution has not ended; the message says why."""


@dataclass(frozen=True, slots=True)
class SimulatedInvocation:
    """What a host is told about an invocation, apart from its event."""

    invocation: Invocation
    service: Session
    """The client that the handler uses; it stops working when a crash is injected."""
    simulation: "Simulation"

    @property
    def remaining(self) -> float:
        """Seconds until the invocation's deadline, on the virtual clock."""
        return self.invocation.deadline - self.simulation.now


@dataclass(frozen=True, slots=True)
class InvocationRecord:
    """An invocation that was made."""

    id: str
    function: str
    execution_arn: str
    started_at: float
    ended_at: float
    checkpoints: int
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Finished:
    """How an execution ended."""

    arn: str
    status: str
    result: str | None
    error: ErrorObject | None
    invocations: int

    @property
    def value(self) -> Any:
        """The result, read from its JSON; None if there is none."""
        return None if self.result is None else json.loads(self.result)


Host: TypeAlias = Callable[[str, Any, SimulatedInvocation], Any]
"""Runs a function: gets its name, its event and the invocation. What it returns, if it is no
`Outcome`, is the function's response; an exception that it raises is the function's error."""


class Simulation:
    """A service, its clock and the functions that it invokes, one after the other.

    `on_checkpoint` is called around every checkpoint; what it raises ends the invocation there,
    as a crash of its process would.
    """

    def __init__(
        self,
        host: Host | None = None,
        *,
        start_at: float = 1_700_000_000.0,
        settings: Settings | None = None,
        store: Store | None = None,
        on_checkpoint: CheckpointHook | None = None,
    ) -> None:
        ids = count(1)
        self.service = DurableService(store, settings, new_id=lambda: f"id-{next(ids)}")
        self.now = start_at
        self.on_checkpoint = on_checkpoint
        self.invocations: list[InvocationRecord] = []
        self._made: Counter[str] = Counter()
        self._host = host
        self._hosts: dict[str, Host] = {}

    def clock(self) -> float:
        """Return the virtual time."""
        return self.now

    def register(self, function: FunctionSpec | str, host: Host | None = None) -> "Simulation":
        """Add a function, durable unless its spec says otherwise; return the simulation.

        It is run by `host`, or by the simulation's own.
        """
        spec = FunctionSpec(function) if isinstance(function, str) else function
        host = host or self._host
        if host is None:
            msg = f"nothing runs {spec.name!r}: give a host to register() or to Simulation()"
            raise TypeError(msg)
        self.service.register(spec)
        self._hosts[spec.name] = host
        return self

    def start(self, function: str, payload: object = None, *, name: str | None = None) -> str:
        """Start an execution and return its ARN; the payload is a value, sent as JSON."""
        return self.service.start(function, json.dumps(payload), name=name, now=self.now)

    def run(self, function: str, payload: object = None, *, name: str | None = None) -> Finished:
        """Start an execution and run until it has ended."""
        return self.finish(self.start(function, payload, name=name))

    def finish(self, arn: str) -> Finished:
        """Run until an execution has ended; raise `SimulationBlockedError` if it never will."""
        while not self.is_closed(arn):
            if not self.step():
                raise SimulationBlockedError(why_blocked(self.service, arn))
        return self.outcome(arn)

    def advance(self, seconds: float | None = None) -> None:
        """Do all that is due, also in the `seconds` to come; None is until nothing happens."""
        until = None if seconds is None else self.now + seconds
        while self.step(until):
            pass
        if until is not None:
            self.now = max(self.now, until)

    def settle(self) -> None:
        """Make the invocations that are due, without letting time pass."""
        self.advance(0.0)

    def step(self, until: float | None = None) -> bool:
        """Make one invocation, or jump to the next timer; False if there is neither.

        A timer after `until` is left alone.
        """
        tasks = self.service.due(self.now, limit=1)
        if tasks:
            invocation = self.service.begin(tasks[0], now=self.now)
            if invocation is not None:
                self._invoke(invocation)
            return True
        at = self.service.next_event_at()
        if at is None or (until is not None and at > until):
            return False
        self.now = max(self.now, at)
        self.service.advance(self.now)
        return True

    def is_closed(self, arn: str) -> bool:
        """Whether an execution has ended."""
        return self.service.describe(arn, include_data=False)["Status"] in CLOSED_STATUSES

    def outcome(self, arn: str) -> Finished:
        """Return how an execution ended, or where it stands."""
        answer = self.service.describe(arn)
        return Finished(
            arn, answer["Status"], answer.get("Result"), answer.get("Error"), self._made[arn]
        )

    def callback_id(self, arn: str, name: str | None = None) -> str:
        """Return the id of the execution's open callback, by its name if there are several."""
        found = [
            record["CallbackDetails"]["CallbackId"]
            for record in self.service.operations(arn)
            if record["Type"] == "CALLBACK"
            and record["Status"] == "STARTED"
            and (name is None or record.get("Name") == name)
        ]
        if len(found) != 1:
            called = "" if name is None else f" called {name!r}"
            msg = f"{len(found)} open callbacks{called} in {arn}, not one"
            raise LookupError(msg)
        id: str = found[0]
        return id

    def succeed_callback(self, callback_id: str, result: str | None = None) -> None:
        """Complete a callback with a result, the text as an outside system would send it."""
        self.service.succeed_callback(callback_id, result, now=self.now)

    def fail_callback(self, callback_id: str, error: ErrorObject | None = None) -> None:
        """Complete a callback with an error."""
        self.service.fail_callback(callback_id, error, now=self.now)

    def heartbeat_callback(self, callback_id: str) -> None:
        """Start a callback's heartbeat time-out anew."""
        self.service.heartbeat_callback(callback_id, now=self.now)

    def _invoke(self, invocation: Invocation) -> None:
        started_at = self.now
        session = Session(self.service, self.clock, self.on_checkpoint)
        outcome = self._outcome(invocation, session)
        self.service.finish(invocation.id, outcome, now=self.now)
        record = InvocationRecord(
            invocation.id,
            invocation.function,
            invocation.execution_arn,
            started_at,
            self.now,
            session.checkpoints,
            outcome,
        )
        self.invocations.append(record)
        if invocation.durable:
            self._made[invocation.execution_arn] += 1

    def _outcome(self, invocation: Invocation, session: Session) -> Outcome:
        event = invocation.event if invocation.durable else json.loads(invocation.event)
        told = SimulatedInvocation(invocation, session, self)
        try:
            output = self._hosts[invocation.function](invocation.function, event, told)
        except BaseException as error:
            if session.crash is not None:
                return Errored.crashed()
            if not isinstance(error, Exception):
                raise
            return Errored.raised(error)
        if session.crash is not None:  # the host went on, but its process was gone
            return Errored.crashed()
        if self.now > invocation.deadline:
            return Errored.timed_out(invocation.deadline - invocation.started_at)
        return output if isinstance(output, Returned | Errored) else Returned(output)
