"""Programs of the package `async-durable-execution`."""

import asyncio
from collections.abc import Callable
from typing import Any

import async_durable_execution as sdk

from .values import KINDS


async def one() -> int:
    """Do nothing, in a step."""
    return 1


def no_op() -> Any:
    """Return a handler that does nothing."""

    async def handler(event: Any) -> None:
        return None

    return handler


def wait() -> Any:
    """Return a handler that waits once."""

    async def handler(event: Any) -> None:
        await sdk.wait(3600)

    return handler


def step_wait_step() -> Any:
    """Return a handler of two steps and a wait."""

    async def handler(event: Any) -> None:
        await sdk.step(one, name="first")
        await sdk.wait(3600)
        await sdk.step(one, name="second")

    return handler


def steps(number: int) -> Any:
    """Return a handler of so many steps, one after the other."""

    async def handler(event: Any) -> None:
        for _ in range(number):
            await sdk.step(one, name="step")

    return handler


def mapped(number: int, limit: int | None = None, wait: bool = False, sleep: float = 0) -> Any:
    """Return a handler of a map: each item one step, that may sleep, and perhaps a wait."""

    async def slow() -> int:
        await asyncio.sleep(sleep)
        return 1

    async def item(value: Any) -> int:
        result: int = await sdk.step(slow if sleep else one, name="step")
        if wait:
            await sdk.wait(3600)
        return result

    async def handler(event: Any) -> int:
        batch = await sdk.map(item, range(number), max_concurrency=limit)
        return len(batch.succeeded())

    return handler


def payloads(number: int, kind: str, size: int) -> Any:
    """Return a handler of so many steps that return a value of that size."""

    async def make() -> Any:
        return KINDS[kind](size)

    async def handler(event: Any) -> None:
        for _ in range(number):
            await sdk.step(make, name="step")

    return handler


def child(size: int) -> Any:
    """Return a handler with a child context whose result is too large to be kept."""

    async def make() -> Any:
        return KINDS["rows"](size // 2)

    async def halves() -> list[Any]:
        first: list[Any] = await sdk.step(make, name="first")
        second: list[Any] = await sdk.step(make, name="second")
        return [*first, *second]

    async def handler(event: Any) -> int:
        return len(await sdk.run_in_child_context(halves, name="child"))

    return handler


PROGRAMS: dict[str, Callable[..., Any]] = {
    "no_op": no_op,
    "wait": wait,
    "step_wait_step": step_wait_step,
    "steps": steps,
    "mapped": mapped,
    "payloads": payloads,
    "child": child,
}


class _Awaited:
    """The service in memory as an asynchronous client, which is what suits the package best."""

    def __init__(self, memory: Any) -> None:
        self._memory = memory

    async def checkpoint_durable_execution(self, **given: Any) -> Any:
        memory = self._memory
        if memory.latency:
            await asyncio.sleep(memory.latency)
        return memory.apply(given["Updates"])

    async def get_durable_execution_state(self, **given: Any) -> Any:
        raise AssertionError(given)


def hosted(function: Any, memory: Any) -> Callable[[Any], Any]:
    """Return how one invocation is run; the service stands in for the package's client."""
    client: Any = _Awaited(memory)
    handler: Any = sdk.durable_execution(function, boto3_client=client)
    return lambda event: handler(event, None)


def started(function: Any) -> Callable[[Any], Any]:
    """Return how one invocation is run with the SDK's own client."""
    handler: Any = sdk.durable_execution(function)
    return lambda event: handler(event, None)


def workflow_test(function: Any) -> Callable[[], str]:
    """Return a test of the handler with the SDK's own local runner; it returns the status."""
    handler: Any = sdk.durable_execution(function)

    async def test() -> str:
        runner = sdk.create_local_runner(handler=handler, poll_interval=0.001)
        async with runner:
            result = await runner.run()
        return str(result.status.value)

    return lambda: asyncio.run(test())
