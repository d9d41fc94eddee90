"""Why an execution cannot go on: words for whoever looks at a simulation that stands still."""

from lambda_durable.protocol import ExecutionStatus, Operation, OperationStatus

from .service import DurableService


def why_blocked(service: DurableService, arn: str) -> str:
    """Return a sentence that says what the execution waits for."""
    status = service.describe(arn, include_data=False)["Status"]
    if status in (ExecutionStatus.PAUSED, ExecutionStatus.PAUSING):
        return f"execution {arn} is {status} and nobody resumes it"
    reasons = [
        reason
        for record in service.operations(arn)
        if record["Status"] == OperationStatus.STARTED and (reason := _reason(record))
    ]
    what = " and ".join(reasons) if reasons else "nothing that could happen"
    return f"execution {arn} waits for {what}"


def _reason(record: Operation) -> str | None:
    name = repr(record.get("Name") or record["Id"])
    if record["Type"] == "CALLBACK":
        return f"callback {name} that nobody completes"
    if record["Type"] == "CHAINED_INVOKE":
        return f"chained invoke {name} that does not end"
    return None
