"""What the service is told at the end of an invocation: an output, or an error it will retry."""

import json
from typing import Any

from .abc import Where
from .batching import size_over
from .defaults import PLAIN_JSON
from .errors import Abort, PayloadTooLargeError, SerializationError, ServiceError, Suspension
from .execution import Execution
from .failures import error_object
from .plain_json import offender
from .protocol import Limits, OperationUpdate


def result_payload(execution: Execution, value: Any) -> str:
    """Return the handler's result as the JSON text that the caller of the function reads."""
    where = Where(execution.arn, "the handler's result")
    try:
        text = PLAIN_JSON.dumps(value, where)
    except SerializationError as error:
        raise SerializationError(
            f"the handler's result cannot be kept as JSON: {offender(value) or error.__cause__}. "
            "Whoever started the execution reads it, in any language, so no serializer is asked: "
            "return JSON values, such as isoformat() of a date and asdict() of a dataclass"
        ) from error.__cause__
    size = size_over(text, Limits.PAYLOAD_BYTES)
    if size is not None:
        raise PayloadTooLargeError(
            f"the handler's result takes {size} bytes; the service keeps at most "
            f"{Limits.PAYLOAD_BYTES} (6 MiB) per execution. Return a reference to data that is "
            "kept elsewhere (S3, a table)"
        )
    return text


def fits_in_response(text: str) -> bool:
    """Return whether a result can travel in the response, measured as Lambda will encode it.

    The payload is a JSON text inside a JSON string, so each quote in it takes two bytes more, and
    other characters up to six.
    """
    if len(text) * 6 < Limits.RESPONSE_BYTES - 100:
        return True
    return len(json.dumps({"Status": "SUCCEEDED", "Result": text})) <= Limits.RESPONSE_BYTES


def succeeded(text: str) -> dict[str, Any]:
    """Return the output for a result."""
    return {"Status": "SUCCEEDED", "Result": text}


def result_update(execution: Execution, text: str) -> OperationUpdate:
    """Return the checkpoint that delivers a result too large for the response."""
    milliseconds = int(execution.clock() * 1000)
    return {
        "Id": f"execution-result-{milliseconds}",
        "Type": "EXECUTION",
        "Action": "SUCCEED",
        "Payload": text,
    }


def failed(error: BaseException) -> dict[str, Any]:
    """Return the output for an execution that failed for good."""
    return {"Status": "FAILED", "Error": error_object(error)}


def of_exception(error: BaseException) -> dict[str, Any]:
    """Return the output for what ended the handler; raise what the service is to retry."""
    if isinstance(error, Suspension):
        return {"Status": "PENDING"}
    if isinstance(error, Abort):
        error = error.reason
    retryable = isinstance(error, ServiceError | SerializationError) and error.retryable
    if retryable or not isinstance(error, Exception):
        raise error
    return failed(error)
