"""What a map costs per item, one step each, in both flavours and beside the official SDK.

`python benchmarks/batches.py [items ...]` prints, for 1,000 and 10,000 items and with and without a
limit: processor time per item, of the SDK and the service in memory together; requests; the most
threads at a time; and the growth of the process's memory. `replay` is what a later invocation pays
to have the finished batch. Each measurement is a process of its own, so that none has another's
memory; they take turns, `--times` each, and medians are printed. The service answers at once, or
after `--latency` milliseconds as one does that is elsewhere: then more is sent together, and more
threads are there that wait. `official` is how many times as
much the official SDK takes per item, where it is installed: `pip install
aws-durable-execution-sdk-python==3.0.0`.
"""

import argparse
import json
import logging
import resource
import statistics
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from lambda_durable import AsyncDurableContext, DurableContext, DurableHandler, durable_execution
from lambda_durable_kernel import Quotas, Settings, Simulation

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))  # for the official SDK

SIZES = (1_000, 10_000)
LIMITS = (None, 10)


class Moment(NamedTuple):
    """A reading of two clocks, in seconds."""

    processor: float
    wall: float


def now() -> Moment:
    """Read the clocks."""
    return Moment(time.process_time(), time.perf_counter())


def plain(items: int, limit: int | None, marks: list[Moment]) -> DurableHandler[Any, Any]:
    """Return a `def` handler."""

    def step(ctx: DurableContext, item: int) -> int:
        return ctx.step(lambda: item, name="step")

    @durable_execution
    def handler(event: Any, ctx: DurableContext) -> int:
        marks.append(now())
        batch = ctx.map(range(items), step, max_concurrency=limit)
        marks.append(now())
        ctx.wait(1)
        return len(batch.results)

    return handler


def awaited(items: int, limit: int | None, marks: list[Moment]) -> DurableHandler[Any, Any]:
    """Return an `async def` handler."""

    async def one(item: int) -> int:
        return item

    async def step(ctx: AsyncDurableContext, item: int) -> int:
        return await ctx.step(one, item, name="step")

    @durable_execution
    async def handler(event: Any, ctx: AsyncDurableContext) -> int:
        marks.append(now())
        batch = await ctx.map(range(items), step, max_concurrency=limit)
        marks.append(now())
        await ctx.wait(1)
        return len(batch.results)

    return handler


def official(items: int, limit: int | None, marks: list[Moment]) -> Any:
    """Return a handler of the official SDK."""
    from aws_durable_execution_sdk_python.config import Duration, MapConfig
    from peers.official import OfficialHandler  # it needs the SDK

    def step(ctx: Any, item: int, index: int, items: Any) -> Any:
        return ctx.step(lambda _: item, name="step")

    def handler(event: Any, ctx: Any) -> int:
        marks.append(now())
        batch = ctx.map(range(items), step, config=MapConfig(max_concurrency=limit))
        marks.append(now())
        ctx.wait(Duration(1))
        return len(batch.succeeded())

    return OfficialHandler(handler)


FLAVOURS = {"official": official, "def": plain, "async def": awaited}


@dataclass(frozen=True)
class Cost:
    """What one map took."""

    first: float
    replay: float
    """Seconds of processor time per item."""
    elapsed: float
    """Seconds until the batch was there."""
    requests: float
    threads: float
    memory: float
    """KiB."""


def measure(flavour: str, items: int, limit: int | None, latency: float) -> Cost:
    """Run one map, in this process."""
    logging.disable()  # the warnings that the service's quotas are near
    marks: list[Moment] = []
    handler = FLAVOURS[flavour](items, limit, marks)
    most, requests = 0, 0

    def told(moment: Any) -> None:
        nonlocal most, requests
        most = max(most, threading.active_count())
        if moment.phase == "before":
            requests += 1
            time.sleep(latency)

    def host(_: str, event: Any, invocation: Any) -> Any:
        return handler.run_invocation(event, None, service=invocation.service)

    simulation = Simulation(on_checkpoint=told, settings=Settings(quotas=Quotas.lifted()))
    simulation.register("map", host)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    finished = simulation.run("map")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert finished.value == items, finished
    first = marks[1].processor - marks[0].processor
    replay = marks[3].processor - marks[2].processor
    elapsed = marks[1].wall - marks[0].wall
    return Cost(first / items, replay / items, elapsed, requests, most, memory)


def measured(
    flavours: list[str], items: int, limit: int | None, options: argparse.Namespace
) -> dict[str, Cost]:
    """Measure in processes of their own, in turns, and return the medians."""
    costs: dict[str, list[dict[str, float]]] = {flavour: [] for flavour in flavours}
    for _ in range(options.times):
        for flavour in flavours:
            arguments = [flavour, str(items), str(limit or 0), str(options.latency)]
            command = [sys.executable, __file__, "--one", *arguments]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
            costs[flavour].append(json.loads(done.stdout))
    return {
        flavour: Cost(**{key: statistics.median(run[key] for run in runs) for key in runs[0]})
        for flavour, runs in costs.items()
    }


def main(options: argparse.Namespace) -> None:
    """Measure each combination and print the table."""
    flavours = list(FLAVOURS)
    if find_spec("aws_durable_execution_sdk_python") is None:
        flavours.remove("official")
    print(
        f"{'':10}{'items':>8}{'limit':>8}{'per item':>15}{'official':>10}{'replay':>12}"
        f"{'official':>10}{'elapsed':>10}{'requests':>10}{'threads':>9}{'memory':>12}",
        flush=True,
    )
    for limit in LIMITS:
        for items in options.items:
            costs = measured(flavours, items, limit, options)
            peer = costs.get("official")
            for flavour, cost in costs.items():
                beside = ("", "")
                if peer is not None and flavour != "official":
                    beside = (
                        f"{peer.first / cost.first:.1f} x",
                        f"{peer.replay / cost.replay:.1f} x",
                    )
                print(
                    f"{flavour:10}{items:>8}{limit or 'none':>8}{cost.first * 1e6:>12.0f} us"
                    f"{beside[0]:>10}{cost.replay * 1e6:>9.1f} us{beside[1]:>10}"
                    f"{cost.elapsed:>8.2f} s{cost.requests:>10.0f}{cost.threads:>9.0f}"
                    f"{cost.memory / 1024:>9.0f} MB",
                    flush=True,
                )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        flavour, items, limit, latency = sys.argv[2:]
        one = measure(flavour, int(items), int(limit) or None, float(latency) / 1000)
        print(json.dumps(asdict(one)))
    else:
        parser = argparse.ArgumentParser(
            description=__doc__.partition("\n")[0] if __doc__ else None
        )
        parser.add_argument("items", nargs="*", type=int, default=list(SIZES))
        parser.add_argument("--times", type=int, default=3, help="measurements of each")
        parser.add_argument(
            "--latency", type=float, default=0, help="of a request, in milliseconds"
        )
        main(parser.parse_args())
