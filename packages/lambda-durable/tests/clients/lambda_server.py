"""A server on loopback that answers as Lambda's durable API does, with what a test tells it to."""

import json
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, NamedTuple, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from lambda_durable.abc import Service

SAVED = {"CheckpointToken": "bmV4dA==", "NewExecutionState": {"Operations": []}}


class MakeService(Protocol):
    """Makes the client that a test is about, from the settings that all clients have."""

    def __call__(
        self,
        *,
        endpoint_url: str | None = None,
        region: str | None = None,
        connect_timeout: float = 5,
        read_timeout: float = 50,
        attempts: int = 4,
    ) -> Service: ...


class Request(NamedTuple):
    """A request as it came over the wire; `raw_path` is still percent-encoded."""

    method: str
    raw_path: str
    headers: dict[str, str]
    body: Any
    client: tuple[str, int]

    @property
    def path(self) -> str:
        return unquote(urlsplit(self.raw_path).path)

    @property
    def query(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.raw_path).query, keep_blank_values=True)


class Answer(NamedTuple):
    """What to say next; `silent` keeps the client waiting, `cut` hangs up without an answer."""

    status: int
    body: bytes
    error_type: str | None = None
    request_id: str | None = "req-1"
    silent: bool = False
    cut: bool = False


class LambdaServer:
    """Takes answers beforehand, keeps requests; says `SAVED` when it was told nothing."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.answers: deque[Answer] = deque()
        self.closing = Event()
        self.url = ""

    def will_answer(self, body: Any, *, times: int = 1) -> None:
        self.answers.extend([Answer(200, json.dumps(body).encode())] * times)

    def will_refuse(
        self, status: int, error_type: str | None, message: str, *, times: int = 1
    ) -> None:
        body = json.dumps({"Type": "User", "message": message}).encode()
        self.answers.extend([Answer(status, body, error_type)] * times)

    def will_send(self, answer: Answer, *, times: int = 1) -> None:
        self.answers.extend([answer] * times)


@contextmanager
def running_server() -> Iterator[LambdaServer]:
    """Serve on a free port of the loopback interface until left."""
    state = LambdaServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # one packet an answer: two would wait for each other, 40 ms

        def log_message(self, format: str, *args: Any) -> None:
            pass

        def do_POST(self) -> None:
            size = int(self.headers.get("Content-Length", 0))
            body = self.rfile.read(size)
            headers = {name.lower(): value for name, value in self.headers.items()}
            parsed = json.loads(body) if body else None
            state.requests.append(
                Request(self.command, self.path, headers, parsed, self.client_address)
            )
            answer = Answer(200, json.dumps(SAVED).encode())
            if state.answers:
                answer = state.answers.popleft()
            if answer.silent:
                state.closing.wait(30)
            if answer.silent or answer.cut:
                self.close_connection = True
                return
            self.send_response(answer.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer.body)))
            if answer.request_id:
                self.send_header("x-amzn-RequestId", answer.request_id)
            if answer.error_type:
                self.send_header("x-amzn-ErrorType", answer.error_type)
            self.end_headers()
            self.wfile.write(answer.body)

        do_GET = do_POST

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        state.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()
