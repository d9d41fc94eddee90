"""A service for tests: in a thread of this process, with its functions in it too."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from conftest import FUNCTIONS

from lambda_durable_local import targets
from lambda_durable_local.functions import LocalFunction
from lambda_durable_local.serving.listening import Server, bind, url
from lambda_durable_local.serving.service import ServePlan, serve

WIRE = f"{FUNCTIONS}/wire.py"


@dataclass
class Served:
    """A service that runs."""

    url: str
    store: Path
    client: Any


def function(name: str, attribute: str, **options: Any) -> LocalFunction:
    options.setdefault("durable", attribute != "plain")
    return LocalFunction(name, targets.parse(f"{WIRE}:{attribute}"), **options)


def client_of(url: str, *, key: str = "local", **options: Any) -> Any:
    options.setdefault("retries", {"total_max_attempts": 1})
    return boto3.client(
        "lambda",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id=key,
        aws_secret_access_key="local",
        config=Config(**options),
    )


@contextmanager
def served(functions: Sequence[LocalFunction], store: Path, **options: Any) -> Iterator[Served]:
    """Run a service until the block ends."""
    options.setdefault("host", "inprocess")
    plan = ServePlan(functions=functions, store=store, **options)
    listening = bind("127.0.0.1", 0)
    where = url(listening)
    ready = threading.Event()
    servers: list[Server] = []
    failures: list[BaseException] = []

    def on_ready(server: Server) -> None:
        servers.append(server)
        ready.set()

    def work() -> None:
        try:
            serve(plan, listening, on_ready=on_ready)
        except BaseException as error:  # noqa: BLE001 - raised where it is waited for
            failures.append(error)
        ready.set()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        ready.wait()
        if failures:
            raise failures[0]
        yield Served(where, store, client_of(where))
    finally:
        for server in servers:
            server.should_exit = True
        thread.join()
    assert not failures, failures
