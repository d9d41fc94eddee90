"""Kinds of errors: what is retried by default, and what counts as transient."""

import io
import socket
import ssl
import urllib.error
from email.message import Message
from http.client import IncompleteRead, RemoteDisconnected
from types import SimpleNamespace
from typing import Any

import botocore.exceptions as aws
import pytest
from botocore.retries import standard

from lambda_durable import errors as core
from lambda_durable_retry.kinds import AWS_CODES, is_retryable, is_transient, is_uninterrupted


def client_error(code: str, status: int = 400) -> aws.ClientError:
    answer: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return aws.ClientError(answer, "PutItem")


def caused(error: Exception, cause: BaseException) -> Exception:
    error.__cause__ = cause
    return error


class HttpError(Exception):
    def __init__(self, **fields: Any) -> None:
        super().__init__("http")
        vars(self).update(fields)


class ConnectTimeout(aws.ConnectTimeoutError):
    pass


NEVER = [
    NameError(),
    UnboundLocalError(),
    TypeError(),
    AttributeError(),
    SyntaxError(),
    IndentationError(),
    ImportError(),
    ModuleNotFoundError(),
    AssertionError(),
    NotImplementedError(),
    RecursionError(),
    core.MisuseError(),
    core.NonDeterminismError(),
    core.InvalidInputError(),
    core.SerializationError("permanent"),
    core.PayloadTooLargeError(),
    core.UnknownNameError(),
    core.PluginError(),
    core.MissingPluginError(),
    core.NotDurableError(),
    core.ServiceError("refused", code="X", status=400, retryable=False),
    caused(core.InvokeError("wrapped"), TypeError()),
    caused(core.InvokeError("wrapped"), KeyboardInterrupt()),
    ExceptionGroup("several", [OSError(), ExceptionGroup("more", [TypeError()])]),
]


@pytest.mark.parametrize("error", NEVER, ids=repr)
def test_what_is_certain_to_fail_again_is_never_retried(error: Exception) -> None:
    assert not is_retryable(error)
    assert not is_transient(error)


@pytest.mark.parametrize(
    "error",
    [
        core.StepInterruptedError(),
        caused(core.ChildContextError("child"), core.StepInterruptedError()),
        ExceptionGroup("several", [OSError(), core.StepInterruptedError()]),
    ],
    ids=repr,
)
def test_what_was_interrupted_is_retried_by_those_who_ask_for_it(error: Exception) -> None:
    assert is_retryable(error)
    assert not is_uninterrupted(error)
    assert not is_transient(error)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(), core.Suspension(), None])
def test_what_is_no_exception_is_never_retried(error: BaseException | None) -> None:
    assert not is_retryable(error)
    assert not is_transient(error)


RETRYABLE_ONLY = [
    Exception(),
    ValueError(),
    KeyError(),
    RuntimeError(),
    core.InvokeError("no cause"),
    FileNotFoundError(),
    PermissionError(),
    io.UnsupportedOperation(),
    ssl.SSLCertVerificationError(),
    HttpError(status_code=404),
    HttpError(status=301),
    HttpError(response=SimpleNamespace(status_code=400)),
    HttpError(status_code="503"),
    HttpError(response=None),
    client_error("ValidationException"),
    client_error("AccessDenied", 403),
    caused(RuntimeError(), ValueError()),
    caused(RuntimeError(), HttpError(status_code=404)),
    ExceptionGroup("several", [OSError(), ValueError()]),
]


@pytest.mark.parametrize("error", RETRYABLE_ONLY, ids=repr)
def test_other_errors_are_retried_by_default_but_not_transient(error: Exception) -> None:
    assert is_retryable(error)
    assert not is_transient(error)


TRANSIENT = [
    OSError(),
    ConnectionError(),
    ConnectionResetError(),
    TimeoutError(),
    BlockingIOError(),
    socket.gaierror(),
    ssl.SSLError(),
    urllib.error.URLError("refused"),
    urllib.error.HTTPError("http://x", 503, "busy", Message(), None),
    RemoteDisconnected(""),
    IncompleteRead(b""),
    aws.EndpointConnectionError(endpoint_url="http://x"),
    aws.ReadTimeoutError(endpoint_url="http://x"),
    aws.ConnectionClosedError(endpoint_url="http://x"),
    ConnectTimeout(endpoint_url="http://x"),
    HttpError(status_code=429),
    HttpError(status_code=408),
    HttpError(status=503),
    HttpError(response=SimpleNamespace(status_code=599)),
    client_error("ProvisionedThroughputExceededException"),
    client_error("SlowDown", 503),
    client_error("Unheard", 500),
    core.SerializationError("store out of reach", retryable=True),
    core.ServiceError("busy", code="X", status=None, retryable=True),
    caused(core.InvokeError("wrapped"), ConnectionError()),
    caused(RuntimeError(), caused(RuntimeError(), TimeoutError())),
    ExceptionGroup("several", [OSError(), TimeoutError()]),
]


@pytest.mark.parametrize("error", TRANSIENT, ids=repr)
def test_connection_time_out_and_throttling_errors_are_transient(error: Exception) -> None:
    assert is_transient(error)
    assert is_retryable(error)


def test_an_http_answer_wins_over_the_class_that_carries_it() -> None:
    assert not is_transient(urllib.error.HTTPError("http://x", 404, "gone", Message(), None))


def test_causes_in_a_circle_come_to_an_end() -> None:
    one, other = RuntimeError("one"), RuntimeError("other")
    one.__cause__, other.__cause__ = other, one
    assert not is_transient(one)


def test_every_code_that_botocore_calls_throttling_is_known() -> None:
    throttling: Any = standard.ThrottledRetryableChecker
    transient: Any = standard.TransientRetryableChecker
    assert len(throttling._THROTTLED_ERROR_CODES) > 10
    assert {*throttling._THROTTLED_ERROR_CODES, *transient._TRANSIENT_ERROR_CODES} <= AWS_CODES
