"""The other side: callbacks completed over HTTP, against the service's own state machine."""

import asyncio
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from callback_programs import Threads, World
from callback_server import CallbackServer, running_server

from lambda_durable import (
    InvalidInputError,
    PayloadTooLargeError,
    SerializationError,
    ServiceError,
    UnknownNameError,
)
from lambda_durable_callbacks import (
    CallbackClient,
    CallbackClosedError,
    CallbackError,
    CallbackNotFoundError,
)

MEBIBYTE = 1_048_576
UNKNOWN = "WyJhcm4iLCAiaWQiXQ=="


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in os.environ:
        if name.startswith("AWS_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "no-config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "no-credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")


@pytest.fixture
def server(world: World) -> Iterator[CallbackServer]:
    with running_server(world.simulation) as server:
        yield server


@pytest.fixture
def client(server: CallbackServer) -> CallbackClient:
    return CallbackClient(endpoint_url=server.url, region="eu-west-1", attempts=1)


def opened(world: World, **options: Any) -> str:
    """Start an execution that waits for a callback, and return the callback's id."""

    async def main(event: Any, ctx: Any) -> Any:
        try:
            return await (await ctx.create_callback("approval", **options)).result()
        except CallbackError as error:
            kept = [error.error_type, error.error_message, error.error_data]
            return [type(error).__name__, *kept, error.stack_trace]

    world.start(Threads().handler(main))
    return world.simulation.callback_id(world.arn)


def sent(server: CallbackServer) -> Any:
    """Return the only request's payload."""
    ((_, body),) = server.requests
    return body


@pytest.mark.parametrize(
    ("value", "options", "payload", "result"),
    [
        ({"by": "ann"}, {}, b'{"by":"ann"}', {"by": "ann"}),
        ("yes", {}, b'"yes"', "yes"),
        ("\u00fc", {}, '"\u00fc"'.encode(), "\u00fc"),
        (None, {}, b"", None),
        (None, {"serializer": "json"}, b"null", None),
        ("as it is", {"serializer": "text"}, b"as it is", "as it is"),
    ],
)
def test_a_result_reaches_the_handler(
    world: World,
    server: CallbackServer,
    client: CallbackClient,
    value: Any,
    options: Any,
    payload: bytes,
    result: Any,
) -> None:
    client.succeed(opened(world), value, **options)
    assert sent(server) == payload
    done = world.finish()
    assert (done.status, done.value) == ("SUCCEEDED", result)


def test_a_failure_with_all_that_there_is_to_say(world: World, client: CallbackClient) -> None:
    client.fail(opened(world), "no", type="Rejected", data="100", stack=["a.py:1", "b.py:2"])
    expected = ["CallbackFailedError", "Rejected", "no", "100", ["a.py:1", "b.py:2"]]
    assert world.finish().value == expected


def test_a_failure_made_of_an_exception(world: World, client: CallbackClient) -> None:
    id = opened(world)
    try:
        raise ConnectionError("refused")
    except ConnectionError as error:
        client.fail(id, error, data="attempt 3")
    name, type, message, data, stack = world.finish().value
    assert [name, type, message, data] == [
        "CallbackFailedError",
        "ConnectionError",
        "refused",
        "attempt 3",
    ]
    assert "test_a_failure_made_of_an_exception" in stack[-1]


def test_a_failure_without_a_reason(world: World, client: CallbackClient) -> None:
    client.fail(opened(world))
    assert world.finish().value == ["CallbackFailedError", None, None, None, []]


def test_a_heartbeat(world: World, server: CallbackServer, client: CallbackClient) -> None:
    id = opened(world, heartbeat_timeout=60)
    world.simulation.advance(50)
    client.heartbeat(id)
    world.simulation.advance(50)
    client.succeed(id, 1)
    assert world.finish().value == 1
    assert server.requests[0][1] == b""


