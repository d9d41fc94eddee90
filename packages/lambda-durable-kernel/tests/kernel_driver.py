"""Drives one execution by hand: what a handler sends, in the order a test wants."""

from typing import Any

from lambda_durable.protocol import Operation
from lambda_durable_kernel import DurableService, FunctionSpec, Outcome, Returned, Settings
from lambda_durable_kernel.model import Invocation

NOW = 1_700_000_000.0


def update(type: str, action: str, id: str = "1", **fields: Any) -> dict[str, Any]:
    return {"Id": id, "Type": type, "Action": action, **fields}


def step(action: str, id: str = "1", **fields: Any) -> dict[str, Any]:
    if action == "RETRY":
        fields.setdefault("StepOptions", {"NextAttemptDelaySeconds": 5})
    return update("STEP", action, id, **fields)


def context(action: str, id: str = "1", **fields: Any) -> dict[str, Any]:
    return update("CONTEXT", action, id, **fields)


def wait(seconds: int = 10, id: str = "1", **fields: Any) -> dict[str, Any]:
    return update("WAIT", "START", id, WaitOptions={"WaitSeconds": seconds}, **fields)


def callback(id: str = "1", *, timeout: int = 0, heartbeat: int = 0, **fields: Any) -> dict:
    options = {"TimeoutSeconds": timeout, "HeartbeatTimeoutSeconds": heartbeat}
    return update("CALLBACK", "START", id, CallbackOptions=options, **fields)


def invoke(function: str = "g", id: str = "1", **fields: Any) -> dict[str, Any]:
    options = {"FunctionName": function, **fields.pop("options", {})}
    return update("CHAINED_INVOKE", "START", id, ChainedInvokeOptions=options, **fields)


class Driver:
    """An execution of the durable function `f`, with a clock that the test sets."""

    def __init__(
        self,
        service: DurableService | None = None,
        *,
        settings: Settings | None = None,
        payload: str = "1",
        spec: FunctionSpec | None = None,
        now: float = NOW,
        begin: bool = True,
    ) -> None:
        self.service = service or DurableService(settings=settings)
        self.service.register(spec or FunctionSpec("f"))
        self.now = now
        self.token = ""
        self.invocation: Invocation | None = None
        self.arn = self.service.start("f", payload, now=now)
        if begin:
            self.begin()

    def begin(self) -> dict[str, Any]:
        """Begin the invocation that is due and return its event."""
        for task in self.service.due(self.now):
            if task.execution_arn == self.arn and task.operation_id is None:
                self.invocation = self.service.begin(task, now=self.now)
                assert self.invocation is not None
                self.token = self.invocation.event["CheckpointToken"]
                return self.invocation.event
        raise AssertionError(f"nothing is due: {self.history()}")

    def is_due(self) -> bool:
        return any(
            task.execution_arn == self.arn and task.operation_id is None
            for task in self.service.due(self.now)
        )

    def send(self, *updates: dict[str, Any]) -> list[Operation]:
        """Checkpoint and return the operations of the answer."""
        answer = self.service.checkpoint(self.arn, self.token, updates, now=self.now)
        self.token = answer.get("CheckpointToken", "")
        return answer["NewExecutionState"]["Operations"]

    def end(self, outcome: Outcome | dict[str, Any] | None = None) -> bool:
        """End the invocation; PENDING unless a test says otherwise."""
        if outcome is None:
            outcome = {"Status": "PENDING"}
        if isinstance(outcome, dict):
            outcome = Returned(outcome)
        assert self.invocation is not None
        return self.service.finish(self.invocation.id, outcome, now=self.now)

    def later(self, seconds: float) -> "Driver":
        """Let time pass, and what is due happen."""
        self.now += seconds
        self.service.advance(self.now)
        return self

    def state(self) -> list[Operation]:
        return self.service.get_state(self.arn, self.token)["Operations"]

    def operation(self, id: str = "1") -> Operation:
        return next(op for op in self.service.operations(self.arn) if op["Id"] == id)

    def history(self) -> list[str]:
        return [str(event["EventType"]) for event in self.service.events(self.arn)]

    def event(self, type: str) -> dict[str, Any]:
        """Return the only event of a type."""
        (found,) = (e for e in self.service.events(self.arn) if e["EventType"] == type)
        return found

    def details(self, type: str) -> dict[str, Any]:
        return self.event(type)[f"{type}Details"]

    @property
    def status(self) -> str:
        return self.service.describe(self.arn)["Status"]

    @property
    def error(self) -> dict[str, Any] | None:
        return self.service.describe(self.arn).get("Error")


def ids(operations: list[Operation]) -> list[str]:
    return [operation["Id"] for operation in operations]
