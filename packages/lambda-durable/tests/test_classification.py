"""The rule that decides between another invocation and a failed execution."""

import pytest

from lambda_durable.protocol.classification import classify


@pytest.mark.parametrize(
    ("code", "status", "message"),
    [
        ("TooManyRequestsException", 429, "Rate exceeded"),
        ("ServiceException", 500, "An error occurred"),
        ("502", 502, ""),
        ("503", 503, ""),
        ("GatewayTimeout", 504, ""),
        ("ReadTimeoutError", None, "timed out"),
        ("EndpointConnectionError", None, "refused"),
        ("InvalidParameterValueException", 400, "Invalid checkpoint token"),
        ("InvalidParameterValueException", 400, "Invalid Checkpoint Token: it was used before"),
        ("InvalidParameterValueException", 400, "INVALID CHECKPOINT TOKEN."),
        ("PermanentRedirect", 301, "not the service"),
        ("", None, ""),
    ],
)
def test_another_invocation_can_help(code: str, status: int | None, message: str) -> None:
    assert classify(code, status, message)


@pytest.mark.parametrize(
    ("code", "status", "message"),
    [
        ("KMSAccessDeniedException", 502, "no access to the key"),
        ("KMSDisabledException", 502, ""),
        ("KMSInvalidStateException", 502, ""),
        ("KMSNotFoundException", 502, ""),
        ("KMSSomethingNewException", None, ""),
        ("InvalidParameterValueException", 400, "Invalid parent operation id."),
        ("InvalidParameterValueException", 400, "This is an invalid checkpoint token"),
        ("ValidationException", 400, "Invalid checkpoint token"),
        ("AccessDeniedException", 403, "not authorized"),
        ("ResourceNotFoundException", 404, "no such execution"),
        ("404", 404, "Not Found"),
        ("ResourceConflictException", 409, ""),
        ("RequestEntityTooLarge", 413, ""),
        ("", 400, ""),
    ],
)
def test_another_invocation_cannot_help(code: str, status: int | None, message: str) -> None:
    assert not classify(code, status, message)
