"""Failures of a client: each a `ServiceError` that says what, where, why and what next.

As `test_service`, for every client of the service.
"""

import socket
import time

import pytest

from lambda_durable import errors
from lambda_durable.abc import Service
from lambda_durable.protocol import OperationUpdate

from .lambda_server import Answer, LambdaServer, MakeService

ARN = "arn:aws:lambda:eu-west-1:123456789012:function:orders:7/durable-execution/order-1/inv-1"
TOKEN = "dG9rZW4="
START: OperationUpdate = {"Id": "1", "Type": "STEP", "Action": "START"}
RETRIED = "; the invocation fails and the service invokes again"
ENDED = "; the execution fails"


def failure(service: Service, *updates: OperationUpdate) -> errors.ServiceError:
    with pytest.raises(errors.ServiceError) as caught:
        service.checkpoint(ARN, TOKEN, updates)
    assert caught.value.__cause__ is not None
    assert caught.value.__cause__ is not caught.value
    assert "\n" not in str(caught.value)
    return caught.value


def test_message_of_a_refused_checkpoint(server: LambdaServer, make_service: MakeService) -> None:
    server.will_refuse(400, "InvalidParameterValueException", "Invalid parent operation id.")
    error = failure(make_service(), START, {**START, "Id": "2"})
    assert str(error) == (
        f"CheckpointDurableExecution with 2 updates failed on execution {ARN}: "
        "InvalidParameterValueException: Invalid parent operation id "
        "(HTTP 400, request id req-1); the execution fails"
    )
    assert len(server.requests) == 1


def test_message_of_a_refused_state_request(
    server: LambdaServer, make_service: MakeService
) -> None:
    server.will_refuse(404, "ResourceNotFoundException", "Gone")
    with pytest.raises(errors.ServiceError) as caught:
        make_service().get_state(ARN, TOKEN, "m")
    assert str(caught.value).startswith(f"GetDurableExecutionState failed on execution {ARN}: ")
    assert caught.value.code == "ResourceNotFoundException"


@pytest.mark.parametrize(
    ("status", "code", "message", "retryable"),
    [
        (429, "TooManyRequestsException", "Rate exceeded", True),
        (500, "ServiceException", "An error occurred", True),
        (503, "ServiceUnavailable", "", True),
        (502, "KMSAccessDeniedException", "No access to the key", False),
        (502, "KMSDisabledException", "The key is disabled", False),
        (502, "KMSInvalidStateException", "The key is not usable", False),
        (502, "KMSNotFoundException", "No such key", False),
        (400, "InvalidParameterValueException", "Invalid checkpoint token", True),
        (400, "InvalidParameterValueException", "Invalid Checkpoint Token.", True),
        (400, "InvalidParameterValueException", "Inconsistent operation name.", False),
        (400, "InvalidParameterValueException", "", False),
        (403, "AccessDeniedException", "Not authorized", False),
        (409, "ResourceConflictException", "Busy", False),
    ],
)
def test_each_class_of_answer(
    server: LambdaServer,
    make_service: MakeService,
    status: int,
    code: str,
    message: str,
    retryable: bool,
) -> None:
    server.will_refuse(status, code, message)
    error = failure(make_service(attempts=1), START)
    assert (error.code, error.status, error.retryable) == (code, status, retryable)
    assert "with 1 update failed" in str(error)
    assert str(error).endswith(RETRIED if retryable else ENDED)


def test_error_name_may_carry_a_namespace(server: LambdaServer, make_service: MakeService) -> None:
    server.will_refuse(502, "KMSDisabledException:http://internal.example/", "Disabled")
    assert failure(make_service(attempts=1)).code == "KMSDisabledException"


