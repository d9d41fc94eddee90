"""Group commit for threads: whoever needs an answer sends everything that is queued with it.

Branches that were given an answer together will soon need the next one. Whoever comes first waits
for the others while they keep coming, at most for as long as the last request took, so that waiting
never costs more than it can save. A thread that waits is woken once: when it has its answer, or
when it is to send.
"""

import threading
from collections.abc import Callable
from time import monotonic

from ..abc import Service
from ..batching import Batch
from ..checkpointing import exchange
from ..errors import Unwinding
from ..execution import Execution
from ..protocol import Limits, OperationUpdate
from .linger import Linger
from .pace import pace

_PATIENCE_SHARE = 0.25
"""Of the time that the last request took: who comes later than that after the others is not waited
for.
"""

_PAUSE_SECONDS = 0.005
_PATIENCE_SECONDS = 0.02
_NOT_WORTH_IT_SECONDS = 0.0005


class _Waiter:
    """A thread that waits until a ticket is settled, or until it is to send itself."""

    __slots__ = ("_woken", "is_settled", "ticket")

    def __init__(self, ticket: int) -> None:
        self.ticket = ticket
        self.is_settled = False
        self._woken = threading.Lock()
        self._woken.acquire()

    def wait(self) -> None:
        """Return once it is woken."""
        self._woken.acquire()

    def wake(self) -> None:
        """Let it go on."""
        self._woken.release()


class Sender:
    """Sends an execution's updates, one request at a time, on the thread that waits for them."""

    def __init__(self, execution: Execution, service: Service) -> None:
        self._execution = execution
        self._service = service
        self.answers = threading.Lock()
        """Held while an answer is taken in, and around all that is noted below."""
        self._sending = False
        self._waiters: list[_Waiter] = []
        self._expected = 0
        """How many the last answer has let go on."""
        self._all_here: threading.Event | None = None
        """Set once as many are here as the one who is about to send waits for."""
        self._took = 0.0
        self._linger = Linger(self._flush)
        self.on_news: Callable[[], None] = _nothing
        """Called after each answer."""

    def put(
        self,
        update: OperationUpdate | None,
        *,
        durable: bool,
        check: Callable[[], None] | None = None,
    ) -> None:
        """Queue an update; with `durable`, return only once it is answered.

        Raises what ends the execution if it cannot be sent any more, and what `check` raises: what
        it has found is still so when the update takes its place in the queue.
        """
        execution = self._execution
        if update is not None:
            execution.observers.starting(update)
        with self.answers:
            if check is not None:
                check()
            ticket = execution.queue.put(update)
            if not durable:
                self._linger.queued()
        if durable:
            self._commit(ticket)

    def refresh(self) -> None:
        """Send what is queued, or ask the service for what has changed, and take the answer in."""
        self.put(None, durable=True)

    def stop(self) -> None:
        """End what runs beside the handler."""
        self._linger.stop()

    def _flush(self) -> None:
        try:
            self._commit(self._execution.queue.last_ticket)
        except Unwinding:  # it is noted in the execution, whose own threads raise it
            self._linger.sent()

    def _commit(self, ticket: int) -> None:
        try:
            while not self._is_settled(ticket):
                self._send()
        finally:
            self._execution.observers.tell_ended()  # another thread may have had the answer

    def _is_settled(self, ticket: int) -> bool:
        """Return True once a ticket is settled, False when it is for this thread to send."""
        execution, queue = self._execution, self._execution.queue
        while True:
            with self.answers:
                if queue.settled >= ticket:
                    return True
                if execution.ending is not None:
                    if not self._sending:
                        self._wake()  # the others count on this one to send
                    raise execution.ending
                if not self._sending:
                    self._sending = True
                    return False
                waiter = _Waiter(ticket)
                self._waiters.append(waiter)
                if self._all_here is not None and self._are_enough():
                    self._all_here.set()
            waiter.wait()
            if waiter.is_settled:
                return True

    def _send(self) -> None:
        """Send the next request and take its answer in."""
        execution = self._execution
        began = monotonic()
        try:
            self._gather()
            batch = self._taken()
            began = monotonic()
            answer = exchange(self._service, execution.arn, execution.token, batch)
            with self.answers:
                execution.accept(batch, answer)
        except BaseException as error:  # the invocation cannot go on
            raise execution.abort(error) from error
        finally:
            with self.answers:
                self._took = monotonic() - began
                pace.note(self._took)
                self._sending = False
                self._wake()
        self.on_news()
        execution.observers.tell_answered(batch, answer.changed)
        if execution.ending is not None:
            raise execution.ending

    def _taken(self) -> Batch:
        queue = self._execution.queue
        with self.answers:
            batch = queue.take()
            self._expected = len(self._waiters) + 1
            if not queue:
                self._linger.sent()
        return batch

    def _wake(self) -> None:
        """Let those go on who have their answer, and one more, who is to send; all at the end."""
        settled, is_ending = self._execution.queue.settled, self._execution.ending is not None
        left = []
        for waiter in self._waiters:
            waiter.is_settled = waiter.ticket <= settled
            if waiter.is_settled or is_ending:
                waiter.wake()
            else:
                left.append(waiter)
        if left:
            left.pop(0).wake()
        self._waiters = left

    def _gather(self) -> None:
        """Wait until as many are here as the last answer let go, or for as long as it may pay."""
        pause = min(self._took * _PATIENCE_SHARE, _PAUSE_SECONDS)
        if pause < _NOT_WORTH_IT_SECONDS:
            return
        until = monotonic() + min(self._took, _PATIENCE_SECONDS)
        with self.answers:
            if self._are_enough():
                return
            self._all_here = all_here = threading.Event()
        here = -1
        while here < len(self._waiters) and monotonic() < until:
            here = len(self._waiters)
            if all_here.wait(pause):
                break
        with self.answers:
            self._all_here = None

    def _are_enough(self) -> bool:
        is_full = len(self._execution.queue) >= Limits.REQUEST_UPDATES
        return is_full or len(self._waiters) + 1 >= self._expected


def _nothing() -> None:
    """Nobody wants to be told."""
