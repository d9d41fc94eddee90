"""Credentials: from the environment, or from a container's address and renewed in time."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from lambda_durable.errors import ServiceError
from lambda_durable_lean_client import LeanService, container
from lambda_durable_lean_client.credentials import Fetched, RefreshedCredentials, credentials_of
from lambda_durable_lean_client.environment import FULL_URI, RELATIVE_URI
from lambda_durable_lean_client.errors import CredentialRetrievalError
from lambda_durable_lean_client.signing import Credentials

ARN = "arn:aws:lambda:eu-west-1:123456789012:function:orders:7/durable-execution/order-1/inv-1"
HANDED_OUT = {
    "AccessKeyId": "ASIACONTAINER",
    "SecretAccessKey": "secret",
    "Token": "session",
    "Expiration": "2999-01-01T00:00:00Z",
}


class Container:
    """A container's address: keeps the tokens that it was shown, and answers what it was told."""

    def __init__(self) -> None:
        self.shown: list[tuple[str, str | None]] = []
        self.answers: list[tuple[int, Any]] = []
        self.port = 0

    def url(self, path: str = "/v1/credentials?a=b") -> str:
        return f"http://127.0.0.1:{self.port}{path}"


@pytest.fixture
def handing_out() -> Iterator[Container]:
    state = Container()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            pass

        def do_GET(self) -> None:
            state.shown.append((self.path, self.headers.get("Authorization")))
            status, body = state.answers.pop(0) if state.answers else (200, HANDED_OUT)
            text = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.port = server.server_port
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container, "_PAUSE", 0.0)


@pytest.fixture
def in_container(handing_out: Container, monkeypatch: pytest.MonkeyPatch) -> Container:
    """A function with SnapStart: no keys, an address and a token."""
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv(FULL_URI, handing_out.url())
    monkeypatch.setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "the token")
    return handing_out


@pytest.mark.parametrize(
    ("variables", "token"),
    [
        ({}, None),
        ({"AWS_SESSION_TOKEN": "new"}, "new"),
        ({"AWS_SESSION_TOKEN": "new", "AWS_SECURITY_TOKEN": "old"}, "new"),
        ({"AWS_SECURITY_TOKEN": "old"}, "old"),
        ({"AWS_SESSION_TOKEN": ""}, None),
    ],
)
def test_keys_of_the_environment(variables: dict[str, str], token: str | None) -> None:
    environ = {"AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "S", **variables}
    assert credentials_of(environ)() == Credentials("A", "S", token)


def test_the_session_token_is_sent_and_signed(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SESSION_TOKEN", "session/+=")
    LeanService().checkpoint(ARN, "dG9rZW4=", [])
    headers = server.requests[0].headers
    assert headers["x-amz-security-token"] == "session/+="
    assert "x-amz-security-token" in headers["authorization"]


def test_credentials_of_a_container(server: Any, in_container: Container) -> None:
    service = LeanService()
    service.checkpoint(ARN, "dG9rZW4=", [])
    service.checkpoint(ARN, "dG9rZW4=", [])
    assert "Credential=ASIACONTAINER/" in server.requests[0].headers["authorization"]
    assert server.requests[0].headers["x-amz-security-token"] == "session"
    assert in_container.shown == [("/v1/credentials?a=b", "the token")]


def test_the_tokens_file_is_read_each_time(in_container: Container, tmp_path: Path) -> None:
    file = tmp_path / "token"
    environ = {
        FULL_URI: in_container.url("/"),
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": str(file),
        "AWS_CONTAINER_AUTHORIZATION_TOKEN": "not this one",
    }
    for token in ("first", "second"):
        file.write_text(token)
        container.fetch(environ)
    assert in_container.shown == [("/", "first"), ("/", "second")]


def test_a_passing_fault_is_not_seen(handing_out: Container, no_pause: None) -> None:
    handing_out.answers += [(500, {}), (503, b"")]
    container.fetch({FULL_URI: handing_out.url()})
    assert [token for _, token in handing_out.shown] == [None] * 3


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ((403, b"no"), "answered HTTP 403"),
        ((200, b"<html>"), "are no credentials"),
        ((200, []), "are no credentials"),
        ((200, {"AccessKeyId": "A"}), "are no credentials"),
        ((200, {**HANDED_OUT, "Token": 5}), "are no credentials"),
        ((200, {**HANDED_OUT, "Expiration": "soon"}), "are no credentials"),
        ((200, {**HANDED_OUT, "Expiration": "2001-01-01T00:00:00Z"}), "have ended"),
        ((200, {**HANDED_OUT, "Token": "a\r\nb: c"}), "no header can have"),
    ],
)
def test_no_good_credentials(
    server: Any, in_container: Container, no_pause: None, answer: tuple[int, Any], message: str
) -> None:
    in_container.answers += [answer] * 3
    with pytest.raises(ServiceError, match=message) as caught:
        LeanService().checkpoint(ARN, "dG9rZW4=", [])
    assert (caught.value.code, caught.value.retryable) == ("CredentialRetrievalError", True)
    assert server.requests == []


