"""What each client of the service costs: boto3's, core's default, and the lean one.

`python benchmarks/clients.py` prints, for each: the time until its client is there, imports
included, and the memory that the process then has; then the processor time and the time of a
checkpoint of 2 updates and of 250, each answered with as many operations, over HTTP on loopback by
a server in another process. Each measurement is a process of its own; the clients take turns,
`--times` each, and medians are printed.
"""

import argparse
import json
import os
import resource
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

CLIENTS = ("boto3", "lean")
SIZES = (2, 250)
ARN = "arn:aws:lambda:eu-west-1:123456789012:function:orders:7/durable-execution/order-1/inv-1"
TOKEN = "dG9rZW4=" * 20
COLUMNS = {
    "import and client": ("started", 1e3, "ms"),
    "memory": ("memory", 1 / 1024, "MB"),
    **{
        f"{name}, {size} updates": (f"{key} {size}", 1e3, "ms")
        for size in SIZES
        for name, key in (("CPU", "cpu"), ("elapsed", "elapsed"))
    },
}


def updates(number: int) -> list[Any]:
    """Return a step's two updates, as often as they fit."""
    text = json.dumps({"tracking": "TRK-E8E70DC1", "parcels": list(range(10))})
    step = {"Type": "STEP", "SubType": "Step", "Name": "hand_over"}
    made = []
    for index in range(number // 2):
        made.append({"Id": f"{index:064x}", **step, "Action": "START"})
        made.append({"Id": f"{index:064x}", **step, "Action": "SUCCEED", "Payload": text})
    return made


def answer(number: int) -> bytes:
    """Return what the service says to so many updates, each an operation of its own."""
    operations = [
        {
            "Id": f"{index:064x}",
            "Type": "STEP",
            "SubType": "Step",
            "Name": "hand_over",
            "Status": "SUCCEEDED",
            "StartTimestamp": 1764547200.25,
            "EndTimestamp": 1764547201.5,
            "StepDetails": {"Attempt": 1, "Result": '{"tracking":"TRK-E8E70DC1"}'},
        }
        for index in range(number)
    ]
    body = json.dumps({"CheckpointToken": TOKEN, "NewExecutionState": {"Operations": operations}})
    return (
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nx-amzn-RequestId: req-1\r\n"
        f"Date: Sat, 21 Nov 2026 05:00:00 GMT\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


def serve() -> None:
    """Answer connections, one at a time, until this process is ended."""
    answers = {number: answer(number) for number in SIZES}
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    while True:
        peer = listener.accept()[0]
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with peer, peer.makefile("rb") as coming:
            while coming.readline():
                length = 0
                for line in iter(coming.readline, b"\r\n"):
                    if line.lower().startswith(b"content-length:"):
                        length = int(line.partition(b":")[2])
                peer.sendall(answers[coming.read(length).count(b'"Action"')])


@contextmanager
def server() -> Iterator[str]:
    """Run the server in a process of its own; give its URL."""
    command = [sys.executable, __file__, "--serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        finally:
            process.terminate()


def measure(client: str, calls: int) -> dict[str, float]:
    """Measure one client, in this process."""
    import lambda_durable  # noqa: F401 - a handler has it loaded already

    begun = time.perf_counter()
    service: Any
    if client == "boto3":
        from lambda_durable.clients.aws import AwsService

        service = AwsService()
    else:
        from lambda_durable_lean_client import LeanService

        service = LeanService()
    service.connect()
    costs = {"started": time.perf_counter() - begun, "memory": memory()}
    for size in SIZES:
        sent = updates(size)
        for _ in range(20):
            service.checkpoint(ARN, TOKEN, sent)
        cpu, elapsed = time.process_time(), time.perf_counter()
        for _ in range(calls):
            service.checkpoint(ARN, TOKEN, sent)
        costs[f"cpu {size}"] = (time.process_time() - cpu) / calls
        costs[f"elapsed {size}"] = (time.perf_counter() - elapsed) / calls
    return costs


def memory() -> float:
    """Return the most memory that this process has had, in KiB."""
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / 1024 if sys.platform == "darwin" else used


def measured(options: argparse.Namespace, url: str) -> dict[str, dict[str, float]]:
    """Measure in processes of their own, in turns, and return the medians."""
    environment = {
        **os.environ,
        "AWS_ENDPOINT_URL_LAMBDA": url,
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_SESSION_TOKEN": "session" * 100,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "NO_PROXY": "127.0.0.1",
    }
    costs: dict[str, list[dict[str, float]]] = {client: [] for client in CLIENTS}
    for _ in range(options.times):
        for client in CLIENTS:
            command = [sys.executable, __file__, "--one", client, str(options.calls)]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=environment)
            costs[client].append(json.loads(done.stdout))
    return {
        client: {key: statistics.median(run[key] for run in runs) for key in runs[0]}
        for client, runs in costs.items()
    }


def main(options: argparse.Namespace) -> None:
    """Measure and print the table."""
    with server() as url:
        costs = measured(options, url)
    if options.json:
        print(json.dumps(costs, indent=2))
        return
    print(f"{'':24}{'boto3':>12}{'lean':>12}{'ratio':>8}")
    for title, (key, factor, unit) in COLUMNS.items():
        boto3, lean = (costs[client][key] for client in CLIENTS)
        figures = "".join(f"{cost * factor:>9.2f} {unit}" for cost in (boto3, lean))
        print(f"{title:24}{figures}{lean / boto3:>8.2f}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--serve"]:
        serve()
    elif sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(sys.argv[2], int(sys.argv[3]))))
    else:
        parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
        parser.add_argument("--times", type=int, default=7, help="processes for each client")
        parser.add_argument("--calls", type=int, default=300, help="checkpoints of each size")
        parser.add_argument("--json", action="store_true", help="print all figures as JSON")
        main(parser.parse_args())
