"""Failures of boto3 as `ServiceError`s: what was tried, on what, why it failed, what is next."""

from typing import Any, Final

from ..errors import ServiceError
from ..protocol.classification import classify

# Nothing went out, or nothing would change the next time. Names, because they are looked up among
# an exception's bases: botocore need not be imported, and not every version has every class.
_PERMANENT: Final = frozenset(
    {
        # where and as whom to call
        "BaseEndpointResolverError",  # NoRegionError, UnknownEndpointError
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

_RETRIED: Final = "the invocation fails and the service invokes again"
_ENDED: Final = "the execution fails"
_LONGEST_REASON: Final = 1000  # botocore repeats rejected payloads in its messages


def service_error(
    call: str,
    execution_arn: str | None,
    code: str,
    status: int | None,
    message: str,
    *,
    request_id: str | None = None,
    attempts: int | None = None,
    retryable: bool | None = None,
) -> ServiceError:
    """Return the error for a call that failed; unless `retryable` is given, it is classified."""
    if retryable is None:
        retryable = classify(code, status, message)
    facts = [
        f"HTTP {status}" if status else "no answer",
        f"request id {request_id}" if request_id else "",
        f"{attempts} attempts" if attempts and attempts > 1 else "",
    ]
    where = f" on execution {execution_arn}" if execution_arn else ""
    reason = f": {_shortened(message)}" if message else ""
    after = _RETRIED if retryable else _ENDED
    text = f"{call} failed{where}: {code}{reason} ({', '.join(filter(None, facts))}); {after}"
    return ServiceError(text, code=code, status=status, retryable=retryable)


def translated(error: Exception, call: str, execution_arn: str | None) -> ServiceError:
    """Return the `ServiceError` for what boto3 raised; raise it `from` the original."""
    response = getattr(error, "response", None)
    if isinstance(response, dict):  # botocore's ClientError: the service answered
        return _refusal(error, response, call, execution_arn)
    names = [base.__name__ for base in type(error).__mro__]
    message = str(error)
    if advice := _ADVICE.get(names[0]):
        message = f"{message} ({advice})"
    retryable = _PERMANENT.isdisjoint(names)
    return service_error(call, execution_arn, names[0], None, message, retryable=retryable)


def _refusal(
    error: Exception, response: dict[str, Any], call: str, execution_arn: str | None
) -> ServiceError:
    details = response.get("Error") or {}
    metadata = response.get("ResponseMetadata") or {}
    return service_error(
        call,
        execution_arn,
        code=str(details.get("Code") or type(error).__name__),
        status=metadata.get("HTTPStatusCode"),
        message=str(details.get("Message") or ""),
        request_id=metadata.get("RequestId"),
        attempts=metadata.get("RetryAttempts", 0) + 1,
    )


def _shortened(message: str) -> str:
    line = " ".join(message.split()).rstrip(".")
    return line if len(line) <= _LONGEST_REASON else f"{line[:_LONGEST_REASON]}..."
