"""Kinds of errors: what is worth another attempt, and what is certain to fail again.

`retryable` is every `Exception` but

- programming errors: NameError, TypeError, AttributeError, SyntaxError, ImportError,
  AssertionError, NotImplementedError, RecursionError, and their subclasses;
- Lambda Durable's own errors about wrong use or wrong data: MisuseError, NonDeterminismError,
  InvalidInputError, UnknownNameError, PluginError, MissingPluginError, NotDurableError,
  PayloadTooLargeError, and a SerializationError or ServiceError that is not `retryable`;
- an OperationError that was caused by one of these, and a group that contains one.

`uninterrupted` is the same without StepInterruptedError and what it caused: whether an at-most-once
step took effect is unknown, and only the one who wrote it can say whether a second time is
harmless. So the presets leave it alone, and a strategy that the call names retries it, unless its
`on` says otherwise.

`transient_errors` are those that time alone may cure. The error, then what it was raised `from`,
is asked until one of these rules decides; a group is transient if all its members are:

1. A programming error, or one of the list above, is not.
2. An HTTP status, in `status_code` or `status` of the error or of its `response`, decides: 408,
   429 and 500-599 are transient, every other is not.
3. An AWS answer (`error.response["Error"]["Code"]`, as in botocore's ClientError) is transient if
   its code is one of `AWS_CODES`, or its HTTP status is one of the above; otherwise not.
4. An OSError (which ConnectionError, TimeoutError and socket errors are) is, unless it says
   something definite: FileNotFoundError, FileExistsError, IsADirectoryError, NotADirectoryError,
   PermissionError, ChildProcessError, ProcessLookupError, or a ValueError as well (a malformed
   URL, a certificate that does not match).
5. An error one of whose classes is called as in `CLASS_NAMES` is: the connection and time-out
   errors of botocore, httpx, aiohttp and urllib3 that are no OSErrors.
"""

from collections.abc import Sequence
from typing import Any, Final, cast

from lambda_durable.errors import (
    DurableError,
    InvalidInputError,
    MissingPluginError,
    MisuseError,
    NonDeterminismError,
    NotDurableError,
    OperationError,
    PayloadTooLargeError,
    PluginError,
    SerializationError,
    ServiceError,
    StepInterruptedError,
    UnknownNameError,
)

from .conditions import Condition, Kind

AWS_CODES: Final = frozenset(
    {
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "InternalError",
        "InternalFailure",
        "InternalServerError",
        "InternalServerException",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "RequestTimeout",
        "RequestTimeoutException",
        "ServiceException",
        "ServiceUnavailable",
        "ServiceUnavailableException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionInProgressException",
    }
)
"""Error codes of AWS services that mean "too fast" or "not now"."""

CLASS_NAMES: Final = frozenset(
    {
        "ClientConnectionError",
        "ConnectTimeoutError",
        "ConnectionClosedError",
        "ConnectionError",
        "IncompleteRead",
        "NetworkError",
        "NewConnectionError",
        "ReadTimeoutError",
        "RemoteProtocolError",
        "TimeoutError",
        "TimeoutException",
    }
)
"""Names of exception classes that mean a connection or time-out problem."""

_NEVER: Final = (
    NameError,
    TypeError,
    AttributeError,
    SyntaxError,
    ImportError,
    AssertionError,
    NotImplementedError,
    RecursionError,
    MisuseError,
    NonDeterminismError,
    InvalidInputError,
    UnknownNameError,
    PluginError,
    MissingPluginError,
    NotDurableError,
    PayloadTooLargeError,
)
_DEFINITE: Final = (
    FileNotFoundError,
    FileExistsError,
    IsADirectoryError,
    NotADirectoryError,
    PermissionError,
    ChildProcessError,
    ProcessLookupError,
    ValueError,
)


def is_retryable(error: BaseException | None) -> bool:
    """Tell whether an error is of the kind `retryable`."""
    if isinstance(error, ExceptionGroup):
        return all(is_retryable(member) for member in _members(error))
    if not isinstance(error, Exception) or _refuses(error):
        return False
    cause = error.__cause__ if isinstance(error, OperationError) else None
    return cause is None or is_retryable(cause)


def is_uninterrupted(error: BaseException | None) -> bool:
    """Tell whether an error is of the kind `uninterrupted`."""
    return is_retryable(error) and not _interrupted(error)


def is_transient(error: BaseException | None) -> bool:
    """Tell whether an error is of the kind `transient_errors`."""
    if isinstance(error, ExceptionGroup):
        return all(is_transient(member) for member in _members(error))
    seen: set[int] = set()
    while isinstance(error, Exception) and id(error) not in seen:
        seen.add(id(error))
        verdict = _verdict(error)
        if verdict is not None:
            return verdict
        error = error.__cause__
    return False


retryable: Final[Condition] = Kind("retryable", is_retryable)
"""All errors that are not certain to happen again; the default of `on`."""

uninterrupted: Final[Condition] = Kind("uninterrupted", is_uninterrupted)
"""Those of them after which nothing is left that may have happened; what `default` retries."""

transient_errors: Final[Condition] = Kind("transient_errors", is_transient)
"""Connection, time-out and throttling errors."""


def _members(group: Any) -> Sequence[Exception]:
    members: Sequence[Exception] = group.exceptions
    return members


def _refuses(error: Exception) -> bool:
    if isinstance(error, SerializationError | ServiceError):
        return not error.retryable
    return isinstance(error, _NEVER)


def _interrupted(error: BaseException | None) -> bool:
    if isinstance(error, ExceptionGroup):
        return any(_interrupted(member) for member in _members(error))
    if isinstance(error, StepInterruptedError):
        return True
    return isinstance(error, OperationError) and _interrupted(error.__cause__)


def _verdict(error: Exception) -> bool | None:
    if _refuses(error):
        return False
    if isinstance(error, SerializationError | ServiceError):
        return True
    if isinstance(error, DurableError):
        return None
    response: Any = getattr(error, "response", None)
    if isinstance(response, dict):
        return _aws_verdict(cast("dict[str, dict[str, Any] | None]", response))
    status = _status(error) or _status(response)
    if status is not None:
        return _passes(status)
    if isinstance(error, OSError):
        return not isinstance(error, _DEFINITE)
    return True if any(c.__name__ in CLASS_NAMES for c in type(error).__mro__) else None


def _aws_verdict(response: dict[str, dict[str, Any] | None]) -> bool:
    code = (response.get("Error") or {}).get("Code")
    status = (response.get("ResponseMetadata") or {}).get("HTTPStatusCode")
    return code in AWS_CODES or (isinstance(status, int) and _passes(status))


def _status(carrier: object) -> int | None:
    for name in ("status_code", "status"):
        value = getattr(carrier, name, None)
        if isinstance(value, int) and 100 <= value <= 599:
            return value
    return None


def _passes(status: int) -> bool:
    return status in (408, 429) or 500 <= status <= 599
