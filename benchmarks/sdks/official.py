"""Programs of the official SDK."""

import time
from collections.abc import Callable
from typing import Any

import aws_durable_execution_sdk_python as sdk
from aws_durable_execution_sdk_python.config import Duration, MapConfig

from .values import DAY, KINDS


def one(_: Any) -> int:
    """Do nothing, in a step."""
    return 1


def no_op() -> Any:
    """Return a handler that does nothing."""

    def handler(event: Any, ctx: Any) -> None:
        return None

    return handler


def wait() -> Any:
    """Return a handler that waits once."""

    def handler(event: Any, ctx: Any) -> None:
        ctx.wait(Duration(3600))

    return handler


def waits(number: int) -> Any:
    """Return a handler that waits for a day, so many times."""

    def handler(event: Any, ctx: Any) -> None:
        for _ in range(number):
            ctx.wait(Duration(DAY))

    return handler


def step_wait_step() -> Any:
    """Return a handler of two steps and a wait."""

    def handler(event: Any, ctx: Any) -> None:
        ctx.step(one, name="first")
        ctx.wait(Duration(3600))
        ctx.step(one, name="second")

    return handler


def steps(number: int) -> Any:
    """Return a handler of so many steps, one after the other."""

    def handler(event: Any, ctx: Any) -> None:
        for _ in range(number):
            ctx.step(one, name="step")

    return handler


def mapped(number: int, limit: int | None = None, wait: bool = False, sleep: float = 0) -> Any:
    """Return a handler of a map: each item one step, that may sleep, and perhaps a wait."""

    def slow(_: Any) -> int:
        time.sleep(sleep)
        return 1

    def item(ctx: Any, value: int, index: int, items: Any) -> Any:
        result = ctx.step(slow if sleep else one, name="step")
        if wait:
            ctx.wait(Duration(3600))
        return result

    def handler(event: Any, ctx: Any) -> int:
        config: Any = MapConfig(max_concurrency=limit)
        return len(ctx.map(range(number), item, config=config).succeeded())

    return handler


def payloads(number: int, kind: str, size: int) -> Any:
    """Return a handler of so many steps that return a value of that size."""

    def make(_: Any) -> Any:
        return KINDS[kind](size)

    def handler(event: Any, ctx: Any) -> None:
        for _ in range(number):
            ctx.step(make, name="step")

    return handler


def child(size: int) -> Any:
    """Return a handler with a child context whose result is too large to be kept."""

    def make(_: Any) -> Any:
        return KINDS["rows"](size // 2)

    def halves(ctx: Any) -> list[Any]:
        return [*ctx.step(make, name="first"), *ctx.step(make, name="second")]

    def handler(event: Any, ctx: Any) -> int:
        return len(ctx.run_in_child_context(halves, name="child"))

    return handler


PROGRAMS: dict[str, Callable[..., Any]] = {
    "no_op": no_op,
    "wait": wait,
    "waits": waits,
    "step_wait_step": step_wait_step,
    "steps": steps,
    "mapped": mapped,
    "payloads": payloads,
    "child": child,
}


def hosted(function: Any, memory: Any) -> Callable[[Any], Any]:
    """Return how one invocation is run; the service stands in for boto3's client."""
    decorate: Any = sdk.durable_execution
    handler = decorate(function, boto3_client=memory)
    return lambda event: handler(event, None)


def started(function: Any) -> Callable[[Any], Any]:
    """Return how one invocation is run with the SDK's own client."""
    decorate: Any = sdk.durable_execution
    handler = decorate(function)
    return lambda event: handler(event, None)


def workflow_test(function: Any) -> Callable[[], str]:
    """Return a test of the handler with the SDK's own local runner; it returns the status."""
    from aws_durable_execution_sdk_python_testing import DurableFunctionTestRunner

    decorate: Any = sdk.durable_execution
    handler = decorate(function)

    def run() -> str:
        with DurableFunctionTestRunner(handler=handler) as runner:
            result = runner.run(input="{}", execution_timeout=20 * DAY)
        return str(result.status.value)

    return run
