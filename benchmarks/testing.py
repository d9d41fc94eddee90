"""What a workflow test costs, in both flavours and beside the official runner, in one run.

`python benchmarks/testing.py` prints medians of elapsed time for whole executions, once warm: a
no-op, step-wait-step, ten waits of a day, 1,000 steps; and what `crash_everywhere` takes for all
points of step-wait-step. `limit` is what this repository promises. The official column needs
`pip install aws-durable-execution-sdk-python-testing==1.4.0`; without it, it stays empty. Of its
1,000 steps only one run is measured. It skips time, as its own tests do.
"""

import logging
import statistics
import time
from collections.abc import Callable
from typing import Any, Final

from lambda_durable import AsyncDurableContext, DurableContext, durable_execution
from lambda_durable_testing import crash_everywhere, run

STEPS: Final = 1_000
DAY: Final = 86_400

Job = Callable[[], object]


def body() -> int:
    """Do nothing, in a step."""
    return 1


async def async_body() -> int:
    """Do nothing, in a step that is `async def`."""
    return 1


def plain() -> dict[str, Any]:
    """Return `def` handlers."""

    @durable_execution
    def nothing(event: Any, ctx: DurableContext) -> None:
        return None

    @durable_execution
    def short(event: Any, ctx: DurableContext) -> None:
        ctx.step(body, name="first")
        ctx.wait(60)
        ctx.step(body, name="second")

    @durable_execution
    def waits(event: Any, ctx: DurableContext) -> None:
        for _ in range(10):
            ctx.wait(DAY)

    @durable_execution
    def steps(event: Any, ctx: DurableContext) -> None:
        for _ in range(STEPS):
            ctx.step(body, name="step")

    return {"no-op": nothing, "step-wait-step": short, "ten waits": waits, "1,000 steps": steps}


def awaited() -> dict[str, Any]:
    """Return `async def` handlers."""

    @durable_execution
    async def nothing(event: Any, ctx: AsyncDurableContext) -> None:
        return None

    @durable_execution
    async def short(event: Any, ctx: AsyncDurableContext) -> None:
        await ctx.step(async_body, name="first")
        await ctx.wait(60)
        await ctx.step(async_body, name="second")

    @durable_execution
    async def waits(event: Any, ctx: AsyncDurableContext) -> None:
        for _ in range(10):
            await ctx.wait(DAY)

    @durable_execution
    async def steps(event: Any, ctx: AsyncDurableContext) -> None:
        for _ in range(STEPS):
            await ctx.step(async_body, name="step")

    return {"no-op": nothing, "step-wait-step": short, "ten waits": waits, "1,000 steps": steps}


def official() -> dict[str, Job]:
    """Return jobs that run the official SDK's handlers on its own runner; none if it is missing."""
    try:
        from aws_durable_execution_sdk_python import durable_execution as official_execution
        from aws_durable_execution_sdk_python.config import Duration
        from aws_durable_execution_sdk_python_testing import DurableFunctionTestRunner
    except ImportError:
        return {}

    @official_execution
    def nothing(event: Any, ctx: Any) -> None:
        return None

    @official_execution
    def short(event: Any, ctx: Any) -> None:
        ctx.step(lambda _: 1, name="first")
        ctx.wait(Duration(60))
        ctx.step(lambda _: 1, name="second")

    @official_execution
    def waits(event: Any, ctx: Any) -> None:
        for _ in range(10):
            ctx.wait(Duration(DAY))

    @official_execution
    def steps(event: Any, ctx: Any) -> None:
        for _ in range(STEPS):
            ctx.step(lambda _: 1, name="step")

    def job(handler: Any) -> Job:
        def once() -> None:
            with DurableFunctionTestRunner(handler=handler) as runner:
                result = runner.run(input="{}", execution_timeout=20 * DAY)
            assert str(result.status.value) == "SUCCEEDED", result

        return once

    handlers = {"no-op": nothing, "step-wait-step": short, "ten waits": waits, "1,000 steps": steps}
    return {name: job(handler) for name, handler in handlers.items()}


def ours(handler: Any) -> Job:
    """Return a job that runs a handler on the local runner."""

    def once() -> None:
        result = run(handler)
        assert result.succeeded, result

    return once


def milliseconds(job: Job | None, times: int) -> float | None:
    """Return the median of several runs after a first one."""
    if job is None:
        return None
    job()
    took = []
    for _ in range(times):
        begun = time.perf_counter()
        job()
        took.append((time.perf_counter() - begun) * 1_000)
    return statistics.median(took)


LIMITS: Final = {"no-op": None, "step-wait-step": 5.0, "ten waits": 10.0, "1,000 steps": 500.0}


def main() -> None:
    """Measure and print."""
    logging.disable()  # the official runner tells of every event
    sync, awaited_, peer = plain(), awaited(), official()
    row = "{:24}{:>14}{:>14}{:>14}{:>14}".format
    print(row("ms", "def", "async def", "official", "limit"))
    for name, limit in LIMITS.items():
        times = 5 if name == "1,000 steps" else 50
        cells = [
            milliseconds(ours(sync[name]), times),
            milliseconds(ours(awaited_[name]), times),
            milliseconds(peer.get(name), 1 if name == "1,000 steps" else 5),
            limit,
        ]
        print(row(name, *("-" if cell is None else f"{cell:.1f}" for cell in cells)))
    cells, runs = [], 0
    for handlers in (sync, awaited_):
        short = handlers["step-wait-step"]
        runs = sum(crash_everywhere(short).tried.values())
        cells.append(milliseconds(lambda handler=short: crash_everywhere(handler), 5))
    print(row(f"every crash ({runs} runs)", *(f"{cell:.1f}" for cell in cells if cell), "-", "-"))


if __name__ == "__main__":
    main()
