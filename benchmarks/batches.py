"""What a map costs per item, one step each, in both flavours, on the service in memory.

`python benchmarks/batches.py [items ...]` prints, for 1,000 and 10,000 items and with and without a
limit: processor time per item, of the SDK and the service together; requests; the most threads at a
time; and the growth of the process's memory. Each line is a process of its own, so that none has
another's memory. `replay` is what a later invocation pays to have the finished batch.
"""

import resource
import subprocess
import sys
import threading
import time
from typing import Any

from lambda_durable import AsyncDurableContext, DurableContext, DurableHandler, durable_execution
from lambda_durable_kernel import Quotas, Settings, Simulation

SIZES = (1_000, 10_000)
LIMITS = (None, 10)


def plain(items: int, limit: int | None, marks: list[float]) -> DurableHandler[Any, Any]:
    """Return a `def` handler."""

    def step(ctx: DurableContext, item: int) -> int:
        return ctx.step(lambda: item, name="step")

    @durable_execution
    def handler(event: Any, ctx: DurableContext) -> int:
        marks.append(time.process_time())
        batch = ctx.map(range(items), step, max_concurrency=limit)
        marks.append(time.process_time())
        ctx.wait(1)
        return len(batch.results)

    return handler


def awaited(items: int, limit: int | None, marks: list[float]) -> DurableHandler[Any, Any]:
    """Return an `async def` handler."""

    async def one(item: int) -> int:
        return item

    async def step(ctx: AsyncDurableContext, item: int) -> int:
        return await ctx.step(one, item, name="step")

    @durable_execution
    async def handler(event: Any, ctx: AsyncDurableContext) -> int:
        marks.append(time.process_time())
        batch = await ctx.map(range(items), step, max_concurrency=limit)
        marks.append(time.process_time())
        await ctx.wait(1)
        return len(batch.results)

    return handler


FLAVOURS = {"def": plain, "async def": awaited}


def measure(flavour: str, items: int, limit: int | None) -> None:
    """Run one map and print its line."""
    marks: list[float] = []
    handler = FLAVOURS[flavour](items, limit, marks)
    most, requests = 0, 0

    def told(moment: Any) -> None:
        nonlocal most, requests
        most = max(most, threading.active_count())
        requests += moment.phase == "before"

    def host(_: str, event: Any, invocation: Any) -> Any:
        return handler.run_invocation(event, None, service=invocation.service)

    simulation = Simulation(on_checkpoint=told, settings=Settings(quotas=Quotas.lifted()))
    simulation.register("map", host)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    finished = simulation.run("map")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert finished.value == items, finished
    first, replay = marks[1] - marks[0], marks[3] - marks[2]
    print(
        f"{flavour:10}{items:>8}{limit or 'none':>8}{first / items * 1e6:>12.0f} us"
        f"{replay / items * 1e6:>9.1f} us{requests:>10}{most:>9}{memory / 1024:>9.0f} MB",
        flush=True,
    )


def main(sizes: list[int]) -> None:
    """Measure each combination in a process of its own."""
    print(
        f"{'':10}{'items':>8}{'limit':>8}{'per item':>15}{'replay':>12}{'requests':>10}"
        f"{'threads':>9}{'memory':>12}",
        flush=True,
    )
    for flavour in FLAVOURS:
        for limit in LIMITS:
            for items in sizes:
                arguments = [flavour, str(items), str(limit or 0)]
                subprocess.run([sys.executable, __file__, "--one", *arguments], check=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        measure(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]) or None)
    else:
        main([int(size) for size in sys.argv[1:]] or list(SIZES))
