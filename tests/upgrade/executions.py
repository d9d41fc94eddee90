"""Executions of the recorded workflows: the service on a store's file, and what is around it."""

import uuid
from typing import Any

from lambda_durable import DurableHandler
from lambda_durable_kernel import DurableService, Errored, Finished, FunctionSpec, Simulation, Store

from . import bodies, workflows_async, workflows_def

Handler = DurableHandler[Any, Any]

HANDLERS: dict[str, dict[str, Handler]] = {
    "def": workflows_def.WORKFLOWS,
    "async": workflows_async.WORKFLOWS,
}
CHILDREN = {"def": workflows_def.child, "async": workflows_async.child}
EVENT = {"sku": "tea"}
STARTED_AT = 1_770_000_000.0
INVOKES = "workflow"
"""The name of the function that every workflow runs as; ids and results depend on it."""


def make_service(store: Store, flavour: str, workflow: str, *, now: float) -> Simulation:
    """Return a service on a store, with all functions that workflows invoke."""
    simulation = Simulation(start_at=now)
    simulation.service = DurableService(store, new_id=lambda: str(uuid.uuid4()))

    def runs(handler: Handler) -> Any:
        return lambda _, event, told: handler.run_invocation(event, None, service=told.service)

    def fails(_: str, event: Any, told: Any) -> Errored:
        return Errored.raised(RuntimeError("it never works"))

    simulation.register(INVOKES, runs(HANDLERS[flavour][workflow]))
    simulation.register("child", runs(CHILDREN[flavour]))
    simulation.register(
        FunctionSpec("double", durable=False), lambda _, event, told: bodies.double(event)
    )
    simulation.register(FunctionSpec("fails", durable=False), fails)
    return simulation


def finish(simulation: Simulation, arn: str) -> Finished:
    """Let an execution go on to its end, its callbacks answered from outside."""
    simulation.settle()
    while not simulation.is_closed(arn):
        if not _answer(simulation, arn) and not simulation.step():
            return simulation.finish(arn)  # which says why it is blocked
        simulation.settle()
    return simulation.outcome(arn)


def _answer(simulation: Simulation, arn: str) -> bool:
    """Answer the callbacks that are open, as the outside does; return whether there were any."""
    answered = False
    for record in simulation.service.operations(arn):
        name = (record.get("Name") or "").removesuffix(" create callback id")
        is_open = record["Type"] == "CALLBACK" and record["Status"] == "STARTED"
        if not is_open or name not in bodies.ANSWERS:
            continue
        how, text = bodies.ANSWERS[name]
        id = record["CallbackDetails"]["CallbackId"]
        if how == "succeed":
            simulation.succeed_callback(id, text)
        else:
            simulation.fail_callback(id, {"ErrorMessage": text, "ErrorType": "Refused"})
        answered = True
    return answered
