"""Connections: kept, replaced when the other side hangs up, one per thread, verified with TLS."""

import socket
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from clients.lambda_server import LambdaServer

from lambda_durable.errors import ServiceError
from lambda_durable_lean_client import LeanService, connection
from lambda_durable_lean_client.client import _made
from lambda_durable_lean_client.connection import Connection
from lambda_durable_lean_client.endpoints import parsed
from lambda_durable_lean_client.errors import ConnectionClosedError

ARN = "arn:aws:lambda:eu-west-1:123456789012:function:orders:7/durable-execution/order-1/inv-1"
TOKEN = "dG9rZW4="
HERE = Path(__file__).parent
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
LAST = OK.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")


def request_of(peer: socket.socket) -> bytes:
    """Read a request, and return it all; nothing if the other side hung up."""
    got = b""
    while b"\r\n\r\n" not in got:
        part = peer.recv(65536)
        if not part:
            return b""
        got += part
    head, _, body = got.partition(b"\r\n\r\n")
    (length,) = (
        int(line.split(b":")[1]) for line in head.split(b"\r\n") if b"content-length" in line
    )
    while len(body) < length:
        body += peer.recv(65536)
    return head + b"\r\n\r\n" + body


@contextmanager
def listening(serve: Callable[[socket.socket], None]) -> Iterator[str]:
    """Serve connections one after the other, as `serve` does with the listening socket."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(30)
        failed: list[Exception] = []

        def run() -> None:
            try:
                serve(listener)
            except (OSError, AssertionError, ValueError) as error:
                failed.append(error)

        thread = Thread(target=run, daemon=True)
        thread.start()
        yield f"//localhost:{listener.getsockname()[1]}"
        thread.join(30)
        assert not failed, failed


def exchange(kept: Connection) -> bytes:
    return kept.exchange("POST", "/", {"host": "h"}, b"body").body


def test_one_connection_for_all_services_of_a_process(server: LambdaServer) -> None:
    for _ in range(3):
        LeanService().checkpoint(ARN, TOKEN, [])
        LeanService.from_environment().get_state(ARN, TOKEN, "")
    assert len(server.requests) == 6
    assert len({request.client for request in server.requests}) == 1


def test_refusals_keep_the_connection(server: LambdaServer) -> None:
    server.will_refuse(400, "InvalidParameterValueException", "No")
    with pytest.raises(ServiceError):
        LeanService().checkpoint(ARN, TOKEN, [])
    LeanService().checkpoint(ARN, TOKEN, [])
    assert len({request.client for request in server.requests}) == 1


@pytest.mark.parametrize(
    "name", ["AWS_ENDPOINT_URL_LAMBDA", "AWS_DEFAULT_REGION", "AWS_SECRET_ACCESS_KEY"]
)
def test_a_changed_environment_means_another_client(
    server: LambdaServer, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    LeanService().checkpoint(ARN, TOKEN, [])
    monkeypatch.setenv(name, f"{server.url}/" if "URL" in name else "us-east-2")
    LeanService().checkpoint(ARN, TOKEN, [])
    assert len({request.client for request in server.requests}) == 2


def test_threads_have_connections_of_their_own(server: LambdaServer) -> None:
    service, together = LeanService(), Barrier(8)

    def checkpoint() -> None:
        together.wait()
        service.checkpoint(ARN, TOKEN, [])

    with ThreadPoolExecutor(8) as pool:
        for task in [pool.submit(checkpoint) for _ in range(8)]:
            task.result()
    assert len(server.requests) == 8
    tokens = {request.body["ClientToken"] for request in server.requests}
    assert len(tokens) == 8


def test_a_child_process_does_not_share_its_parents_connection(server: LambdaServer) -> None:
    code = (
        "import os, sys\n"
        f"sys.path[:] = {sys.path!r}\n"
        "from lambda_durable_lean_client import LeanService\n"
        "service = LeanService()\n"
        f"checkpoint = lambda: service.checkpoint({ARN!r}, {TOKEN!r}, [])\n"
        "checkpoint()\n"
        "child = os.fork()\n"
        "checkpoint() if child == 0 else os.waitpid(child, 0)\n"
        "checkpoint() if child != 0 else os._exit(0)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=50)
    mine, childs, mine_again = (request.client for request in server.requests)
    assert mine == mine_again != childs


def test_headers_and_body_are_one_write() -> None:
    """Two would be two packets, and the second may wait for the first to be acknowledged."""
    written: list[bytes] = []

    class Recording(socket.socket):
        def sendall(self, data: Any, *flags: int) -> None:
            written.append(bytes(data))
            super().sendall(data, *flags)

    def serve(listener: socket.socket) -> None:
        with listener.accept()[0] as peer:
            request_of(peer)
            peer.sendall(OK)

    with listening(serve) as url:
        kept = Connection(parsed(f"http:{url}"), 5, 50)
        plain = kept._connect()
        kept._socket = Recording(fileno=plain.detach())
        kept._socket.settimeout(50)
        assert kept._socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0
        assert kept._socket.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) != 0
        assert exchange(kept) == b"{}"
        kept.close()
    assert len(written) == 1
    assert written[0].endswith(b"content-length: 4\r\n\r\nbody")


def test_a_connection_that_was_closed_meanwhile_is_replaced() -> None:
    """As after a pause between invocations: no attempt is lost to it."""
    hung_up = Barrier(2)

    def serve(listener: socket.socket) -> None:
        with listener.accept()[0] as peer:
            request_of(peer)
            peer.sendall(OK)
        hung_up.wait(30)
        with listener.accept()[0] as peer:
            request_of(peer)
            peer.sendall(OK)

    with listening(serve) as url:
        kept = Connection(parsed(f"http:{url}"), 5, 50)
        assert exchange(kept) == b"{}"
        hung_up.wait(30)
        assert exchange(kept) == b"{}"
        kept.close()


def test_connection_close_is_obeyed() -> None:
    def serve(listener: socket.socket) -> None:
        for _ in range(2):
            with listener.accept()[0] as peer:
                request_of(peer)
                peer.sendall(LAST)
                assert peer.recv(1) == b""  # the client hangs up, rather than to send more

    with listening(serve) as url:
        kept = Connection(parsed(f"http:{url}"), 5, 50)
        assert [exchange(kept), exchange(kept)] == [b"{}", b"{}"]


@pytest.mark.parametrize(
    "answer",
    [
        OK[:-1],
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxx\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 70_000 + b"\r\n\r\n",
    ],
)
def test_half_an_answer_is_none(answer: bytes) -> None:
    def serve(listener: socket.socket) -> None:
        with listener.accept()[0] as peer:
            request_of(peer)
            peer.sendall(answer)
        with listener.accept()[0] as peer:
            request_of(peer)
            peer.sendall(OK)

    with listening(serve) as url:
        kept = Connection(parsed(f"http:{url}"), 5, 50)
        with pytest.raises(ConnectionClosedError):
            exchange(kept)
        assert exchange(kept) == b"{}"
        kept.close()


def test_an_answer_in_chunks_is_read_whole() -> None:
    def serve(listener: socket.socket) -> None:
        with listener.accept()[0] as peer:
            request_of(peer)
            peer.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n")
            peer.sendall(b"1\r\n}\r\n0\r\n\r\n")
            assert request_of(peer)  # on the same connection
            peer.sendall(OK)

    with listening(serve) as url:
        kept = Connection(parsed(f"http:{url}"), 5, 50)
        assert [exchange(kept), exchange(kept)] == [b"{}", b"{}"]
        kept.close()


@pytest.fixture
def tls() -> Iterator[str]:
    """A server that says it is `localhost`, and serves until nobody comes any more."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(HERE / "localhost.pem")
    answered = b'HTTP/1.1 200 OK\r\nContent-Length: 24\r\n\r\n{"NewExecutionState":{}}'

    def serve(listener: socket.socket) -> None:
        while True:
            peer = listener.accept()[0]
            with peer:
                try:
                    with context.wrap_socket(peer, server_side=True) as secured:
                        while request_of(secured):
                            secured.sendall(answered)
                except (ssl.SSLError, ConnectionError):
                    continue  # a client that does not believe this server
                except OSError:
                    return

    listener = socket.create_server(("127.0.0.1", 0))
    thread = Thread(target=lambda: _until_closed(serve, listener), daemon=True)
    thread.start()
    try:
        yield f"https://localhost:{listener.getsockname()[1]}"
    finally:
        _made.cache_clear()  # and with it the connection that the server waits on
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(30)


