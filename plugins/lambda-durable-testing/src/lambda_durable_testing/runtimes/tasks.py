"""The runtime of `async def` handlers with tasks in an order that a test chooses."""

import asyncio
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, Final, TypeVar

from lambda_durable.abc import Service
from lambda_durable.effects import Call, Checkpoint, DurableOperation, Enter
from lambda_durable.execution import Execution
from lambda_durable.protocol import Operation
from lambda_durable.runtimes.deadline import Deadline
from lambda_durable.runtimes.outbox import Outbox
from lambda_durable.runtimes.tasks import TaskRuntime
from lambda_durable.runtimes.threadpool import BODY_THREADS, ThreadPools
from lambda_durable.scope import Place

from .driver import Driver
from .patience import TICK_SECONDS, Patience

T = TypeVar("T")

_CHOICES: Final = 4
"""A task goes on, or is put back until the others have come to rest once, twice or three times."""
_BUSY_TURNS: Final = 1000
"""After so many turns of a loop that never rests, those are served who wait for the service."""


class RepeatableTaskRuntime(TaskRuntime):
    """Core's runtime; bodies that are `def` hold the loop up, and a task can be put back.

    That is possible before and after every body and before every checkpoint.
    """

    def __init__(self, execution: Execution, service: Service, driver: Driver) -> None:
        super().__init__(execution, service)
        self._driver = driver
        self._deadline = Deadline(execution.lambda_context, execution.clock)
        self._pools = _OneAtATime()
        self._outbox = _PromptOutbox(
            execution, service, self._kept, self._pools.send, self._parking.wake
        )

        self._groups._resting = _InOrder()  # noqa: SLF001 - a set of objects has another order in each run
        self._flows: Counter[asyncio.Task[Any] | None] = Counter()
        self._held: list[_Held] = []

    async def run(self, operation: DurableOperation[T], place: Place, /) -> T:
        """Drive an operation's flow to its end."""
        task = asyncio.current_task()
        self._flows[task] += 1
        try:
            return await super().run(operation, place)
        finally:
            self._flows[task] -= 1
            if not self._flows[task]:
                del self._flows[task]

    async def _checkpoint(self, effect: Checkpoint, place: Place) -> Operation | None:
        await self._gate()
        return await super()._checkpoint(effect, place)

    async def _call(self, effect: Call[Any], place: Place) -> Any:
        await self._gate()
        place.scope.check_going_on()
        driven = self._driver.body(effect, place, is_async=True)
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
        if len(self._flows) < 2:  # the order matters only beside others
            return
        moments = self._driver.choose(_CHOICES)
        if moments:
            held = _Held(moments, self._kept.loop.create_future())
            self._held.append(held)
            try:
                await held.future
            finally:
                self._held.remove(held)

    def _before_sleep(self, timeout: float | None) -> float | None:
        """Let tasks go on that were put back, once all others rest."""
        if self._held and timeout != 0:
            is_expecting = self._outbox.is_expecting
            least = 1 if is_expecting else min(held.moments for held in self._held)
            for held in self._held:
                held.moments -= least
                if held.moments <= 0 and not held.future.done():
                    held.future.set_result(None)
            if not is_expecting:
                return 0
        return super()._before_sleep(timeout)


class _Held:
    """A task that was put back."""

    __slots__ = ("future", "moments")

    def __init__(self, moments: int, future: asyncio.Future[None]) -> None:
        self.moments = moments
        """How often all others have to rest before it goes on."""
        self.future = future


class _InOrder(set[Any]):
    """A set that is read in the order in which things were added."""

    def __init__(self) -> None:
        super().__init__()
        self._order: dict[Any, None] = {}

    def __iter__(self) -> Iterator[Any]:
        return iter(self._order)

    def add(self, element: Any, /) -> None:
        """Add something at the end, unless it is there."""
        super().add(element)
        self._order[element] = None

    def discard(self, element: Any, /) -> None:
        """Remove something if it is there."""
        super().discard(element)
        self._order.pop(element, None)


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
        threads: list[int] = []

        def noted() -> Any:
            threads.append(threading.get_ident())
            return fn(*args, **kwargs)

        future = super().submit(noted)
        patience = Patience()
        while not wait([future], timeout=TICK_SECONDS).done:
            if patience.is_over(None, threads[0] if threads else None):
                break
        return future
