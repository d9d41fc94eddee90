"""Failures of a client as `ServiceError`s: what was tried, on what, why it failed, what is next.

For the boto3 client and for others, which say the same by raising exceptions of the same names.
"""

from typing import Any, Final, NamedTuple

from ..errors import ServiceError
from ..protocol.classification import classify

# Nothing went out, or nothing would change the next time. Names, because they are looked up among
# an exception's bases: botocore need not be imported, and not every version has every class.
_PERMANENT: Final = frozenset(
    {
        # where and as whom to call
        "BaseEndpointResolverError",  # UnknownEndpointError
        "NoRegionError",
        "EndpointProviderError",
        "NoCredentialsError",
        "PartialCredentialsError",
        "ProfileNotFound",
        "ConfigParseError",
        "ConfigNotFound",
        "InvalidConfigError",
        # what to call, and with what
        "DataNotFoundError",
        "MissingDependencyException",
        "ParamValidationError",
        "ImportError",
        "InvalidInputError",
    }
)

_ADVICE: Final = {
    "NoRegionError": "set AWS_DEFAULT_REGION",
    "NoCredentialsError": "give the function a role, or set AWS_ACCESS_KEY_ID and its secret",
    "EndpointConnectionError": "check AWS_ENDPOINT_URL_LAMBDA, the region and the network",
}

STATE_CALL: Final = "GetDurableExecutionState"

_RETRIED: Final = "the invocation fails and the service invokes again"
_ENDED: Final = "the execution fails"
_LONGEST_REASON: Final = 1000  # botocore repeats rejected payloads in its messages


class Failure(NamedTuple):
    """Why a call failed."""

    code: str
    """The service's error name, or the exception's class where there was no answer."""
    status: int | None
    message: str
    retryable: bool
    request_id: str | None = None
    attempts: int = 1

    @property
    def reason(self) -> str:
        """Return all of it on one line."""
        facts = [
            f"HTTP {self.status}" if self.status else "no answer",
            f"request id {self.request_id}" if self.request_id else "",
            f"{self.attempts} attempts" if self.attempts > 1 else "",
        ]
        message = f": {_shortened(self.message)}" if self.message else ""
        return f"{self.code}{message} ({', '.join(filter(None, facts))})"


def checkpoint_call(updates: int) -> str:
    """Return how the errors name a checkpoint of so many updates."""
    return f"CheckpointDurableExecution with {updates} update{'' if updates == 1 else 's'}"


def failure(error: Exception) -> Failure:
    """Return why a call failed, from what boto3 raised, or a client that names it the same."""
    response = getattr(error, "response", None)
    if isinstance(response, dict):  # botocore's ClientError: the service answered
        return _refusal(error, response)
    names = [base.__name__ for base in type(error).__mro__]
    message = str(error)
    if advice := _ADVICE.get(names[0]):
        message = f"{message} ({advice})"
    return Failure(names[0], None, message, retryable=_PERMANENT.isdisjoint(names))


def refusal(
    code: str, status: int | None, message: str, request_id: str | None = None, attempts: int = 1
) -> Failure:
    """Return why a call failed that the service answered."""
    retryable = classify(code, status, message)
    return Failure(code, status, message, retryable, request_id, attempts)


def service_error(found: Failure, call: str, execution_arn: str | None) -> ServiceError:
    """Return the `ServiceError` for a call that failed."""
    where = f" on execution {execution_arn}" if execution_arn else ""
    after = _RETRIED if found.retryable else _ENDED
    text = f"{call} failed{where}: {found.reason}; {after}"
    return ServiceError(text, code=found.code, status=found.status, retryable=found.retryable)


def translated(error: Exception, call: str, execution_arn: str | None) -> ServiceError:
    """Return the `ServiceError` for an exception; raise it `from` the original."""
    return service_error(failure(error), call, execution_arn)


def _refusal(error: Exception, response: dict[str, Any]) -> Failure:
    details = response.get("Error") or {}
    metadata = response.get("ResponseMetadata") or {}
    return refusal(
        str(details.get("Code") or type(error).__name__),
        metadata.get("HTTPStatusCode"),
        str(details.get("Message") or ""),
        metadata.get("RequestId"),
        metadata.get("RetryAttempts", 0) + 1,
    )


def _shortened(message: str) -> str:
    line = " ".join(message.split()).rstrip(".")
    return line if len(line) <= _LONGEST_REASON else f"{line[:_LONGEST_REASON]}..."
