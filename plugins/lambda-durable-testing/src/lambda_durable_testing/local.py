"""The local runner: the service's own state machine in memory, on a clock that jumps."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from typing import Any, Final

from lambda_durable import DurableHandler
from lambda_durable.abc import Duration
from lambda_durable.errors import InvalidInputError
from lambda_durable_kernel import FunctionSpec, Settings, Simulation

from .errors import UnknownStepError
from .hosts import Hosts
from .operations import Failure, Operations
from .results import Result
from .sending import json_text
from .spans import seconds
from .stand_ins import Call, StandIn
from .started import LocalExecution
from .watching import CALM, Conditions

_START: Final = datetime(2026, 1, 1, tzinfo=UTC)


class Clock:
    """The virtual clock of a runner: it jumps to what happens next, and nothing waits for it."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation

    @property
    def now(self) -> datetime:
        """The time that it is, in UTC."""
        return datetime.fromtimestamp(self._simulation.now, UTC)

    def advance(self, duration: Duration) -> None:
        """Have a body take its time: called while it runs, it can bring a time-out about."""
        self._simulation.now += seconds(duration)


class LocalRunner:
    """Runs executions of one handler in this process, in milliseconds and always the same.

    Nothing sleeps: waits, retries, time-outs and heartbeats happen on a virtual `clock`, which
    begins at `start_at`. Of branches that could run at the same time one does, until it waits, in
    the order in which they were started. `timeout` is that of an invocation, in seconds,
    `execution_timeout` that of an execution, and `settings` are the service's. `conditions` decide
    otherwise who goes on, and what goes wrong.

    Raises InvalidInputError if `handler` was not made by `@durable_execution`.
    """

    def __init__(
        self,
        handler: DurableHandler[Any, Any],
        *,
        name: str | None = None,
        timeout: float = 900.0,
        execution_timeout: int | None = None,
        start_at: datetime = _START,
        settings: Settings | None = None,
        log_level: int = logging.INFO,
        conditions: Conditions = CALM,
    ) -> None:
        __tracebackhide__ = True  # pytest shows the line of the test
        if not isinstance(handler, DurableHandler):
            raise InvalidInputError(
                f"a durable handler is run, not {handler!r:.80}; decorate it with "
                "@durable_execution"
            )
        self.handler = handler
        self.name: str = name or str(getattr(handler, "__name__", "function"))
        self.conditions = conditions
        self._options: dict[str, Any] = {
            "name": name,
            "timeout": timeout,
            "execution_timeout": execution_timeout,
            "start_at": start_at,
            "settings": settings,
            "log_level": log_level,
        }
        self.simulation = Simulation(settings=settings, start_at=start_at.timestamp())
        """The service, its clock and what it invokes."""
        self.clock = Clock(self.simulation)
        self._steps: dict[str, StandIn] = {}
        self._functions: dict[str, StandIn] = {}
        self._hosts = Hosts(self._steps, self._functions, conditions, log_level)
        spec = FunctionSpec(self.name, timeout=timeout, execution_timeout=execution_timeout)
        self.simulation.register(spec, self._hosts.durable(handler))

    # --- What a test sets up and asks -------------------------------------------------------

    def step(self, name: str) -> StandIn:
        """Return the step of that name, to be replaced or to be asked what was called."""
        if name not in self._steps:
            stand_in = self._steps[name] = StandIn("step", name)
            stand_in.calls += [call for call in self.calls if call.name == name]
        return self._steps[name]

    def function(self, name: str) -> StandIn:
        """Return the function of that name, which the handler may invoke once it is answered.

        `.runs(function)` takes a durable handler, a function of an event and Lambda's context, or
        one of an event.
        """
        if name == self.name:
            raise InvalidInputError(f"{name!r} is the name of the handler under test itself")
        return self._functions.setdefault(name, StandIn("function", name))

    @property
    def calls(self) -> list[Call]:
        """All bodies of steps that ran, in order, as often as they ran."""
        return self._hosts.watch.calls

    def start(self, event: Any = None, *, name: str | None = None) -> LocalExecution:
        """Start an execution; nothing has run yet. The event travels as JSON."""
        __tracebackhide__ = True  # pytest shows the line of the test
        for stand_in in self._functions.values():
            self._hosts.register(stand_in, self.simulation)
        service, payload = self.simulation.service, json_text("an event", event)
        arn = service.start(self.name, payload, name=name, now=self.simulation.now)
        return LocalExecution(self, arn)

    def run(self, event: Any = None, *, name: str | None = None) -> Result:
        """Run an execution to its end."""
        __tracebackhide__ = True  # pytest shows the line of the test
        return self.start(event, name=name).finish()

    def fresh(self, conditions: Conditions | None = None) -> LocalRunner:
        """Return a runner of the same handler, set up the same way, that has run nothing."""
        other = LocalRunner(self.handler, **self._options, conditions=conditions or self.conditions)
        other._steps.update({name: each.fresh() for name, each in self._steps.items()})
        other._functions.update({name: each.fresh() for name, each in self._functions.items()})
        return other

    def result(self, arn: str) -> Result:
        """Return an execution as it is now."""
        service = self.simulation.service
        description = service.describe(arn)
        started, ended = description["StartTimestamp"], description.get("EndTimestamp")
        return Result(
            arn=arn,
            status=str(description["Status"]),
            payload=description.get("Result"),
            error=Failure.read(description.get("Error")),
            invocations=self.simulation.outcome(arn).invocations,
            duration=None if ended is None else timedelta(milliseconds=ended - started),
            operations=Operations.tree(service.operations(arn)),
            history=service.events(arn),
            logs=tuple(self._hosts.logs(arn)),
            checkpoints=tuple(self._hosts.checkpoints(arn)),
        )

    def check_replacements(self) -> None:
        """Raise UnknownStepError if the name of a replaced step seems to be misspelt."""
        real = {call.name for call in self.calls} - self._steps.keys()
        for name, stand_in in self._steps.items():
            near = get_close_matches(name, real, n=1, cutoff=0.75)
            if stand_in.behaviour is not None and not stand_in.calls and near:
                raise UnknownStepError(
                    f"step {name!r} is replaced and never ran, while {near[0]!r} did; the name of "
                    "a step is that of its function, or its name="
                )