def test_from_a_coroutine(world: World, client: CallbackClient) -> None:
    id = opened(world)

    async def elsewhere() -> None:
        await asyncio.to_thread(client.succeed, id, [1])

    asyncio.run(elsewhere())
    assert world.finish().value == [1]


def test_found_as_boto3_does(
    world: World, server: CallbackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", server.url)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    CallbackClient().succeed(opened(world), 5)
    assert world.finish().value == 5


def call(client: CallbackClient, action: str, id: Any) -> Any:
    """Make one of the three calls."""
    arguments = {"succeed": [1], "fail": ["no"], "heartbeat": []}[action]
    return getattr(client, action)(id, *arguments)


ACTIONS = pytest.mark.parametrize("action", ["succeed", "fail", "heartbeat"])


@ACTIONS
@pytest.mark.parametrize("how", ["completed", "ended with its execution"])
def test_a_closed_callback(world: World, client: CallbackClient, action: str, how: str) -> None:
    id = opened(world, timeout=60)
    if how == "completed":
        world.answer("approval", "1")
    else:
        world.simulation.advance(60)
    with pytest.raises(CallbackClosedError) as caught:
        call(client, action, id)
    error = caught.value
    assert (error.code, error.status, error.retryable) == ("CallbackTimeoutException", 400, False)
    name = {"succeed": "Success", "fail": "Failure", "heartbeat": "Heartbeat"}[action]
    assert str(error).startswith(f"SendDurableExecutionCallback{name} failed on callback {id}: ")
    assert str(error).endswith(
        "(HTTP 400, request id req-1); the callback was completed before or has timed out, or its "
        "execution has ended, so nothing was changed"
    )


@ACTIONS
def test_an_unknown_callback(client: CallbackClient, action: str) -> None:
    id = opened(World())  # of another service
    with pytest.raises(CallbackNotFoundError) as caught:
        call(client, action, id)
    assert (caught.value.code, caught.value.status) == ("ResourceNotFoundException", 404)
    assert not caught.value.retryable
    assert "; check the id, and that endpoint and region" in str(caught.value)


@pytest.mark.parametrize(
    ("refusal", "retryable", "advice"),
    [
        ((429, "TooManyRequestsException", "Rate exceeded"), True, "try again later"),
        ((500, "ServiceException", "An error occurred"), True, "try again later"),
        ((403, "AccessDeniedException", "Not allowed"), False, "trying again does not help"),
        ((502, "KMSDisabledException", "Disabled"), False, "trying again does not help"),
        ((400, "InvalidParameterValueException", "Bad"), False, "trying again does not help"),
    ],
)
def test_other_refusals(
    server: CallbackServer, client: CallbackClient, refusal: Any, retryable: bool, advice: str
) -> None:
    server.refusals.append(refusal)
    with pytest.raises(ServiceError) as caught:
        client.heartbeat(UNKNOWN)
    error = caught.value
    assert type(error) is ServiceError
    assert (error.status, error.code, error.retryable) == (*refusal[:2], retryable)
    assert str(error).endswith(f"(HTTP {refusal[0]}, request id req-1); {advice}")
    assert type(error.__cause__).__module__.startswith("botocore")


def test_throttling_is_tried_again(world: World, server: CallbackServer) -> None:
    id = opened(world)
    server.refusals.append((429, "TooManyRequestsException", "Rate exceeded"))
    CallbackClient(endpoint_url=server.url, region="eu-west-1").succeed(id, 1)
    assert world.finish().value == 1
    assert len(server.requests) == 2


def test_a_lost_answer(world: World, server: CallbackServer) -> None:
    id = opened(world)
    server.lost_answers = 1
    with pytest.raises(CallbackClosedError) as caught:
        CallbackClient(endpoint_url=server.url, region="eu-west-1", attempts=2).succeed(id, 1)
    assert str(caught.value).endswith(
        "so nothing was changed by this call; an earlier attempt, whose answer was lost, may have "
        "done it"
    )
    assert world.finish().value == 1


def test_no_region() -> None:
    with pytest.raises(ServiceError) as caught:
        CallbackClient().heartbeat(UNKNOWN)
    assert (caught.value.code, caught.value.status) == ("NoRegionError", None)
    assert not caught.value.retryable


@ACTIONS
@pytest.mark.parametrize(
    ("id", "message"),
    [
        (5, "callback_id must be a string, not 5; pass callback.callback_id"),
        ("", "callback_id '' is none of the service's"),
        ("a b", "they have 1 to 1024 letters, digits, + and /"),
        ("abc%3D%3D", "was it changed, or left percent-encoded"),
        ("a" * 1025, "1 to 1024"),
    ],
)
def test_bad_ids(
    server: CallbackServer, client: CallbackClient, action: str, id: Any, message: str
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        call(client, action, id)
    assert message in str(caught.value)
    assert server.requests == []


def test_the_largest_result(world: World, server: CallbackServer, client: CallbackClient) -> None:
    id = opened(world)
    for value in ("x" * (MEBIBYTE - 1), "\u00fc" * (MEBIBYTE // 2)):  # and its quotes
        with pytest.raises(PayloadTooLargeError) as caught:
            client.succeed(id, value)
        assert f"the service takes at most {MEBIBYTE} (1 MiB), so nothing was sent" in str(
            caught.value
        )
    assert server.requests == []
    client.succeed(id, "x" * (MEBIBYTE - 2))
    assert world.finish().value == "x" * (MEBIBYTE - 2)


def test_the_largest_failure(world: World, server: CallbackServer, client: CallbackClient) -> None:
    with pytest.raises(PayloadTooLargeError, match="the error for callback"):
        client.fail(UNKNOWN, "x" * (MEBIBYTE // 2), data="\u00fc" * (MEBIBYTE // 4), stack=["x"])
    assert server.requests == []
    client.fail(opened(world), "x" * 1000, data="y" * 30_000)
    assert world.finish().value[3] == "y" * 30_000


@dataclass
class Approval:
    """A value that JSON does not know."""

    by: str


class Typed:
    """A serializer that wants to know the type it writes."""

    def __init__(self, type: Any = None) -> None:
        self.type = type

    def for_type(self, type: Any) -> "Typed":
        return Typed(type)

    def dumps(self, value: Any, where: Any, /) -> str:
        return json.dumps([self.type.__name__, value.by, where.operation_id])

    def loads(self, text: str, type: Any, where: Any, /) -> Any:
        return json.loads(text)


def test_a_serializer_that_writes_by_type(world: World, client: CallbackClient) -> None:
    id = opened(world)
    client.succeed(id, Approval("ann"), serializer=Typed())
    assert world.finish().value == ["Approval", "ann", id]


@pytest.mark.parametrize(
    ("value", "options", "error", "message"),
    [
        (Approval("ann"), {}, SerializationError, "Approval"),
        (5, {"serializer": "text"}, SerializationError, "'text' writes strings only"),
        (5, {"serializer": "jsn"}, UnknownNameError, "did you mean 'json'"),
        (5, {"serializer": 5}, InvalidInputError, "must be a name or an object with dumps"),
        ("\ud800", {"serializer": "text"}, InvalidInputError, "take lone surrogates out"),
    ],
)
def test_what_cannot_be_written(
    server: CallbackServer,
    client: CallbackClient,
    value: Any,
    options: Any,
    error: Any,
    message: str,
) -> None:
    with pytest.raises(error) as caught:
        client.succeed(UNKNOWN, value, **options)
    assert message in str(caught.value)
    assert server.requests == []


@pytest.mark.parametrize(
    "failure", [{"error": 5}, {"type": ValueError}, {"data": {"a": 1}}, {"stack": [1]}]
)
def test_failures_are_made_of_text(
    server: CallbackServer, client: CallbackClient, failure: Any
) -> None:
    with pytest.raises(InvalidInputError, match="a failure is sent as text, not as"):
        client.fail(UNKNOWN, **failure)
    assert server.requests == []
