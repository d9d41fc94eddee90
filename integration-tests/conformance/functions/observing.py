"""Plugins that write a line of JSON for what they are told."""

import json
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from lambda_durable import hookimpl
from lambda_durable.events import Call, Invocation, OperationInfo
from lambda_durable.observations import (
    AttemptFinished,
    AttemptStarted,
    CheckpointAnswered,
    InvocationFinished,
    OperationSettled,
    OperationStarted,
)
from lambda_durable.protocol import Operation, epoch_seconds


def write(plugin: str, hook: str, arn: str, **members: Any) -> None:
    """Write a line; members that are None are left out."""
    known = {name: value for name, value in members.items() if value is not None}
    line = {"plugin": plugin, "hook": hook, "durableExecutionArn": arn, **known}
    sys.stdout.write(f"{json.dumps(line)}\n")  # in one piece: branches run side by side
    sys.stdout.flush()


class Lifecycle:
    """Tells when things begin and end. `only` is the operation type it is about, None all."""

    def __init__(self, name: str = "CONFPLUGIN", *, only: str | None = "STEP") -> None:
        self.name = name
        self.only = only

    @hookimpl
    def durable_invocation_started(self, event: Invocation) -> None:
        write(self.name, "invocation-start", event.execution_arn, first=event.is_first)

    @hookimpl
    def durable_invocation_finished(self, event: InvocationFinished) -> None:
        write(
            self.name,
            "invocation-end",
            event.execution_arn,
            first=event.invocation.is_first,
            terminal=event.status in ("SUCCEEDED", "FAILED"),
            status=event.status,
        )

    @hookimpl
    def durable_operation_started(self, event: OperationStarted) -> None:
        self._write("operation-start", event.operation, replay=event.replayed)

    @hookimpl
    def durable_operation_settled(self, event: OperationSettled) -> None:
        result, error = outcome_of(event.record)
        self._write(
            "operation-end",
            event.operation,
            parent=event.operation.parent_id or "NONE",
            status=event.status,
            result=result or "NONE",
            error=error or "NONE",
        )

    @hookimpl
    def durable_attempt_started(self, event: AttemptStarted) -> None:
        self._write("attempt-start", event.operation)

    @hookimpl
    def durable_attempt_finished(self, event: AttemptFinished) -> None:
        outcome = "FAILED" if event.error else "SUCCEEDED"
        self._write("attempt-end", event.operation, outcome=outcome)

    def _write(self, hook: str, operation: OperationInfo, **members: Any) -> None:
        if self.only in (None, operation.type):
            members = {"op": operation.id, "type": operation.type, **members}
            write(self.name, hook, operation.execution_arn, **members)


class Faulty(Lifecycle):
    """Tells the same, and fails each time."""

    @hookimpl
    def durable_invocation_started(self, event: Invocation) -> None:
        self._fail(super().durable_invocation_started, event)

    @hookimpl
    def durable_invocation_finished(self, event: InvocationFinished) -> None:
        self._fail(super().durable_invocation_finished, event)

    @hookimpl
    def durable_operation_started(self, event: OperationStarted) -> None:
        self._fail(super().durable_operation_started, event)

    @hookimpl
    def durable_operation_settled(self, event: OperationSettled) -> None:
        self._fail(super().durable_operation_settled, event)

    @hookimpl
    def durable_attempt_started(self, event: AttemptStarted) -> None:
        self._fail(super().durable_attempt_started, event)

    @hookimpl
    def durable_attempt_finished(self, event: AttemptFinished) -> None:
        self._fail(super().durable_attempt_finished, event)

    def _fail(self, tell: Callable[[Any], None], event: Any) -> None:
        tell(event)
        raise RuntimeError("this plugin is broken")


