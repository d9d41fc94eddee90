"""Speaks to the Runtime API for `awslambdaric`, as the module of this name that is compiled for it.

It is for interpreters to which the compiled one does not fit, and runs in them by its path, so it
imports nothing that is not Python's own. What fails raises RuntimeError, and ends the runtime.
"""

import os
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any

_PREFIX = "/2018-06-01/runtime/invocation"
_HEADERS = (
    "Lambda-Runtime-Aws-Request-Id",
    "Lambda-Runtime-Trace-Id",
    "Lambda-Runtime-Invoked-Function-Arn",
    "Lambda-Runtime-Client-Context",
    "Lambda-Runtime-Cognito-Identity",
    "Lambda-Runtime-Aws-Tenant-Id",
    "Lambda-Runtime-Invocation-Id",
    "Content-Type",
)
_DEADLINE = "Lambda-Runtime-Deadline-Ms"

_agent: dict[str, str] = {}


def initialize_client(user_agent: str) -> None:
    """Take note of what the runtime calls itself."""
    _agent["User-Agent"] = user_agent


def next() -> tuple[bytes, dict[str, Any]]:
    """Wait for an invocation; return its event and its headers, None for those it lacks."""
    body, answer = _ask("GET", "next", None, {}, 200)
    headers: dict[str, Any] = {name: answer.getheader(name) for name in _HEADERS}
    headers[_DEADLINE] = int(answer.getheader(_DEADLINE, "0"))
    return body, headers


def post_invocation_result(
    id: str, result: bytes, content_type: str, invocation_id: str | None = None
) -> None:
    """Answer an invocation."""
    _ask("POST", f"{id}/response", result, {"Content-Type": content_type}, 202)


def post_error(id: str, error: str, xray_fault: str, invocation_id: str | None = None) -> None:
    """Report what the function raised."""
    headers = {
        "Content-Type": "application/json",
        "lambda-runtime-function-xray-error-cause": xray_fault,
    }
    _ask("POST", f"{id}/error", error.encode(), headers, 202)


def _ask(
    method: str, path: str, body: bytes | None, headers: dict[str, str], expected: int
) -> tuple[bytes, HTTPResponse]:
    connection = HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    try:
        connection.request(method, f"{_PREFIX}/{path}", body, {**_agent, **headers})
        answer = connection.getresponse()
        content = answer.read()
    except (OSError, HTTPException) as error:
        raise RuntimeError(f"the Runtime API does not answer: {error}") from error
    finally:
        connection.close()
    if answer.status != expected:
        raise RuntimeError(f"the Runtime API answered {answer.status} to {method} {path}")
    return content, answer
