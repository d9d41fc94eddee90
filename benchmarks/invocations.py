"""What an invocation costs in process, in both flavours: nothing to do, steps, and replay.

`python benchmarks/invocations.py` prints medians; the service is a dict that answers at once, so
the figures are the SDK's own; `first` is a handler's first no-op, which registers the plugins.
Threads that are left behind are counted, and so are requests.
"""

import os
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from lambda_durable import AsyncDurableContext, DurableContext, DurableHandler, durable_execution

STEPS = 1_000
REPLAYED = 3_000


class Instant:
    """A service that saves steps in a dict and answers at once."""

    def __init__(self) -> None:
        self.requests = 0
        self.operations: dict[str, Any] = {}

    def checkpoint(self, execution_arn: str, token: str, updates: Sequence[Any]) -> Any:
        """Save the updates."""
        self.requests += 1
        changed = {}
        for update in updates:
            record = {
                "Id": update["Id"],
                "Type": update["Type"],
                "Status": "SUCCEEDED" if update["Action"] == "SUCCEED" else "STARTED",
                "Name": update.get("Name"),
                "SubType": update.get("SubType"),
                "StepDetails": {"Attempt": 1, "Result": update.get("Payload")},
            }
            changed[update["Id"]] = self.operations[update["Id"]] = record
        operations = list(changed.values())
        return {"CheckpointToken": "t", "NewExecutionState": {"Operations": operations}}

    def get_state(self, execution_arn: str, token: str, marker: str) -> Any:
        """Nothing is ever on another page."""
        raise AssertionError(marker)

    def event(self) -> dict[str, Any]:
        """Return an invocation's event with all that was saved."""
        execution = {"Id": "e", "Type": "EXECUTION", "Status": "STARTED", "ExecutionDetails": {}}
        operations = [execution, *self.operations.values()]
        return {
            "DurableExecutionArn": "arn",
            "CheckpointToken": "t",
            "InitialExecutionState": {"Operations": operations},
        }


def body() -> int:
    """Do nothing, in a step."""
    return 1


async def async_body() -> int:
    """Do nothing, in a step that is `async def`."""
    return 1


def plain(steps: int) -> DurableHandler[Any, Any]:
    """Return a `def` handler of so many steps."""

    @durable_execution
    def handler(event: Any, ctx: DurableContext) -> None:
        for _ in range(steps):
            ctx.step(body, name="step")

    return handler


def awaited(steps: int) -> DurableHandler[Any, Any]:
    """Return an `async def` handler of so many steps."""

    @durable_execution
    async def handler(event: Any, ctx: AsyncDurableContext) -> None:
        for _ in range(steps):
            await ctx.step(async_body, name="step")

    return handler


def median(measured: Callable[[], float], times: int) -> float:
    """Return the median of several measurements, in microseconds."""
    return statistics.median(measured() for _ in range(times)) * 1e6


def invocation(handler: DurableHandler[Any, Any], service: Instant) -> float:
    """Return how long one invocation took, in seconds."""
    event = service.event()
    begun = time.perf_counter()
    output = handler.run_invocation(event, None, service=service)
    took = time.perf_counter() - begun
    assert output["Status"] == "SUCCEEDED", output
    return took


def main() -> None:
    """Measure and print."""
    os.environ["LAMBDA_DURABLE_PLUGINS"] = ""
    before = threading.active_count()
    print(
        f"{'':10}{'first':>12}{'no-op':>12}{'fresh step':>14}{'requests':>10}"
        f"{'replayed op':>14}{'requests':>10}"
    )
    for name, make in (("def", plain), ("async def", awaited)):
        first = median(lambda make=make: invocation(make(0), Instant()), 20)
        handler = make(0)
        nothing = median(lambda h=handler: invocation(h, Instant()), 200)
        service, handler = Instant(), make(STEPS)
        fresh = median(lambda h=handler: invocation(h, Instant()), 5) / STEPS
        invocation(make(REPLAYED), service)
        requests = service.requests
        handler = make(REPLAYED)
        replayed = median(lambda h=handler, s=service: invocation(h, s), 5) / REPLAYED
        print(
            f"{name:10}{first:>9.0f} us{nothing:>9.0f} us{fresh:>11.1f} us{requests:>10}"
            f"{replayed:>11.1f} us{service.requests - requests:>10}"
        )
    print(f"threads left behind: {threading.active_count() - before}")


if __name__ == "__main__":
    main()
