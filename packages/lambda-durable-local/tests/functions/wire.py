"""A durable function without an SDK: it sends the updates that its input lists, and answers."""

import json
import os
import queue
import threading
from typing import Any

import boto3

HELD: queue.Queue[dict[str, Any]] = queue.Queue()
RELEASED = threading.Event()
PENDING = {("STEP", "PENDING"), ("WAIT", "STARTED"), ("CALLBACK", "STARTED")}
PENDING |= {("CHAINED_INVOKE", "STARTED")}


def client() -> Any:
    return boto3.client(
        "lambda",
        endpoint_url=os.environ["AWS_ENDPOINT_URL_LAMBDA"],
        region_name="us-east-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",
    )


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Checkpoint each of `updates` that is not there yet; succeed when nothing is pending."""
    execution, *operations = event["InitialExecutionState"]["Operations"]
    script = json.loads(execution["ExecutionDetails"]["InputPayload"])
    known = {operation["Id"]: operation for operation in operations}
    fresh = [update for update in script.get("updates", []) if update["Id"] not in known]
    if fresh:
        answer = client().checkpoint_durable_execution(
            DurableExecutionArn=event["DurableExecutionArn"],
            CheckpointToken=event["CheckpointToken"],
            Updates=fresh,
        )
        known |= {each["Id"]: each for each in answer["NewExecutionState"]["Operations"]}
    if any((each["Type"], each["Status"]) in PENDING for each in known.values()):
        return {"Status": "PENDING"}
    found = {id: [each["Status"], _result(each)] for id, each in known.items()}
    return {"Status": "SUCCEEDED", "Result": json.dumps(found)}


def _result(operation: dict[str, Any]) -> Any:
    for key in ("StepDetails", "CallbackDetails", "ChainedInvokeDetails"):
        details = operation.get(key, {})
        if "Result" in details or "Error" in details:
            return details.get("Result", details.get("Error"))
    return None


def held(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Show the invocation's event to the test, and last until the test says so."""
    HELD.put(event)
    RELEASED.wait()
    return {"Status": "SUCCEEDED"}


def plain(event: Any, context: Any) -> Any:
    """Return the event, or fail if it says so."""
    if event == "fail":
        raise ValueError("as you wish")
    return {"event": event, "tenant": context.tenant_id}
