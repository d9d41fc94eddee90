"""What the simulated service invokes: the handler under test and the functions it invokes."""

import json
import logging
from collections.abc import Mapping
from typing import Any

from lambda_durable import DurableHandler
from lambda_durable.abc import Service
from lambda_durable_kernel import FunctionSpec, Returned, Session, Simulation
from lambda_durable_kernel.simulation import Host, SimulatedInvocation

from .hosting import LambdaContext, invoke_handler
from .logs import LogCollector
from .results import Checkpoint
from .stand_ins import Call, StandIn
from .watching import Conditions, Connection, Watch, takes_context


class Hosts:
    """Runs functions for a simulation, and keeps what they logged and requested."""

    def __init__(
        self,
        steps: Mapping[str, StandIn],
        functions: Mapping[str, StandIn],
        conditions: Conditions,
        log_level: int,
    ) -> None:
        self._functions = functions
        self._conditions = conditions
        self._log_level = log_level
        self.watch = Watch(steps, conditions)
        self._logs: dict[str, LogCollector] = {}
        self._checkpoints: dict[str, list[Checkpoint]] = {}
        self._invocations: dict[str, int] = {}

    def logs(self, arn: str) -> list[logging.LogRecord]:
        """Return what was logged in the invocations of an execution."""
        return self._logs[arn].records if arn in self._logs else []

    def checkpoints(self, arn: str) -> list[Checkpoint]:
        """Return the requests that an execution's handler made."""
        return self._checkpoints.get(arn, [])

    def register(self, stand_in: StandIn, simulation: Simulation) -> None:
        """Make a function known to the service, if the test says what answers it."""
        if isinstance(stand_in.function, DurableHandler):
            simulation.register(stand_in.name, self.durable(stand_in.function, stand_in))
        elif stand_in.behaviour is not None:
            spec = FunctionSpec(stand_in.name, durable=False)
            simulation.register(spec, self._plain(stand_in))

    def durable(self, handler: DurableHandler[Any, Any], stand_in: StandIn | None = None) -> Host:
        """Return what runs a durable handler's invocations."""

        def host(name: str, event: Any, told: SimulatedInvocation) -> Any:
            arn = told.invocation.execution_arn
            number = self._invocations[arn] = self._invocations.get(arn, 0) + 1
            if stand_in is not None and number == 1:
                stand_in.calls.append(Call(name, (_input(event),), 1, "", arn))
            requests = self._checkpoints.setdefault(arn, [])
            context = _context(told)

            def run(event: Any, session: Session) -> Any:
                service: Service = Connection(
                    session, self._conditions, self._functions, number, requests
                )
                return invoke_handler(handler, event, context, service=service, driver=self.watch)

            with self._log_of(arn).collecting(self._log_level):
                return self._conditions.invocation(event, told, run)

        return host

    def _plain(self, stand_in: StandIn) -> Host:
        def host(name: str, event: Any, told: SimulatedInvocation) -> Any:
            made = told.invocation
            call = Call(name, (event,), 1, made.operation_id or "", made.execution_arn)
            stand_in.calls.append(call)
            with self._log_of(made.execution_arn).collecting(self._log_level):
                if stand_in.function is not None and takes_context(stand_in.function):
                    return Returned(json.dumps(stand_in.function(event, _context(told))))
                assert stand_in.behaviour is not None, "only what is answered is registered"
                return Returned(json.dumps(stand_in.behaviour(call)))

        return host

    def _log_of(self, arn: str) -> LogCollector:
        return self._logs.setdefault(arn, LogCollector())


def _context(told: SimulatedInvocation) -> LambdaContext:
    made = told.invocation
    settings = told.simulation.service.settings
    return LambdaContext(
        made.function,
        made.id,
        f"arn:aws:lambda:{settings.region}:{settings.account}:function:{made.function}",
        lambda: told.remaining,
        log_group_name=f"/aws/lambda/{made.function}",
        tenant_id=made.tenant_id,
    )


def _input(event: Any) -> Any:
    (execution, *_) = event["InitialExecutionState"]["Operations"]
    return json.loads(execution["ExecutionDetails"].get("InputPayload") or "{}")
