"""The errors the service answers with: its own name for each, its HTTP status, and a message.

A fault is raised before anything has changed, so a refused request leaves no trace.
"""

from typing import ClassVar

from lambda_durable.errors import DurableError


class ServiceFault(DurableError):
    """The service refuses a request; `code` and `status` are what travels on the wire."""

    code: ClassVar[str] = "ServiceException"
    status: ClassVar[int] = 500

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class InvalidParameterValueError(ServiceFault):
    """A parameter breaks a rule, or a checkpoint token is no longer valid."""

    code = "InvalidParameterValueException"
    status = 400


class ResourceNotFoundError(ServiceFault):
    """The function, execution or callback does not exist."""

    code = "ResourceNotFoundException"
    status = 404


class CallbackTimeoutError(ServiceFault):
    """The callback has expired or is already closed."""

    code = "CallbackTimeoutException"
    status = 400


class ResourceConflictError(ServiceFault):
    """The execution's status does not allow what was asked for."""

    code = "ResourceConflictException"
    status = 409


class ExecutionAlreadyStartedError(ServiceFault):
    """An execution of that name exists and was started with another payload."""

    code = "DurableExecutionAlreadyStartedException"
    status = 409


class TooManyRequestsError(ServiceFault):
    """The request is throttled; trying again later can help."""

    code = "TooManyRequestsException"
    status = 429
