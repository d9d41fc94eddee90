"""Reads the body of a request: never more of it than the operation takes, never for ever."""

import asyncio

from starlette.requests import Request

from lambda_durable_kernel import Quotas, ServiceFault
from lambda_durable_kernel.errors import InvalidParameterValueError

from .faults import RequestTimeoutError, RequestTooLargeError
from .model import Operation

_SECONDS = 60.0
_OVERHEAD = 65_536
"""What a body may have beside its payload."""


def body_limit(operation: Operation, invocation_type: str, quotas: Quotas) -> int:
    """Return how many bytes the body of a request may have."""
    match operation.name:
        case "Invoke" if invocation_type == "Event":
            return quotas.async_payload_bytes
        case "Invoke":
            return quotas.execution_payload_bytes
        case "CheckpointDurableExecution":
            # As JSON inside of JSON, a payload takes about twice the bytes that it has.
            return 2 * quotas.execution_payload_bytes + _OVERHEAD
        case "SendDurableExecutionCallbackSuccess":
            return quotas.operation_payload_bytes
        case "SendDurableExecutionCallbackFailure" | "StopDurableExecution":
            return 2 * quotas.error_bytes + _OVERHEAD
        case _:
            return _OVERHEAD


async def read_body(request: Request, operation: Operation, limit: int) -> bytes:
    """Return the body; raise a ServiceFault if it is larger than `limit` bytes, or takes too long.

    Raise ClientDisconnect if the client goes away. The server throws away what is left unread.
    """
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(_SECONDS):
            async for part in request.stream():
                size += len(part)
                if size > limit:
                    raise _too_large(operation, limit)
                parts.append(part)
    except TimeoutError:
        msg = f"The request's body did not arrive within {_SECONDS:.0f} seconds."
        raise RequestTimeoutError(msg) from None
    return b"".join(parts)


def _too_large(operation: Operation, limit: int) -> ServiceFault:
    msg = (
        f"Request must be smaller than or equal to {limit} bytes for the {operation.name} operation"
    )
    if RequestTooLargeError.code in operation.errors:
        return RequestTooLargeError(msg)
    return InvalidParameterValueError(msg)
