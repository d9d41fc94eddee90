"""A durable handler that uses Acme's retry strategy and serializer by name, and runs itself.

`python acme_handler.py` needs nothing but `lambda-durable` and `acme-durable`: the service is the
dictionary below. It prints what the execution returned and what was checkpointed for the step.
"""

import json
import time
from collections.abc import Sequence
from typing import Any

from lambda_durable import DurableContext, Service, durable_execution, hookimpl
from lambda_durable.protocol import CheckpointResponse, Operation, OperationUpdate, StatePage

ARN = "arn:aws:lambda:eu-central-1:123456789012:function:f:1/durable-execution/acme/1"
STATUS = {"START": "STARTED", "SUCCEED": "SUCCEEDED", "FAIL": "FAILED", "RETRY": "PENDING"}

attempts: list[str] = []


class TinyService:
    """Just enough of the service to run steps in memory; plugin and client at the same time."""

    def __init__(self) -> None:
        self.operations: dict[str, Operation] = {}

    @hookimpl
    def durable_service(self) -> Service:
        """Answer instead of AWS."""
        return self

    def checkpoint(
        self, execution_arn: str, token: str, updates: Sequence[OperationUpdate]
    ) -> CheckpointResponse:
        """Save the updates; a step whose retry is due becomes ready before the answer."""
        for update in updates:
            self._apply(update)
        return {"CheckpointToken": token, "NewExecutionState": {"Operations": self.state()}}

    def get_state(self, execution_arn: str, token: str, marker: str) -> StatePage:
        """Return nothing: the event always has all there is."""
        return {"Operations": []}

    def state(self) -> list[Operation]:
        """Return all operations."""
        for operation in self.operations.values():
            due = operation["StepDetails"].get("NextAttemptTimestamp", float("inf"))
            if operation["Status"] == "PENDING" and due <= time.time() * 1000:
                operation["Status"] = "READY"
        return list(self.operations.values())

    def _apply(self, update: OperationUpdate) -> None:
        now = int(time.time() * 1000)
        operation = self.operations.setdefault(
            update["Id"],
            {
                "Id": update["Id"],
                "Type": update["Type"],
                "SubType": update["SubType"],
                "Name": update["Name"],
                "Status": "STARTED",
                "StartTimestamp": now,
                "StepDetails": {"Attempt": 0},
            },
        )
        details = operation["StepDetails"]
        operation["Status"] = STATUS[update["Action"]]
        if update["Action"] != "START":
            details["Attempt"] += 1
        if update["Action"] == "RETRY":
            delay = update["StepOptions"]["NextAttemptDelaySeconds"]
            details["NextAttemptTimestamp"] = now + delay * 1000
        if "Payload" in update:
            details["Result"] = update["Payload"]
        if "Error" in update:
            details["Error"] = dict(update["Error"])


service = TinyService()


def load_report(customer: str) -> list[dict[str, Any]]:
    """Fail once, then return the rows."""
    attempts.append(customer)
    if len(attempts) == 1:
        raise ConnectionError("the warehouse is closed")
    return [{"sku": "a", "pieces": 1}, {"sku": "b", "pieces": 2}]


@durable_execution(plugins=[service])
def handler(event: dict[str, str], context: DurableContext) -> int:
    """Load a report and count its pieces."""
    rows = context.step(
        load_report, event["customer"], retry="acme-once-more", serializer="acme-table"
    )
    return sum(row["pieces"] for row in rows)


def run(customer: str) -> dict[str, Any]:
    """Invoke the handler, as the service would, until the execution ends."""
    start: Operation = {
        "Id": "1",
        "Type": "EXECUTION",
        "Status": "STARTED",
        "StartTimestamp": int(time.time() * 1000),
        "ExecutionDetails": {"InputPayload": json.dumps({"customer": customer})},
    }
    while True:
        event = {
            "DurableExecutionArn": ARN,
            "CheckpointToken": "dG9rZW4=",
            "InitialExecutionState": {"Operations": [start, *service.state()], "NextMarker": ""},
        }
        output: dict[str, Any] = handler(event, None)
        if output["Status"] != "PENDING":
            return output
        time.sleep(0.2)


if __name__ == "__main__":
    output = run("customer 7")
    payloads = [operation["StepDetails"]["Result"] for operation in service.state()]
    print(json.dumps({"output": output, "attempts": len(attempts), "payloads": payloads}))
