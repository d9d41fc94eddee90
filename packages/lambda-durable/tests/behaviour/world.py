"""A service in memory with the functions of one test, and crashes at will."""

from collections.abc import Callable
from typing import Any

from lambda_durable import DurableHandler
from lambda_durable_kernel import (
    CheckpointMoment,
    Errored,
    Finished,
    FunctionSpec,
    Retries,
    Settings,
    Simulation,
)


class Crash(BaseException):
    """The process is gone."""


class World:
    """Runs executions; `moments` are all checkpoints that were made, before and after."""

    def __init__(
        self,
        *,
        crash_at: tuple[int, str] | None = None,
        crash_after_each: bool = False,
        settings: Settings | None = None,
    ) -> None:
        settings = settings or Settings(retries=Retries(attempts=10_000))
        self.simulation = Simulation(on_checkpoint=self._told, settings=settings)
        self.moments: list[CheckpointMoment] = []
        self.settled: set[str] = set()
        self._crash_at = crash_at
        self._crash_after_each = crash_after_each
        self.last_output: Any = None

    def add(self, name: str, handler: DurableHandler[Any, Any]) -> None:
        """Register a durable function."""

        def host(_: str, event: Any, told: Any) -> Any:
            self.last_output = handler.run_invocation(event, None, service=told.service)
            return self.last_output

        self.simulation.register(name, host)

    def add_plain(self, name: str, function: Callable[[Any], Any]) -> None:
        """Register an ordinary function."""
        self.simulation.register(
            FunctionSpec(name, durable=False), lambda _, event, told: function(event)
        )

    def run(self, handler: DurableHandler[Any, Any], event: Any = None) -> Finished:
        """Run an execution of `handler` to its end."""
        self.add("main", handler)
        return self.simulation.run("main", event)

    def records(self) -> list[dict[str, Any]]:
        """Return all operations of the last execution but the EXECUTION itself."""
        arn = self.simulation.invocations[-1].execution_arn
        return [o for o in self.simulation.service.operations(arn) if o["Type"] != "EXECUTION"]

    def record(self, name: str) -> dict[str, Any]:
        """Return the operation with a name."""
        return next(o for o in self.records() if o.get("Name") == name)

    def history(self) -> list[str]:
        """Return the types of the events of the last execution."""
        arn = self.simulation.invocations[-1].execution_arn
        events = self.simulation.service.history(arn, max_items=1000)["Events"]
        return [event["EventType"] for event in events]

    @property
    def requests(self) -> int:
        """How many checkpoints were made."""
        return sum(moment.phase == "before" for moment in self.moments)

    @property
    def errors(self) -> list[Errored]:
        """How invocations failed that the service tried again."""
        outcomes = [made.outcome for made in self.simulation.invocations]
        return [outcome for outcome in outcomes if isinstance(outcome, Errored)]

    def _told(self, moment: CheckpointMoment) -> None:
        self.moments.append(moment)
        if moment.phase == "after":
            for update in moment.updates:
                if update["Action"] == "SUCCEED":
                    self.settled.add(update["Id"])
        if self._crash_at == (self.requests, moment.phase):
            self._crash_at = None
            raise Crash
        if self._crash_after_each and moment.phase == "after":
            raise Crash
