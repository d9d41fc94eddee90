"""The runtime of `async def` handlers with tasks in an order that a test chooses."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, Final, TypeVar

from lambda_durable.abc import Service
from lambda_durable.effects import Call, Checkpoint, DurableOperation, Enter
from lambda_durable.execution import Execution
from lambda_durable.protocol import Operation
from lambda_durable.runtimes.outbox import Outbox
from lambda_durable.runtimes.tasks import TaskRuntime
from lambda_durable.runtimes.threadpool import BODY_THREADS, ThreadPools
from lambda_durable.scope import Place

from .driver import Driver
from .turns import PATIENCE_SECONDS

T = TypeVar("T")

_PLACES: Final = 4
"""How many turns of the loop a task can be put back by at most, plus one."""
_BUSY_TURNS: Final = 1000
"""After so many turns of a loop that never rests, those are served who wait for the service."""


class RepeatableTaskRuntime(TaskRuntime):
    """Core's runtime; bodies that are `def` hold the loop up, and a task can be put back.

    That is possible before and after every body and before every checkpoint.
    """

    def __init__(self, execution: Execution, service: Service, driver: Driver) -> None:
        super().__init__(execution, service)
        self._driver = driver
        self._pools = _OneAtATime()
        self._outbox = _PromptOutbox(
            execution, service, self._kept, self._pools.send, self._parking.wake
        )

        self._flows = 0

    async def run(self, operation: DurableOperation[T], place: Place, /) -> T:
        """Drive an operation's flow to its end."""
        self._flows += 1
        try:
            return await super().run(operation, place)
        finally:
            self._flows -= 1

    async def _checkpoint(self, effect: Checkpoint, place: Place) -> Operation | None:
        await self._gate()
        return await super()._checkpoint(effect, place)

    async def _call(self, effect: Call[Any], place: Place) -> Any:
        await self._gate()
        place.scope.check_going_on()
        driven = self._driver.body(effect, is_async=True)
        if driven is None:
            await self._parking.park(place, None, place.id)
            raise asyncio.CancelledError
        value = await super()._call(driven, place)
        await self._gate()
        return value

    async def _enter(self, effect: Enter[Any], place: Place) -> Any:
        await self._gate()
        return await super()._enter(effect, place)

    async def _gate(self) -> None:
        if self._flows > 1:  # the order matters
            for _ in range(self._driver.choose(_PLACES)):
                await asyncio.sleep(0)


class _PromptOutbox(Outbox):
    """Sends when all tasks rest, on the loop, whatever the time is."""

    _turns = 0

    def before_sleep(self, timeout: float | None) -> float | None:
        """Send what somebody waits for; return how long the loop may sleep, 0 if there is news."""
        if self._since is None or not self.is_expecting:
            return timeout
        self._turns += 1
        if timeout == 0 and self._turns < _BUSY_TURNS:
            return timeout
        self._turns = 0
        self._send_inline()
        return 0


class _OneAtATime(ThreadPools):
    """Runs ordinary functions in a thread, as always, while the loop waits for it."""

    async def run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Run an ordinary function; return what it returns, or what it raises as `Raised`."""
        if self._bodies is None:
            self._bodies = _Awaited(BODY_THREADS, "lambda-durable-body")
        return await super().run(function, *arguments)


class _Awaited(ThreadPoolExecutor):
    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Return once the function has ended, or waits for something else in this loop."""
        future = super().submit(fn, *args, **kwargs)
        wait([future], timeout=PATIENCE_SECONDS)
        return future