@pytest.mark.parametrize(
    ("answer", "code", "retryable"),
    [
        (Answer(404, b'{"message": "Not Found"}'), "404", False),
        (Answer(400, b"<html>Bad Request</html>", request_id=None), "400", False),
        (Answer(502, b"<html>Bad Gateway</html>", request_id=None), "502", True),
        (Answer(503, b"", request_id=None), "503", True),
        (Answer(418, b'{"message": 5}', "Teapot"), "Teapot", False),
        (Answer(418, b"", "Teapot"), "Teapot", False),
    ],
)
def test_odd_refusals_are_still_service_errors(
    server: LambdaServer, make_service: MakeService, answer: Answer, code: str, retryable: bool
) -> None:
    server.will_send(answer)
    error = failure(make_service(attempts=1))
    assert (error.code, error.status, error.retryable) == (code, answer.status, retryable)
    assert ("request id" in str(error)) == bool(answer.request_id)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, b"[1, 2]"),
        Answer(200, b'{"NewExecutionState": {"Operations": [7]}}'),
        Answer(502, b'"text"'),
    ],
)
def test_what_cannot_be_read_is_asked_again_later(
    server: LambdaServer, make_service: MakeService, answer: Answer
) -> None:
    server.will_send(answer)
    error = failure(make_service(attempts=1))
    assert error.retryable


def test_throttling_and_faults_are_tried_four_times(
    server: LambdaServer, make_service: MakeService
) -> None:
    server.will_refuse(500, "ServiceException", "An error occurred", times=4)
    error = failure(make_service(), START)
    assert "(HTTP 500, request id req-1, 4 attempts)" in str(error)
    assert len(server.requests) == 4
    assert len({request.body["ClientToken"] for request in server.requests}) == 1


def test_a_passing_fault_is_not_seen(server: LambdaServer, make_service: MakeService) -> None:
    server.will_refuse(503, "ServiceUnavailable", "")
    server.will_send(Answer(200, b"", cut=True))
    make_service().checkpoint(ARN, TOKEN, [START])
    first, *others = (request.body["ClientToken"] for request in server.requests)
    assert others == [first, first]


def test_number_of_attempts_can_be_set(server: LambdaServer, make_service: MakeService) -> None:
    server.will_refuse(502, None, "", times=9)
    failure(make_service(attempts=2))
    assert len(server.requests) == 2


def test_time_out(server: LambdaServer, make_service: MakeService) -> None:
    server.will_send(Answer(200, b"", silent=True))
    begun = time.monotonic()
    error = failure(make_service(read_timeout=0.2, attempts=1), START)
    assert time.monotonic() - begun < 10
    assert (error.code, error.status, error.retryable) == ("ReadTimeoutError", None, True)
    assert "no answer" in str(error)


def test_broken_connection(server: LambdaServer, make_service: MakeService) -> None:
    server.will_send(Answer(200, b"", cut=True))
    error = failure(make_service(attempts=1), START)
    assert (error.code, error.status, error.retryable) == ("ConnectionClosedError", None, True)


def test_connection_refused(make_service: MakeService) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    error = failure(make_service(endpoint_url=f"http://127.0.0.1:{port}", attempts=2), START)
    assert (error.code, error.status, error.retryable) == ("EndpointConnectionError", None, True)
    assert f"127.0.0.1:{port}" in str(error)
    assert "check AWS_ENDPOINT_URL_LAMBDA" in str(error)


def test_unknown_host(make_service: MakeService) -> None:
    error = failure(make_service(endpoint_url="http://lambda.invalid", attempts=1))
    assert (error.code, error.retryable) == ("EndpointConnectionError", True)


def test_rejected_before_it_is_sent(server: LambdaServer, make_service: MakeService) -> None:
    update = {**START, "Payload": {"secret": "x" * 5000}}
    error = failure(make_service(), update)  # type: ignore[arg-type]  # the point of the test
    assert (error.code, error.status, error.retryable) == ("ParamValidationError", None, False)
    assert "Updates[0].Payload" in str(error)
    assert len(str(error)) < 1500
    assert server.requests == []