@pytest.mark.parametrize(
    ("environ", "message"),
    [
        ({FULL_URI: "http://example.com/"}, "credentials are not fetched from example.com"),
        ({FULL_URI: "http://169.254.169.254/"}, "credentials are not fetched from 169.254"),
        ({FULL_URI: "nowhere"}, "is no endpoint"),
        ({FULL_URI: "http://127.0.0.1:9/a b"}, "is no endpoint"),
        (
            {FULL_URI: "http://localhost/", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "a\r\nb: c"},
            "no header can have",
        ),
        (
            {FULL_URI: "http://localhost/", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/none"},
            "file cannot be read",
        ),
    ],
)
def test_what_is_not_asked_for_credentials(
    no_pause: None, environ: dict[str, str], message: str
) -> None:
    with pytest.raises(CredentialRetrievalError, match=message):
        container.fetch(environ)


def test_a_relative_address_is_the_platforms(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def fetched(endpoint: Any, url: str, authorization: str | None) -> str:
        asked.append(url)
        return ""

    monkeypatch.setattr(container, "_fetched", fetched)
    container.fetch({RELATIVE_URI: "/v2/role", FULL_URI: "http://localhost/"})
    assert asked == ["http://169.254.170.2/v2/role"]


class Clock:
    """A time that a test sets."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


class Source:
    """Hands out credentials, each lasting for a while; or cannot."""

    def __init__(self, clock: Clock, lasting: float | None) -> None:
        self.clock, self.lasting = clock, lasting
        self.count = 0
        self.broken = False

    def __call__(self) -> Fetched:
        self.count += 1
        if self.broken:
            raise CredentialRetrievalError("broken")
        ends = None if self.lasting is None else self.clock.now + self.lasting
        return Fetched(Credentials(f"key-{self.count}", "s"), ends)


def test_credentials_are_replaced_before_they_end() -> None:
    clock = Clock()
    source = Source(clock, lasting=3600)
    current = RefreshedCredentials(source, clock)
    assert current().access_key == "key-1"
    clock.now += 3600 - 901
    assert current().access_key == "key-1"
    clock.now += 1
    assert current().access_key == "key-2"


def test_while_they_are_good_a_vain_attempt_is_no_error() -> None:
    clock = Clock()
    source = Source(clock, lasting=3600)
    current = RefreshedCredentials(source, clock)
    current()
    source.broken = True
    clock.now += 2800
    assert [current().access_key for _ in range(3)] == ["key-1"] * 3
    assert source.count == 2  # the address is not asked again with every request
    clock.now += 60
    assert current().access_key == "key-1"
    assert source.count == 3
    clock.now += 740
    with pytest.raises(CredentialRetrievalError):
        current()
    source.broken = False
    assert current().access_key == "key-5"


@pytest.mark.parametrize("lasting", [30.0, 120.0])
def test_credentials_that_never_last_long(lasting: float) -> None:
    clock = Clock()
    source = Source(clock, lasting)
    current = RefreshedCredentials(source, clock)
    current()
    clock.now += min(60, lasting) - 1
    current()
    assert source.count == 1
    clock.now += 1
    current()
    assert source.count == 2


def test_credentials_without_an_end() -> None:
    clock = Clock()
    source = Source(clock, lasting=None)
    current = RefreshedCredentials(source, clock)
    current()
    clock.now += 1e9
    assert current().access_key == "key-1"


def test_an_end_without_a_zone_is_utc(
    in_container: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = datetime.now(UTC).replace(tzinfo=None, microsecond=0).isoformat()
    in_container.answers = [(200, {**HANDED_OUT, "Expiration": ends})]
    monkeypatch.setenv("TZ", "America/Los_Angeles")
    with pytest.raises(CredentialRetrievalError, match="have ended"):
        credentials_of({FULL_URI: in_container.url()})()
