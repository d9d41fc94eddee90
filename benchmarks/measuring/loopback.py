"""Measures steps over HTTP on loopback, each SDK with the client that it uses by default."""

import http.server
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .. import sdks
from .memory_service import ARN, Memory


def over_http(
    *, sdk: str, program: str, parameters: dict[str, Any], lean: bool = False
) -> dict[str, float]:
    """Measure one execution of a warm handler against a service in another process."""
    with _server() as url:
        _point_to(url, sdk, lean)
        module = sdks.load(sdk)
        invoke = module.started(module.PROGRAMS[program](**parameters))
        invoke(Memory().event())
        cpu, wall = time.process_time(), time.perf_counter()
        output = invoke(Memory().event())
        figures = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
        assert output["Status"] == "SUCCEEDED", output
        return figures


def first_invocation(
    *, sdk: str, program: str, parameters: dict[str, Any], lean: bool = False
) -> dict[str, float]:
    """Measure the first invocation of a function whose module Lambda has just imported."""
    with _server() as url:
        _point_to(url, sdk, lean)
        os.environ["AWS_LAMBDA_RUNTIME_API"] = "127.0.0.1:9001"  # as Lambda's runtime has it
        begun = time.perf_counter()
        module = sdks.load(sdk)
        invoke = module.started(module.PROGRAMS[program](**parameters))
        cpu, wall = time.process_time(), time.perf_counter()
        output = invoke(Memory().event())
        ended = time.perf_counter()
        assert output["Status"] == "SUCCEEDED", output
        return {"wall": ended - wall, "cpu": time.process_time() - cpu, "init": wall - begun}


def checkpoints(*, sdk: str, number: int, times: int, lean: bool = False) -> dict[str, float]:
    """Measure a checkpoint of so many updates with one of our clients, once it is connected."""
    step = {"Type": "STEP", "SubType": "Step", "Name": "step"}
    updates = [
        {"Id": f"{index // 2:064x}", **step, **members}
        for index in range(number)
        for members in ([{"Action": "START"}, {"Action": "SUCCEED", "Payload": "1"}][index % 2],)
    ]
    with _server() as url:
        _point_to(url, sdk, lean)
        service = _client(lean)
        for _ in range(10):
            service.checkpoint(ARN, "token", updates)
        cpu, wall = time.process_time(), time.perf_counter()
        for _ in range(times):
            service.checkpoint(ARN, "token", updates)
        return {
            "wall": (time.perf_counter() - wall) / times,
            "cpu": (time.process_time() - cpu) / times,
        }


def _client(lean: bool) -> Any:
    if lean:
        from lambda_durable_lean_client import LeanService

        return LeanService()
    from lambda_durable.clients.aws import AwsService

    return AwsService()


@contextmanager
def _server() -> Iterator[str]:
    """Run the service in a process of its own; give its URL."""
    command = [sys.executable, "-m", __name__]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def _point_to(url: str, sdk: str, lean: bool) -> None:
    """Set the environment as Lambda does, with another address of the service."""
    os.environ.update(
        AWS_ENDPOINT_URL_LAMBDA=url,
        AWS_DEFAULT_REGION="eu-west-1",
        AWS_REGION="eu-west-1",
        AWS_ACCESS_KEY_ID="AKIAEXAMPLE",
        AWS_SECRET_ACCESS_KEY="secret",
        AWS_SESSION_TOKEN="session" * 100,
        AWS_CONFIG_FILE=os.devnull,
        AWS_SHARED_CREDENTIALS_FILE=os.devnull,
        NO_PROXY="127.0.0.1",
    )
    if sdk in ("def", "async def") and not lean:
        os.environ["LAMBDA_DURABLE_PLUGINS"] = ""


class _Service(http.server.BaseHTTPRequestHandler):
    """Answers checkpoints as the service does, from memory that belongs to the connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    memory = Memory()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        answer = self.memory.apply(json.loads(body).get("Updates") or ())
        # Timestamps are seconds on the wire.
        text = json.dumps(answer, default=lambda moment: moment.timestamp()).encode()
        self.wfile.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nx-amzn-RequestId: req-1\r\n"
            b"Date: Sat, 21 Nov 2026 05:00:00 GMT\r\nContent-Length: %d\r\n\r\n" % len(text) + text
        )

    def log_message(self, format: str, *arguments: Any) -> None:
        """Be quiet."""


def _serve() -> None:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Service) as server:
        print(f"http://127.0.0.1:{server.server_port}", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    _serve()