class Changes:
    """Tells what each checkpoint changed, of steps."""

    @hookimpl
    def durable_checkpoint_answered(self, event: CheckpointAnswered) -> None:
        for record in event.changed:
            if record["Type"] != "STEP":
                continue
            members = described(record)
            write(
                "CONFPLUGIN",
                "operation-change",
                event.execution_arn,
                op=record["Id"],
                in_full_map=record["Id"] in event.operations,
                executionArn=event.execution_arn,
                inFullMap=record["Id"] in event.operations,
                updatedOperationsCount=len(event.changed),
                operationsCount=len(event.operations),
                isReplay=False,
                **members,
            )


class Dump:
    """Tells all it is told, under the names that all SDKs share; `only` is an operation type."""

    def __init__(self, only: str = "STEP") -> None:
        self.only = only

    @hookimpl
    def durable_invocation_started(self, event: Invocation) -> None:
        write(
            "CONFPLUGIN",
            "invocation-start",
            event.execution_arn,
            updatedOperationsCount=len(event.updated_operation_ids),
            **self._of_invocation(event),
        )

    @hookimpl
    def durable_invocation_finished(self, event: InvocationFinished) -> None:
        error: dict[str, Any] = (event.output or {}).get("Error") or {}
        write(
            "CONFPLUGIN",
            "invocation-end",
            event.execution_arn,
            status=event.status,
            terminal=event.status in ("SUCCEEDED", "FAILED"),
            executionError=error.get("ErrorMessage"),
            **self._of_invocation(event.invocation),
        )

    @hookimpl
    def durable_operation_started(self, event: OperationStarted) -> None:
        self._write("operation-start", event.operation, event.record, event.replayed)

    @hookimpl
    def durable_operation_settled(self, event: OperationSettled) -> None:
        self._write("operation-end", event.operation, event.record, event.replayed)

    @hookimpl
    @contextmanager
    def durable_around_call(self, call: Call) -> Generator[None, None, None]:
        if call.operation is not None and call.operation.type == self.only:
            write(
                "CONFPLUGIN",
                "fn-start",
                call.execution_arn,
                isReplayingChildren=call.is_replay,
                **identity(call.operation),
            )
        yield

    def _write(
        self, hook: str, operation: OperationInfo, record: Operation | None, replayed: bool
    ) -> None:
        if operation.type == self.only:
            members = identity(operation) if record is None else described(record)
            write("CONFPLUGIN", hook, operation.execution_arn, isReplay=replayed, **members)

    def _of_invocation(self, event: Invocation) -> dict[str, Any]:
        return {
            "isFirstInvocation": event.is_first,
            "requestId": event.lambda_context.aws_request_id,
            "operationsCount": len(event.operations),
            "executionStartTimestamp": iso(event.execution_started_at),
        }


def identity(operation: OperationInfo) -> dict[str, Any]:
    """Return what names an operation."""
    return {
        "id": operation.id,
        "name": operation.name,
        "type": operation.type,
        "subType": operation.subtype,
        "parentId": operation.parent_id,
    }


def described(record: Operation) -> dict[str, Any]:
    """Return all that is known of an operation."""
    return {
        "id": record["Id"],
        "name": record.get("Name"),
        "type": record["Type"],
        "subType": record.get("SubType"),
        "parentId": record.get("ParentId"),
        "status": record["Status"],
        "startTimestamp": iso(epoch_seconds(record.get("StartTimestamp"))),
        "endTimestamp": iso(epoch_seconds(record.get("EndTimestamp"))),
        "attempt": (record.get("StepDetails") or {}).get("Attempt"),
        "error": outcome_of(record)[1],
    }


def outcome_of(record: Operation) -> tuple[str | None, str | None]:
    """Return the result of an operation as it is kept, and the message of its error."""
    details: dict[str, Any] = (
        record.get("StepDetails")
        or record.get("ContextDetails")
        or record.get("CallbackDetails")
        or record.get("ChainedInvokeDetails")
        or {}
    )
    error: dict[str, Any] = details.get("Error") or {}
    return details.get("Result"), error.get("ErrorMessage")


def iso(seconds: float | None) -> str | None:
    """Return a time as ISO 8601."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat()
