"""The operations on executions: each takes checked parameters and returns what it answers.

What is returned has whole milliseconds for timestamps, as the service does.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from lambda_durable.protocol import Limits
from lambda_durable_kernel import ExecutionQuery

from .backend import Backend
from .functions import get_function, list_functions

Parameters: TypeAlias = Mapping[str, Any]
Handler: TypeAlias = Callable[[Backend, Parameters], Mapping[str, Any]]


def _checkpoint(backend: Backend, given: Parameters) -> Mapping[str, Any]:
    return backend.service.checkpoint(
        given["DurableExecutionArn"],
        given["CheckpointToken"],
        given.get("Updates", []),
        now=backend.now(),
        client_token=given.get("ClientToken"),
    )


def _get_state(backend: Backend, given: Parameters) -> Mapping[str, Any]:
    return backend.service.get_state(
        given["DurableExecutionArn"],
        given["CheckpointToken"],
        given.get("Marker", ""),
        max_items=given.get("MaxItems"),
    )


def _get(backend: Backend, given: Parameters) -> Mapping[str, Any]:
    return backend.service.describe(
        given["DurableExecutionArn"], include_data=given.get("IncludeExecutionData", True)
    )


def _get_history(backend: Backend, given: Parameters) -> Mapping[str, Any]:
    return backend.service.history(
        given["DurableExecutionArn"],
        include_data=given.get("IncludeExecutionData", True),
        reverse=given.get("ReverseOrder", False),
        marker=given.get("Marker"),
        max_items=given.get("MaxItems"),
    )


def _list(backend: Backend, given: Parameters) -> Mapping[str, Any]:
    function = backend.service.function(given["FunctionName"], given.get("Qualifier"))
    query = ExecutionQuery(
        function.name,
        name=given.get("DurableExecutionName"),
        statuses=frozenset(given.get("Statuses", ())),
        started_after=given.get("StartedAfter"),
        started_before=given.get("StartedBefore"),
        oldest_first=given.get("ReverseOrder", False),
        limit=given.get("MaxItems") or Limits.DEFAULT_PAGE_ITEMS,
    )
    return backend.service.list(query, given.get("Marker"))


def _stop(backend: Backend, given: Parameters) -> Mapping[str, Any]:
    return backend.service.stop(
        given["DurableExecutionArn"], now=backend.now(), error=given.get("Error")
    )


def _pause(backend: Backend, given: Parameters) -> Mapping[str, Any]:
    backend.service.pause(
        given["DurableExecutionArn"],
        now=backend.now(),
        reason=given.get("Reason"),
        timeout_paused=given.get("ExecutionTimeoutPaused", True),
        client_token=given.get("ClientToken"),
    )
    return {}


def _resume(backend: Backend, given: Parameters) -> Mapping[str, Any]:
    backend.service.resume(
        given["DurableExecutionArn"],
        now=backend.now(),
        reason=given.get("Reason"),
        client_token=given.get("ClientToken"),
    )
    return {}


def _delete(backend: Backend, given: Parameters) -> Mapping[str, Any]:
    return backend.service.delete(given["DurableExecutionArn"], now=backend.now())


def _succeed_callback(backend: Backend, given: Parameters) -> Mapping[str, Any]:
    result: bytes = given["Result"]
    # Without a body there is no result; what is no UTF-8 could not come back as it was.
    text = result.decode("utf-8", "replace") if result else None
    backend.service.succeed_callback(given["CallbackId"], text, now=backend.now())
    return {}


def _fail_callback(backend: Backend, given: Parameters) -> Mapping[str, Any]:
    backend.service.fail_callback(given["CallbackId"], given.get("Error"), now=backend.now())
    return {}


def _heartbeat_callback(backend: Backend, given: Parameters) -> Mapping[str, Any]:
    backend.service.heartbeat_callback(given["CallbackId"], now=backend.now())
    return {}


HANDLERS: Final[Mapping[str, Handler]] = {
    "CheckpointDurableExecution": _checkpoint,
    "DeleteDurableExecution": _delete,
    "GetDurableExecution": _get,
    "GetDurableExecutionHistory": _get_history,
    "GetDurableExecutionState": _get_state,
    "GetFunction": get_function,
    "ListDurableExecutionsByFunction": _list,
    "ListFunctions": list_functions,
    "PauseDurableExecution": _pause,
    "ResumeDurableExecution": _resume,
    "SendDurableExecutionCallbackFailure": _fail_callback,
    "SendDurableExecutionCallbackHeartbeat": _heartbeat_callback,
    "SendDurableExecutionCallbackSuccess": _succeed_callback,
    "StopDurableExecution": _stop,
}
