"""What a runtime and its environment tell each other."""

import json
from dataclasses import dataclass
from typing import Any, TypeAlias

PREFIX = "/2018-06-01/runtime"
"""The Runtime API's version, with which all its paths begin."""


@dataclass(frozen=True, slots=True)
class Request:
    """An invocation as a runtime gets it; `deadline` is seconds since 1970, of the real clock."""

    id: str
    function_arn: str
    event: bytes
    deadline: float
    tenant_id: str | None = None
    trace_header: str | None = None
    client_context: str | None = None

    def headers(self) -> list[tuple[str, str]]:
        """Return the headers that say all but the event."""
        given = (
            ("Lambda-Runtime-Aws-Request-Id", self.id),
            ("Lambda-Runtime-Deadline-Ms", str(int(self.deadline * 1000))),
            ("Lambda-Runtime-Invoked-Function-Arn", self.function_arn),
            ("Lambda-Runtime-Trace-Id", self.trace_header),
            ("Lambda-Runtime-Client-Context", self.client_context),
            ("Lambda-Runtime-Aws-Tenant-Id", self.tenant_id),
        )
        return [(name, value) for name, value in given if value is not None]


@dataclass(frozen=True, slots=True)
class Response:
    """What the function returned, as its runtime sent it."""

    body: bytes


@dataclass(frozen=True, slots=True)
class Failure:
    """What the runtime says went wrong: in the function, or while it was initialised."""

    error: dict[str, Any]


Answer: TypeAlias = Response | Failure


def failure(body: bytes, error_type: str | None) -> Failure:
    """Return the failure that a runtime reports; `error_type` is the header's."""
    try:
        error = json.loads(body)
    except ValueError:
        error = None
    if not isinstance(error, dict):
        error = {"errorMessage": body.decode("utf-8", "replace")}
    if error_type and not error.get("errorType"):
        error["errorType"] = error_type
    return Failure(error)


def too_large(limit: int) -> Failure:
    """Return Lambda's failure for a response of more than `limit` bytes."""
    return Failure(
        {
            "errorType": "Function.ResponseSizeTooLarge",
            "errorMessage": "Response payload size exceeded maximum allowed payload size "
            f"({limit} bytes).",
        }
    )
