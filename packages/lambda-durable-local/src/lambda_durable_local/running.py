"""One run: load the functions, start an execution or take one up again, bring it to its end."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeAlias

from lambda_durable.protocol import ExecutionStatus, Operation
from lambda_durable_kernel import DurableService, ExecutionQuery, Settings
from lambda_durable_kernel.model import Change, ExecutionRow, Start

from .clocks import SkippingClock, WallClock
from .driver import Driver
from .functions import LocalFunction
from .hosts.base import Host
from .hosts.inprocess import InProcessHost
from .hosts.process import ProcessHost
from .kills import Kills
from .loading import not_durable
from .store import SqliteStore
from .store.part import Part, family

HostKind: TypeAlias = Literal["process", "inprocess"]


class Observer(Protocol):
    """Told what happens in a run; its methods are called from any thread."""

    def resume(self, start: Start, operations: Sequence[Operation]) -> None:
        """Take note of what an execution did before."""

    def changed(self, changes: Sequence[Change]) -> None:
        """Take note of what was saved."""

    def log(self, function: str, line: str) -> None:
        """Take note of a line that a function printed."""

    def skipped(self, seconds: float) -> None:
        """Take note that the time jumped."""

    def killed(self, name: str, body_done: bool) -> None:
        """Take note that a process was killed while the operation `name` ran."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be run, and how."""

    function: LocalFunction
    payload: str
    """The event, as JSON text."""
    name: str | None = None
    others: Sequence[LocalFunction] = ()
    """Functions that may be invoked."""
    host: HostKind = "process"
    python: str = sys.executable
    execution_timeout: int | None = None
    skip_time: bool = False
    kills: Sequence[str] = ()
    settings: Settings = field(default_factory=Settings)


class Run:
    """A plan being carried out; to be closed, whatever comes of it."""

    def __init__(self, plan: Plan, observer: Observer) -> None:
        self._plan = plan
        self._observer = observer
        self._kills = Kills(plan.kills, observer.killed)
        self._hosts: dict[str, Host] = {}
        self._durable: dict[str, bool] = {}
        self._driver: Driver | None = None

    def load(self) -> None:
        """Import all functions; raise TargetError if one cannot be used."""
        for function in (self._plan.function, *self._plan.others):
            host = self._hosts[function.name] = self._host(function)
            description = host.load()
            self._durable[function.name] = description.durable
            if function is self._plan.function and not description.durable:
                raise not_durable(function.target, description.handlers)

    def begin(self, store: SqliteStore, on_begin: Callable[[ExecutionRow | None], None]) -> "Begun":
        """Start an execution, or take up the one that was not finished.

        `on_begin` is told, before anything happens, which one that is; None for a new one.
        """
        plan = self._plan
        known = previous(store, plan)
        on_begin(known)
        seen = family(store, known.start.arn) if known is not None else set[str]()
        clock = self._clock(_last_time(store, seen))
        service = DurableService(Part(store, seen), plan.settings, on_change=self._changed)
        for function in (plan.function, *plan.others):
            durable = self._durable[function.name]
            limit = plan.execution_timeout if function is plan.function else None
            service.register(function.spec(durable=durable, execution_timeout=limit))
        if known is not None:
            self._observer.resume(known.start, service.operations(known.start.arn))
            service.recover(clock.now())
            arn = known.start.arn
        else:
            arn = service.start(plan.function.name, plan.payload, name=plan.name, now=clock.now())
        self._driver = Driver(service, self._hosts, clock, self._kills)
        return Begun(arn, self._driver)

    def close(self) -> None:
        """End all functions that still run."""
        if self._driver is not None:
            self._driver.stop()
        for host in self._hosts.values():
            host.close()

    @property
    def kills_left(self) -> list[str]:
        """The names of the operations that were to be interrupted, and did not run."""
        return self._kills.left

    def _changed(self, changes: Sequence[Change]) -> None:
        self._observer.changed(changes)
        if self._driver is not None:
            self._driver.wake()

    def _host(self, function: LocalFunction) -> Host:
        if self._plan.host == "inprocess":
            return InProcessHost(function)

        def on_line(line: str) -> None:
            self._observer.log(function.name, line)

        return ProcessHost(function, python=self._plan.python, on_line=on_line)

    def _clock(self, not_before: float) -> WallClock:
        if self._plan.skip_time:
            return SkippingClock(not_before, self._observer.skipped)
        return WallClock(not_before)


@dataclass(frozen=True, slots=True)
class Begun:
    """An execution that was started, or taken up again."""

    arn: str
    driver: Driver

    def finish(self) -> None:
        """Bring it to its end."""
        self.driver.run(self.arn)


def previous(store: SqliteStore, plan: Plan) -> ExecutionRow | None:
    """Return the execution that a plan goes on with, None if it starts a new one.

    That is an open one of the same function with the same event; or, if the plan has a name, the
    one of that name, as the service has it.
    """
    function = plan.function.name
    if plan.name is not None:
        arn = store.find(function, plan.name)
        row = None if arn is None else store.execution(arn)
        # With another event it is refused, when it is started.
        return row if row is not None and row.start.input == plan.payload else None
    for row in store.executions(ExecutionQuery(function, statuses=_OPEN, limit=1000)):
        if row.start.parent is None and row.start.input == plan.payload:
            return row
    return None


_OPEN = frozenset({ExecutionStatus.RUNNING, ExecutionStatus.PAUSING, ExecutionStatus.PAUSED})


def _last_time(store: SqliteStore, arns: set[str]) -> float:
    """Return when the last event happened, in seconds: the time never goes back behind it."""
    times = [
        event["EventTimestamp"] for arn in arns for event in store.events(arn, 0, 1, reverse=True)
    ]
    return max(times, default=0) / 1000
