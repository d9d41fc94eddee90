"""What durable code costs in both flavours and beside the official SDK, in one run.

`python benchmarks/peers.py` prints medians of elapsed time: an invocation of nothing, a fresh step,
a replayed one, and an invocation that replays 3,000. All run on the service in memory, whose own
time is in every figure. The first invocation of a handler, which finds the plugins, does not count
(see `invocations.py`). The three take turns, so that a machine that is slower for a while is so
for all, and the first turn does not count. The lines with `x` are how many times as much the
official SDK takes. Needs `pip install aws-durable-execution-sdk-python==3.0.0`.
"""

import argparse
import logging
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

from lambda_durable import AsyncDurableContext, DurableContext, durable_execution
from lambda_durable_kernel import Quotas, Settings, Simulation

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from peers.official import OfficialHandler

FRESH, REPLAYED = 300, 3_000
REPLAYS = 5
"""Invocations after the first; each replays the steps, and the waits before it."""

Note: TypeAlias = Callable[[], None]
"""Called when a handler is entered, and when it has done its steps."""


def plain(steps: int, waits: int, note: Note) -> Any:
    """Return a `def` handler of so many steps, then waits."""

    @durable_execution
    def handler(event: Any, ctx: DurableContext) -> None:
        note()
        for number in range(steps):
            ctx.step(body, number, name="step")
        note()
        for _ in range(waits):
            ctx.wait(1)

    return handler


def awaited(steps: int, waits: int, note: Note) -> Any:
    """Return an `async def` handler of so many steps, then waits."""

    @durable_execution
    async def handler(event: Any, ctx: AsyncDurableContext) -> None:
        note()
        for number in range(steps):
            await ctx.step(async_body, number, name="step")
        note()
        for _ in range(waits):
            await ctx.wait(1)

    return handler


def official(steps: int, waits: int, note: Note) -> Any:
    """Return a handler of the official SDK of so many steps, then waits."""
    from aws_durable_execution_sdk_python.config import Duration

    def handler(event: Any, ctx: Any) -> None:
        note()
        for number in range(steps):
            ctx.step(lambda _, number=number: body(number), name="step")
        note()
        for _ in range(waits):
            ctx.wait(Duration(1))

    return OfficialHandler(handler)


def body(number: int) -> int:
    """Do nothing, in a step."""
    return number


async def async_body(number: int) -> int:
    """Do nothing, in a step that is `async def`."""
    return number


FLAVOURS = {"official": official, "def": plain, "async def": awaited}


class Run:
    """Executions of one handler, and how long each invocation and its steps took, in seconds."""

    def __init__(self, flavour: str, steps: int, *, waits: int = 0, executions: int = 1) -> None:
        self.invocations: list[float] = []
        self._notes: list[float] = []
        handler = FLAVOURS[flavour](steps, waits, lambda: self._notes.append(time.perf_counter()))

        def host(_: str, event: Any, told: Any) -> Any:
            begun = time.perf_counter()
            output = handler.run_invocation(event, None, service=told.service)
            self.invocations.append(time.perf_counter() - begun)
            return output

        settings = Settings(quotas=Quotas.lifted())
        simulation = Simulation(host, settings=settings)
        simulation.register("main")
        for _ in range(executions):
            finished = simulation.run("main")
            assert finished.status == "SUCCEEDED", finished
            assert finished.invocations == waits + 1, finished

    @property
    def steps(self) -> list[float]:
        """How long the steps took in each invocation."""
        return [end - begun for begun, end in zip(self._notes[::2], self._notes[1::2], strict=True)]


def measured(flavour: str) -> dict[str, float]:
    """Measure everything once."""
    nothing = Run(flavour, 0, executions=20)
    fresh = Run(flavour, FRESH, executions=3)
    replay = Run(flavour, REPLAYED, waits=REPLAYS)
    return {
        "no-op, ms": statistics.median(nothing.invocations[1:]) * 1e3,
        "fresh step, us": statistics.median(fresh.steps[1:]) / FRESH * 1e6,
        "replayed, us": statistics.median(replay.steps[1:]) / REPLAYED * 1e6,
        f"{REPLAYED} replayed, ms": statistics.median(replay.invocations[1:]) * 1e3,
    }


def main(times: int) -> None:
    """Measure in turns and print the table."""
    logging.disable()
    turns: dict[str, list[dict[str, float]]] = defaultdict(list)
    for _ in range(times + 1):
        for flavour in FLAVOURS:
            turns[flavour].append(measured(flavour))
    medians = {
        flavour: {key: statistics.median(turn[key] for turn in taken[1:]) for key in taken[0]}
        for flavour, taken in turns.items()
    }
    peer = medians["official"]
    print(f"{'':12}" + "".join(f"{title:>20}" for title in peer))
    for flavour, figures in medians.items():
        print(f"{flavour:12}" + "".join(f"{figure:>20,.2f}" for figure in figures.values()))
        if figures is not peer:
            print(f"{'':12}" + "".join(f"{peer[key] / figures[key]:>18.1f} x" for key in peer))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--times", type=int, default=5, help="turns that count")
    main(parser.parse_args().times)
