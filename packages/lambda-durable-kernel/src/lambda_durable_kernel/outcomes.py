"""How an invocation ended, told by whoever ran the function, and what the answer means."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

from lambda_durable.protocol import ErrorObject

from . import fields
from .errors import InvalidParameterValueError


@dataclass(frozen=True, slots=True)
class Returned:
    """The function returned: text or bytes are the response as sent, else the value itself."""

    output: Any

    def text(self) -> str:
        """Return the response as JSON text."""
        if isinstance(self.output, bytes):
            return self.output.decode("utf-8", "replace")
        return self.output if isinstance(self.output, str) else json.dumps(self.output)


@dataclass(frozen=True, slots=True)
class Errored:
    """The function raised, its process ended, or its time was up."""

    error: ErrorObject

    @classmethod
    def responded(cls, body: Mapping[str, Any]) -> "Errored":
        """Return the outcome of a function that Lambda's runtime answered an error for."""
        error: ErrorObject = {}
        if body.get("errorMessage") is not None:
            error["ErrorMessage"] = str(body["errorMessage"])
        if body.get("errorType") is not None:
            error["ErrorType"] = str(body["errorType"])
        frames = body.get("stackTrace")
        if frames and isinstance(frames, list):
            error["StackTrace"] = [str(frame) for frame in frames]
        return cls(error)

    @classmethod
    def raised(cls, error: BaseException) -> "Errored":
        """Return the outcome of a function that raised `error`."""
        return cls({"ErrorType": type(error).__name__, "ErrorMessage": str(error)})

    @classmethod
    def crashed(cls, message: str = "Runtime exited without providing a reason") -> "Errored":
        """Return the outcome of a process that ended before it answered."""
        return cls({"ErrorType": "Runtime.ExitError", "ErrorMessage": message})

    @classmethod
    def timed_out(cls, seconds: float) -> "Errored":
        """Return the outcome of an invocation that was stopped after `seconds`."""
        message = f"Task timed out after {seconds:.2f} seconds"
        return cls({"ErrorType": "Sandbox.Timedout", "ErrorMessage": message})


Outcome: TypeAlias = Returned | Errored


@dataclass(frozen=True, slots=True)
class Succeeded:
    """The execution is done; `result` is JSON text or None."""

    result: str | None


@dataclass(frozen=True, slots=True)
class Failed:
    """The execution has failed for good; `refused` if the service could not accept the answer."""

    error: ErrorObject
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Pending:
    """The execution goes on when something it waits for is there."""


@dataclass(frozen=True, slots=True)
class Broken:
    """The invocation ended without an answer; it is tried again."""

    error: ErrorObject


Verdict: TypeAlias = Succeeded | Failed | Pending | Broken


def judge(outcome: Outcome, max_result_bytes: int) -> Verdict:
    """Return what the outcome of a durable function's invocation means for its execution."""
    if isinstance(outcome, Errored):
        return Broken(outcome.error)
    output = outcome.output
    if isinstance(output, str | bytes):
        try:
            output = json.loads(output)
        except (ValueError, RecursionError):
            return refused("Invalid output: the response is not a JSON document.")
    if not isinstance(output, dict):
        return refused("Invalid output: the response of a durable function is a JSON object.")
    match output.get("Status"):
        case "SUCCEEDED":
            return _succeeded(output, max_result_bytes)
        case "FAILED":
            return _failed(output)
        case "PENDING":
            return Pending()
        case status:
            return refused(f"Invalid output: {status!r} is not a status.")


def _succeeded(output: dict[str, Any], max_result_bytes: int) -> Verdict:
    result = output.get("Result")
    if output.get("Error") is not None:
        return refused("Cannot provide an Error for SUCCEEDED status.")
    if result is not None and not isinstance(result, str):
        return refused("Invalid output: Result is a string that holds JSON.")
    if result is not None and byte_length(result) > max_result_bytes:
        return Broken(too_large(max_result_bytes))
    return Succeeded(result)


def _failed(output: dict[str, Any]) -> Verdict:
    error = output.get("Error")
    if output.get("Result") is not None:
        return refused("Cannot provide a Result for FAILED status.")
    if error is not None and not isinstance(error, dict):
        return refused("Invalid output: Error is an error object.")
    try:
        fields.check_error(cast(ErrorObject, error or {}))
    except InvalidParameterValueError as fault:
        return refused(f"Invalid output: {fault.message}")
    return Failed(cast(ErrorObject, error or {}))


def refused(message: str) -> Failed:
    """Return the verdict on an answer that the service does not accept; it is not retried."""
    error: ErrorObject = {
        "ErrorType": "InvalidParameterValueException",
        "ErrorMessage": message,
    }
    return Failed(error, refused=True)


def too_large(limit: int) -> ErrorObject:
    """Return Lambda's error for a response of more than `limit` bytes."""
    return {
        "ErrorType": "Function.ResponseSizeTooLarge",
        "ErrorMessage": f"Response payload size exceeded maximum allowed payload size ({limit} "
        "bytes).",
    }


def byte_length(text: str) -> int:
    """Return how many bytes a text takes in UTF-8."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
