"""Calls a function as Lambda's runtime does: an event in, the response's members out.

It runs in the function's process, so it imports nothing that a handler would not.
"""

import json
import traceback
from collections.abc import Callable
from typing import Any

from lambda_durable.abc import Service
from lambda_durable.handler import DurableHandler

from .lambda_context import LambdaContext


def call(
    function: Callable[..., Any], event: Any, context: LambdaContext, service: Service | None
) -> dict[str, Any]:
    """Return `{"output": <JSON text>}`, or `{"error": <what Lambda answers for an exception>}`."""
    try:
        if isinstance(function, DurableHandler):
            output: Any = function.run_invocation(event, context, service=service)
        else:
            output = function(event, context)
    except Exception as error:  # noqa: BLE001 - the function's; it is the response
        return {"error": _error(error)}
    try:
        return {"output": json.dumps(output)}
    except (TypeError, ValueError) as error:
        reason = f"Unable to marshal response: {error}"
        return {"error": {"errorType": "Runtime.MarshalError", "errorMessage": reason}}


def _error(error: Exception) -> dict[str, Any]:
    frames = traceback.extract_tb(error.__traceback__)
    kept = [frame for frame in frames if frame.filename != __file__]
    return {
        "errorType": type(error).__name__,
        "errorMessage": str(error),
        "stackTrace": [line.rstrip() for line in traceback.format_list(kept)],
    }