def _until_closed(serve: Callable[[socket.socket], None], listener: socket.socket) -> None:
    try:
        serve(listener)
    except OSError:
        return  # the listener was closed, which ends the test's server


def test_tls_with_a_bundle_of_authorities(tls: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_CA_BUNDLE", str(HERE / "authority.pem"))
    service = LeanService(endpoint_url=tls, attempts=1)
    for _ in range(3):  # also on the connection that was kept
        assert service.checkpoint(ARN, TOKEN, []) == {"NewExecutionState": {}}


@pytest.mark.parametrize(
    ("bundle", "host"),
    [(None, "localhost"), ("authority.pem", "127.0.0.1"), ("none.pem", "localhost")],
)
def test_whoever_cannot_show_who_it_is_gets_nothing(
    tls: str, monkeypatch: pytest.MonkeyPatch, bundle: str | None, host: str
) -> None:
    """An unknown authority; a certificate for another name; authorities that cannot be read."""
    if bundle:
        monkeypatch.setenv("AWS_CA_BUNDLE", str(HERE / bundle))
    service = LeanService(endpoint_url=tls.replace("localhost", host), attempts=1)
    with pytest.raises(ServiceError) as caught:
        service.checkpoint(ARN, TOKEN, [])
    assert (caught.value.code, caught.value.status) == ("SSLError", None)
    assert "SSL validation failed" in str(caught.value)


def test_connect_makes_ready_and_sends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    connection._context.cache_clear()
    monkeypatch.setenv("AWS_CA_BUNDLE", str(HERE / "authority.pem"))
    LeanService(endpoint_url="https://nobody.invalid").connect()
    assert connection._context.cache_info().currsize == 1
    LeanService(endpoint_url="http://nobody.invalid").connect()
    monkeypatch.setenv("AWS_CA_BUNDLE", str(HERE / "none.pem"))
    with pytest.raises(ServiceError, match=r"authorities in .*none\.pem cannot be read") as caught:
        LeanService(endpoint_url="https://nobody.invalid").connect()
    assert caught.value.code == "SSLError"


def test_botocores_authorities_where_the_system_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nonexistent/file")
    monkeypatch.setenv("SSL_CERT_DIR", "/nonexistent/folder")
    connection._context.cache_clear()
    try:
        context = connection._context(None)
    finally:
        connection._context.cache_clear()
    assert context.get_ca_certs()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname


def test_connect_timeout() -> None:
    """A listener whose queue is full answers nobody."""
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting: list[socket.socket] = []
        try:
            for _ in range(3):
                waiting.append(socket.socket())
                waiting[-1].setblocking(False)
                waiting[-1].connect_ex(full.getsockname())
            service = LeanService(
                endpoint_url=f"http://127.0.0.1:{full.getsockname()[1]}",
                connect_timeout=0.2,
                attempts=1,
            )
            with pytest.raises(ServiceError) as caught:
                service.checkpoint(ARN, TOKEN, [])
        finally:
            for each in waiting:
                each.close()
    assert (caught.value.code, caught.value.retryable) == ("ConnectTimeoutError", True)
