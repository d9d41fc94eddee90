"""Invoke: starts an execution of a durable function, or runs a plain one."""

import asyncio
import json
import uuid
from collections.abc import Mapping
from typing import Any

from lambda_durable.protocol import CLOSED_STATUSES, ExecutionStatus
from lambda_durable_kernel import Errored, FunctionSpec, Invocation, Outcome, ServiceFault
from lambda_durable_kernel.errors import InvalidParameterValueError

from .answers import Answer
from .backend import Backend
from .model import Operation
from .parameters import read_json
from .work import Work

_SYNCHRONOUS_SECONDS = 900
_TRACE = "x-amzn-trace-id"


async def invoke(
    backend: Backend,
    operation: Operation,
    given: Mapping[str, Any],
    headers: Mapping[str, str],
    work: Work,
) -> Answer:
    """Return Invoke's answer: for a synchronous one, when the function has ended."""
    function = await work.do(
        lambda: backend.service.function(given["FunctionName"], given.get("Qualifier"))
    )
    kind = given.get("InvocationType", "RequestResponse")
    payload = await work.do(lambda: _payload(operation, given["Payload"]))
    _check(function, kind, given)
    if kind == "DryRun":
        return Answer(204)
    trace_header = headers.get(_TRACE)
    if not function.durable:
        invocation = _plain(function, payload, given, trace_header, backend.now())
        if kind == "Event":
            await work.do(lambda: backend.accept(invocation))
            return Answer(202)
        return await _call(backend, function, invocation)
    arn = await work.do(
        lambda: backend.service.start(
            given["FunctionName"],
            payload,
            qualifier=given.get("Qualifier"),
            name=given.get("DurableExecutionName"),
            tenant_id=given.get("TenantId"),
            trace_header=trace_header,
            now=backend.now(),
        )
    )
    shown = {"X-Amz-Durable-Execution-Arn": arn, "X-Amz-Executed-Version": function.version}
    if kind == "Event":
        return Answer(202, headers=shown)
    await backend.endings.wait(arn, lambda: work.do(lambda: _is_closed(backend, arn)))
    return await work.do(lambda: _ended(backend, arn, shown))


def _payload(operation: Operation, body: bytes) -> str:
    """Return the payload as it was sent, JSON text; without one it is an empty object."""
    if not body.strip():
        return "{}"
    read_json(body, operation)
    return body.decode()


def _check(function: FunctionSpec, kind: str, given: Mapping[str, Any]) -> None:
    if not function.durable and given.get("DurableExecutionName") is not None:
        msg = f"{function.name} is not a durable function: it takes no DurableExecutionName."
        raise InvalidParameterValueError(msg)
    seconds = function.execution_timeout
    if (
        function.durable
        and kind == "RequestResponse"
        and seconds is not None
        and seconds > _SYNCHRONOUS_SECONDS
    ):
        msg = (
            f"You cannot synchronously invoke a durable function with an ExecutionTimeout greater "
            f"than 15 minutes: that of {function.name} is {seconds} seconds. Invoke it with "
            "InvocationType Event, or lower its ExecutionTimeout."
        )
        raise InvalidParameterValueError(msg)


def _is_closed(backend: Backend, arn: str) -> bool:
    return backend.service.describe(arn, include_data=False)["Status"] in CLOSED_STATUSES


def _ended(backend: Backend, arn: str, headers: Mapping[str, str]) -> Answer:
    """Return how an execution ended, as the response of its function."""
    told = backend.service.describe(arn)
    if told["Status"] not in CLOSED_STATUSES:
        msg = f"The service is being stopped; {arn} goes on when it starts again."
        raise ServiceFault(msg)
    if told["Status"] == ExecutionStatus.SUCCEEDED:
        return Answer(200, _encoded(told.get("Result") or "null"), headers)
    return _failed(told.get("Error") or {}, headers)


def _failed(error: Mapping[str, Any], headers: Mapping[str, str]) -> Answer:
    body: dict[str, Any] = {"errorMessage": error.get("ErrorMessage")}
    for key, name in (("ErrorType", "errorType"), ("ErrorData", "errorData")):
        if key in error:
            body[name] = error.get(key)
    if "StackTrace" in error:
        body["stackTrace"] = error["StackTrace"]
    failed = {**headers, "X-Amz-Function-Error": "Unhandled"}
    return Answer(200, json.dumps(body).encode(), failed)


def _plain(
    function: FunctionSpec,
    payload: str,
    given: Mapping[str, Any],
    trace_header: str | None,
    now: float,
) -> Invocation:
    return Invocation(
        id=str(uuid.uuid4()),
        function=function.name,
        durable=False,
        event=payload,
        execution_arn="",
        operation_id=None,
        started_at=now,
        deadline=now + function.timeout,
        tenant_id=given.get("TenantId"),
        trace_header=trace_header,
    )


async def _call(backend: Backend, function: FunctionSpec, invocation: Invocation) -> Answer:
    outcome: Outcome = await asyncio.wrap_future(backend.call(invocation))
    headers = {"X-Amz-Executed-Version": function.version}
    if isinstance(outcome, Errored):
        return _failed(outcome.error, headers)
    return Answer(200, _encoded(outcome.text()), headers)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "replace")
