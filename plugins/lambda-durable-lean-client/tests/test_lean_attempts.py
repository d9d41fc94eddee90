"""Attempts: what is tried again, and after which pauses."""

import random
from http.client import HTTPMessage

import pytest
from botocore.retries.standard import ThrottledRetryableChecker, TransientRetryableChecker

from lambda_durable_lean_client import attempts
from lambda_durable_lean_client.answers import parsed
from lambda_durable_lean_client.connection import Answer
from lambda_durable_lean_client.errors import ConnectionClosedError, Refusal, ResponseParserError


def answer(status: int, code: str = "", **headers: str) -> Answer:
    message = HTTPMessage()
    if code:
        message["x-amzn-ErrorType"] = code
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    return Answer(status, message, b"{}")


def pauses(*events: Answer | Exception, most: int = 4) -> list[float]:
    """Return the pauses between the attempts that these answers are got in."""
    slept: list[float] = []
    coming = iter(events)

    def exchange() -> Answer:
        event = next(coming)
        if isinstance(event, Exception):
            raise event
        return event

    attempts.tried(exchange, parsed, most, sleep=slept.append)
    return slept


@pytest.fixture(autouse=True)
def whole_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(random, "random", lambda: 1.0)


def test_pauses_grow() -> None:
    broken = ConnectionClosedError("broken")
    assert pauses(broken, answer(500), answer(503), answer(200)) == [0.05, 0.1, 0.2]
    many = pauses(*[answer(504)] * 11, answer(200), most=12)
    assert many[-3:] == [12.8, 20.0, 20.0]


def test_throttling_is_given_time() -> None:
    throttled = answer(400, "ThrottlingException"), answer(429), answer(429, "Other")
    assert pauses(*throttled, answer(200)) == [1.0, 2.0, 4.0]


def test_a_part_of_the_pause_is_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(random, "random", lambda: 0.25)
    assert pauses(answer(500), answer(500), answer(200)) == [0.0125, 0.025]


@pytest.mark.parametrize(
    ("asked_for", "pause"),
    [("20", 0.05), ("3000", 3.0), ("60000", 5.05), ("soon", 0.05), ("-5", 0.05), ("", 0.05)],
)
def test_the_service_may_ask_for_a_pause(asked_for: str, pause: float) -> None:
    assert pauses(answer(503, x_amz_retry_after=asked_for), answer(200)) == [pause]


@pytest.mark.parametrize("status", [400, 403, 404, 409, 501, 302])
def test_what_will_not_pass_is_not_tried_again(status: int) -> None:
    with pytest.raises(Refusal):
        pauses(answer(status, "SomeException"))


def test_an_answer_that_cannot_be_read_is_not_asked_for_again() -> None:
    with pytest.raises(ResponseParserError):
        pauses(Answer(200, HTTPMessage(), b"<html>"))


def test_the_names_are_botocores() -> None:
    assert set(ThrottledRetryableChecker._THROTTLED_ERROR_CODES) == attempts._THROTTLING
    assert set(TransientRetryableChecker._TRANSIENT_ERROR_CODES) == attempts._TRANSIENT
    assert set(TransientRetryableChecker._TRANSIENT_STATUS_CODES) == attempts._FAULTS


@pytest.mark.parametrize("body", [b"[]", b"1", b'{"NewExecutionState": 5}', b'{"Operations": 5}'])
def test_what_is_no_answer(body: bytes) -> None:
    with pytest.raises(ResponseParserError, match="Unable to parse response"):
        parsed(Answer(200, HTTPMessage(), body))


def test_times_that_are_text_stay_as_they_are() -> None:
    body = b'{"Operations": [{"Id": "1", "StartTimestamp": "2025-12-01T00:00:00Z"}]}'
    (operation,) = parsed(Answer(200, HTTPMessage(), body))["Operations"]
    assert operation["StartTimestamp"] == "2025-12-01T00:00:00Z"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"code": "A"}', "A"),
        (b'{"Code": "ns#B:more"}', "B"),
        (b'{"__type": "com.amazonaws#C"}', "C"),
        (b'{"code": 7}', "7"),
        (b"\xff", "400"),
    ],
)
def test_where_a_refusals_name_is(body: bytes, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        parsed(Answer(400, HTTPMessage(), body))
    assert caught.value.failure.code == code
