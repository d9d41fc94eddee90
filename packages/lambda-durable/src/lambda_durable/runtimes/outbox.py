"""The updates of an `async def` handler on their way: sent when the loop has nothing else to do."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from time import monotonic

from ..abc import Service
from ..batching import Batch
from ..checkpointing import exchange
from ..execution import Answer, Execution
from ..protocol import Limits, Operation, OperationUpdate
from .linger import LINGER_SECONDS
from .loop import KeptLoop

_ROOM_UPDATES = 2 * Limits.REQUEST_UPDATES
"""With so many updates queued, whatever else begins only waits for its turn, and takes memory."""

_BUSY_SECONDS = 0.005
"""How long a loop that never sleeps may keep those waiting who need an answer."""


class Outbox:
    """Sends updates from the loop: inline when nothing else runs, else in a thread."""

    def __init__(
        self,
        execution: Execution,
        service: Service,
        kept: KeptLoop,
        in_thread: Callable[[Callable[[], None]], object],
        wake: Callable[[Sequence[Operation]], None],
    ) -> None:
        self._execution = execution
        self._service = service
        self._kept = kept
        self._in_thread = in_thread
        self._wake = wake
        self._waiters: deque[tuple[int, asyncio.Future[None]]] = deque()
        """Those who wait, by ticket: the first to come is the first to be answered."""
        self._held_up: list[asyncio.Future[None]] = []
        """Those who wait for room before they begin more."""
        self._since: float | None = None
        self._sending = False
        self._urgent = False

    @property
    def is_expecting(self) -> bool:
        """True while an answer is on its way, or somebody waits for one."""
        return self._sending or bool(self._waiters) or self._urgent

    def put(self, update: OperationUpdate | None) -> None:
        """Queue an update that nobody waits for."""
        self._execution.put(update)
        if self._since is None:
            self._since = monotonic()

    async def commit(self, update: OperationUpdate | None) -> None:
        """Queue an update, or a refresh, and return once it is answered."""
        ticket = self._execution.put(update)
        future = self._kept.loop.create_future()
        self._waiters.append((ticket, future))
        if self._since is None:
            self._since = monotonic()
        await future

    async def room(self) -> None:
        """Return once what is queued is not more than the next requests take."""
        execution = self._execution
        while len(execution.queue) >= _ROOM_UPDATES and execution.ending is None:
            self.hurry()
            future = self._kept.loop.create_future()
            self._held_up.append(future)
            await future

    def refresh(self) -> None:
        """Ask the service for what has changed; nobody waits for the answer."""
        self.put(None)
        self.hurry()

    def hurry(self) -> None:
        """Have what is queued sent without delay, although nobody waits for the answer."""
        self._urgent = True

    def before_sleep(self, timeout: float | None) -> float | None:
        """Send what is due; return how long the loop may sleep, 0 if there is news."""
        if self._sending or self._since is None:
            return timeout
        age = monotonic() - self._since
        if timeout == 0:
            if (self._waiters or self._urgent) and age > _BUSY_SECONDS:
                self._send_in_thread()
            return timeout
        if self._waiters or self._urgent:
            if timeout is None and len(self._kept.selector.get_map()) == 1:
                self._send_inline()
                return 0
            self._send_in_thread()
            return timeout
        left = LINGER_SECONDS - age
        if left <= 0:
            self._send_in_thread()
            return timeout
        return left if timeout is None else min(timeout, left)

    def _send_inline(self) -> None:
        batch = self._taken()
        try:
            answer = self._exchange(batch)
        except BaseException as error:  # noqa: BLE001 - whoever waits must hear of it
            self._failed(error)
        else:
            self._answered(batch, answer)

    def _send_in_thread(self) -> None:
        batch = self._taken()
        self._sending = True
        loop = self._kept.loop

        def job() -> None:
            try:
                answer = self._exchange(batch)
            except BaseException as error:  # noqa: BLE001 - whoever waits must hear of it
                loop.call_soon_threadsafe(self._failed, error)
            else:
                loop.call_soon_threadsafe(self._answered, batch, answer)

        self._in_thread(job)

    def _taken(self) -> Batch:
        batch = self._execution.queue.take()
        self._urgent = False
        self._since = monotonic() if self._execution.queue else None
        return batch

    def _exchange(self, batch: Batch) -> Answer:
        execution = self._execution
        return exchange(self._service, execution.arn, execution.token, batch)

    def _answered(self, batch: Batch, answer: Answer) -> None:
        self._sending = False
        self._execution.accept(batch, answer)
        self._execution.observers.tell_answered(batch, answer.changed)
        if self._execution.ending is not None:
            self._release_all()
            return
        settled = self._execution.queue.settled
        waiters = self._waiters
        while waiters and waiters[0][0] <= settled:
            _, future = waiters.popleft()
            _set(future)
        self._let_in()
        self._wake(answer.changed)

    def _failed(self, error: BaseException) -> None:
        self._sending = False
        self._execution.abort(error)
        self._release_all()

    def _release_all(self) -> None:
        """Let everybody go on: each finds that the execution is ending, and raises that."""
        self._since = None
        self._urgent = False
        for _, future in self._waiters:
            _set(future)
        self._waiters.clear()
        self._let_in()

    def _let_in(self) -> None:
        """Let those look who wait for room."""
        held_up, self._held_up = self._held_up, []
        for future in held_up:
            _set(future)


def _set(future: "asyncio.Future[None]") -> None:
    if not future.done():  # it may have been cancelled
        future.set_result(None)
