"""A server on loopback that passes callbacks on to a service in memory, as Lambda's API does."""

import json
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import unquote

from lambda_durable_kernel import Simulation
from lambda_durable_kernel.errors import ServiceFault


class CallbackServer:
    """Keeps what it was sent; says what a test tells it to, else what the service says."""

    def __init__(self, simulation: Simulation) -> None:
        self.simulation = simulation
        self.requests: list[tuple[str, bytes]] = []
        self.refusals: deque[tuple[int, str, str]] = deque()
        self.lost_answers = 0
        self.url = ""

    def answer(self, path: str, body: bytes) -> tuple[int, str, str]:
        """Return status, error name and message for a request."""
        self.requests.append((path, body))
        if self.refusals:
            return self.refusals.popleft()
        callback_id, _, action = path.removeprefix(
            "/2025-12-01/durable-execution-callbacks/"
        ).rpartition("/")
        try:
            self._do(unquote(callback_id), action, body)
        except ServiceFault as fault:
            return fault.status, fault.code, fault.message
        return 200, "", ""

    def _do(self, callback_id: str, action: str, body: bytes) -> None:
        match action:
            case "succeed":
                result = body.decode() if body else None
                self.simulation.succeed_callback(callback_id, result)
            case "fail":
                self.simulation.fail_callback(callback_id, json.loads(body) if body else None)
            case "heartbeat":
                self.simulation.heartbeat_callback(callback_id)
            case _:
                raise AssertionError(action)


@contextmanager
def running_server(simulation: Simulation) -> Iterator[CallbackServer]:
    """Serve on a free port of the loopback interface until left."""
    state = CallbackServer(simulation)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # one packet an answer

        def log_message(self, format: str, *args: Any) -> None:
            pass

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, code, message = state.answer(self.path, body)
            if state.lost_answers:
                state.lost_answers -= 1
                self.close_connection = True
                return
            text = json.dumps({"message": message} if code else {}).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.send_header("x-amzn-RequestId", "req-1")
            if code:
                self.send_header("x-amzn-ErrorType", code)
            self.end_headers()
            self.wfile.write(text)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
