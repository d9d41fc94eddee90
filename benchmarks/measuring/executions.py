"""Measures whole executions, and invocations that replay, on the service in memory."""

import gc
import json
import resource
import statistics
import sys
import threading
import time
from typing import Any

from .. import sdks
from .memory_service import Memory


class Peak:
    """The most threads that were there at a time."""

    def __init__(self) -> None:
        self.threads = threading.active_count()

    def watch(self) -> None:
        """Look at each start of a thread, from now on."""
        peak, start = self, threading.Thread.start

        def started(self: threading.Thread) -> None:
            start(self)
            peak.threads = max(peak.threads, threading.active_count())

        threading.Thread.start = started  # type: ignore[method-assign]  # for this process only


class Runner:
    """Runs one program of one SDK; what a process does once for each handler is done before."""

    def __init__(self, sdk: str, program: str, parameters: dict[str, Any], memory: Memory) -> None:
        module = sdks.load(sdk)
        self.memory = memory
        self._invoke = module.hosted(module.PROGRAMS[program](**parameters), memory)
        self.wall = self.cpu = 0.0

    def execute(self) -> None:
        """Run one execution to its end."""
        self.memory.forget()
        self.wall = self.cpu = 0.0
        while self.invoke() == "PENDING":
            assert self.memory.pass_time(), "an execution that waits for nothing"

    def invoke(self) -> str:
        """Run one invocation and return its status; this alone counts."""
        # As Lambda's runtime has it: parsed JSON that nothing else holds.
        event = json.loads(json.dumps(self.memory.event()))
        cpu, wall = time.process_time(), time.perf_counter()
        output = self._invoke(event)
        self.wall += time.perf_counter() - wall
        self.cpu += time.process_time() - cpu
        status = str(output["Status"])
        assert status in ("SUCCEEDED", "PENDING"), output
        return status


def execution(
    *,
    sdk: str,
    program: str,
    parameters: dict[str, Any],
    small: dict[str, Any],
    latency: float = 0,
    times: int = 1,
    counts: bool = False,
    still: bool = False,
) -> dict[str, float]:
    """Measure executions after a small one, which loads what is loaded once.

    With `still`, our SDK does not know how time passes, so that what it sends does not depend on
    how fast the machine is.
    """
    if still:
        _stand_still()
    peak = Peak()
    Runner(sdk, program, small, Memory(latency)).execute()
    runner = Runner(sdk, program, parameters, Memory(latency, measures_bytes=counts))
    peak.watch()
    walls, cpus = [], []
    before = memory_used()
    for _ in range(times):
        runner.execute()
        walls.append(runner.wall)
        cpus.append(runner.cpu)
    figures = {
        "wall": statistics.median(walls),
        "cpu": sum(cpus) / times,
        "requests": runner.memory.requests,
        "threads": peak.threads,
        "memory": memory_used() - before,
    }
    return {**figures, "bytes": runner.memory.bytes} if counts else figures


def replay(
    *,
    sdk: str,
    program: str,
    parameters: dict[str, Any],
    times: int = 1,
) -> dict[str, float]:
    """Measure invocations of an execution whose operations have all ended before."""
    runner = Runner(sdk, program, parameters, Memory())
    runner.execute()
    asked = runner.memory.requests
    walls, cpus = [], []
    for _ in range(times):
        gc.collect()
        runner.wall = runner.cpu = 0.0
        runner.invoke()
        walls.append(runner.wall)
        cpus.append(runner.cpu)
    return {
        "wall": statistics.median(walls),
        "cpu": statistics.median(cpus),
        "requests": (runner.memory.requests - asked) / times,
    }


def _stand_still() -> None:
    """Have our runtimes believe that no time passes, in this process."""
    from lambda_durable.runtimes import linger, outbox, sending, workers

    for module in (linger, outbox, sending, workers):
        module.monotonic = lambda: 0.0  # type: ignore[attr-defined]  # as imported


def memory_used() -> float:
    """Return the most memory that this process has had, in bytes."""
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used if sys.platform == "darwin" else used * 1024
