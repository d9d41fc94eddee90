"""Errors of a request itself, beside those of the service behind it."""

from typing import ClassVar

from lambda_durable_kernel import ServiceFault


class UnknownOperationError(ServiceFault):
    """There is no operation at this method and path."""

    code: ClassVar[str] = "UnknownOperationException"
    status: ClassVar[int] = 404


class AccessRefusedError(ServiceFault):
    """The request comes from somewhere that may not ask, or without the right token."""

    code: ClassVar[str] = "UnrecognizedClientException"
    status: ClassVar[int] = 403


class RequestTimeoutError(ServiceFault):
    """The request's body did not arrive in time."""

    code: ClassVar[str] = "RequestTimeoutException"
    status: ClassVar[int] = 408


class RequestTooLargeError(ServiceFault):
    """The request's body is larger than the operation takes."""

    code: ClassVar[str] = "RequestTooLargeException"
    status: ClassVar[int] = 413


class InvalidRequestContentError(ServiceFault):
    """The request's body is not JSON."""

    code: ClassVar[str] = "InvalidRequestContentException"
    status: ClassVar[int] = 400
