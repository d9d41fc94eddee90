"""What the local service takes for a checkpoint, and for many executions at once.

`python -m benchmarks.local_service` starts `durable serve` on a store of its own. It prints the
rate of checkpoints over HTTP, each a step on one connection, and how long the slowest percent
takes, with 10, 1,000 and 3,000 operations of history; then how long 200 executions of step, wait
and step take that start at once, their time skipped. `--executions 10000` goes on with as many and
prints the memory of the service now and then, which must not grow.
"""

import argparse
import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from lambda_durable import DurableContext, durable_execution

NAME = Path(__file__).stem
"""What the names of this file's functions begin with."""

HISTORIES = (10, 1_000, 3_000)
MEASURED = 500
AT_ONCE = 200


@durable_execution
def order(event: Any, ctx: DurableContext) -> list[int]:
    """Do a step, wait for an hour, and do another."""
    first = ctx.step(lambda: 1, name="first")
    ctx.wait(3600)
    return [first, ctx.step(lambda: 2, name="second")]


def held(event: Any, context: Any) -> Any:
    """Hand the invocation's token over, and last until all is measured."""
    execution = event["InitialExecutionState"]["Operations"][0]
    pipes = json.loads(execution["ExecutionDetails"]["InputPayload"])
    with Path(pipes["out"]).open("w") as out:
        json.dump({"arn": event["DurableExecutionArn"], "token": event["CheckpointToken"]}, out)
    Path(pipes["in"]).read_text()
    return {"Status": "SUCCEEDED"}


class Client:
    """One connection, without the cost of an SDK."""

    def __init__(self, url: str) -> None:
        where = urlsplit(url)
        self._connection = http.client.HTTPConnection(where.hostname or "", where.port)

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Return the answer's JSON; raise for an error."""
        text = b"" if body is None else json.dumps(body).encode()
        self._connection.request(method, path, text, headers)
        answer = self._connection.getresponse()
        told = answer.read()
        assert answer.status < 300, (answer.status, told)
        return json.loads(told or b"null")

    def invoke(self, function: str, payload: Any, kind: str) -> Any:
        """Invoke a function."""
        path = f"/2015-03-31/functions/{function}/invocations"
        return self.call("POST", path, payload, **{"X-Amz-Invocation-Type": kind})


@contextmanager
def service(folder: Path, host: str) -> Iterator[tuple[str, int]]:
    """Run a service; give its URL and the id of its process."""
    command = [
        *(sys.executable, "-m", "lambda_durable_local", "serve", "--port", "0", "--skip-time"),
        *("--host", host, "--store", str(folder / "executions.db")),
        *("--no-quotas", "--log-dir", str(folder / "logs")),
        *(f"{__file__}:order", f"{__file__}:held"),
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("listening on "), line
        yield line.split()[-1], process.pid
    finally:
        process.terminate()
        process.wait()


def checkpoints(url: str, folder: Path) -> None:
    """Print the rate and the slowest percent for each length of history."""
    pipes = {name: str(folder / name) for name in ("in", "out")}
    for pipe in pipes.values():
        os.mkfifo(pipe)
    client = Client(url)
    client.invoke(f"{NAME}-held", pipes, "Event")
    known = json.loads(Path(pipes["out"]).read_text())
    path = f"/2025-12-01/durable-executions/{quote(known['arn'], safe='')}/checkpoint"
    token, count = known["token"], 0

    def checkpoint(steps: int) -> float:
        nonlocal token, count
        updates = [
            {
                "Id": f"step-{count + number}",
                "Type": "STEP",
                "Action": "SUCCEED",
                "Name": "step",
                "Payload": '"done"',
            }
            for number in range(steps)
        ]
        begun = time.perf_counter()
        answer = client.call("POST", path, {"CheckpointToken": token, "Updates": updates})
        took = time.perf_counter() - begun
        token, count = answer["CheckpointToken"], count + steps
        return took

    for history in HISTORIES:
        while count < history:
            checkpoint(min(200, history - count))
        times = sorted(checkpoint(1) for _ in range(MEASURED))
        print(
            f"{history:>6,} operations: {MEASURED / sum(times):7.0f} checkpoints a second, "
            f"median {statistics.median(times) * 1e3:.2f} ms, "
            f"p99 {times[int(MEASURED * 0.99)] * 1e3:.2f} ms"
        )
    Path(pipes["in"]).write_text("done")


def load(url: str, number: int) -> float:
    """Run so many executions at once; return how long that took, in seconds."""

    def run(_: int) -> None:
        assert Client(url).invoke(f"{NAME}-order", {}, "RequestResponse") == [1, 2]

    begun = time.perf_counter()
    with ThreadPoolExecutor(number) as threads:
        list(threads.map(run, range(number)))
    return time.perf_counter() - begun


def memory(pid: int) -> str:
    """Return the memory of a process, as far as the system tells."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return "memory unknown"
    lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
    return f"{int(lines['VmRSS'].split()[0]) / 1024:.0f} MB"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--executions", type=int, default=0, help="how many in all, for memory")
    parser.add_argument("--host", default="inprocess", help="where functions run")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as name,
        service(Path(name), options.host) as (url, pid),
    ):
        checkpoints(url, Path(name))
        done = AT_ONCE
        took = load(url, AT_ONCE)
        print(f"{AT_ONCE:>6} executions at once: {took:.1f} s, {AT_ONCE / took:.0f} a second")
        print(f"{done:>6,} executions: {memory(pid)}")
        while done < options.executions:
            load(url, AT_ONCE)
            done += AT_ONCE
            if done % 1_000 == 0:
                print(f"{done:>6,} executions: {memory(pid)}", flush=True)


if __name__ == "__main__":
    main()
