"""Group commit for threads: whoever needs an answer sends everything that is queued with it.

Branches that were given an answer together will soon need the next one. Whoever comes first waits
for the others a little: a share of the time that the last request took, so that waiting never
costs more than it can save.
"""

import threading
from collections.abc import Callable
from time import monotonic

from ..abc import Service
from ..checkpointing import exchange
from ..errors import Unwinding
from ..execution import Execution
from ..protocol import Limits, OperationUpdate
from .linger import Linger

_PATIENCE_SHARE = 0.25
_PATIENCE_SECONDS = 0.005
_NOT_WORTH_IT_SECONDS = 0.0005


class Sender:
    """Sends an execution's updates, one request at a time, on the thread that waits for them."""

    def __init__(self, execution: Execution, service: Service) -> None:
        self._execution = execution
        self._service = service
        self.answers = lock = threading.Lock()
        """Held while an answer is taken in."""
        self._turn = threading.Condition(lock)
        self._arrived = threading.Condition(lock)
        self._sending = False
        self._waiting = 0
        """How many threads are here."""
        self._expected = 0
        """How many the last answer has let go on."""
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
        with self._turn:
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
        with self._turn:
            self._waiting += 1
            self._arrived.notify()
        try:
            self._send_until(ticket)
        finally:
            with self._turn:
                self._waiting -= 1
            self._execution.observers.tell_ended()  # another thread may have had the answer

    def _send_until(self, ticket: int) -> None:
        execution, queue = self._execution, self._execution.queue
        while True:
            with self._turn:
                while self._sending and queue.settled < ticket:
                    self._turn.wait()
                if queue.settled >= ticket:
                    return
                if execution.ending is not None:
                    raise execution.ending
                self._sending = True
                self._gather()
                batch = queue.take()
                self._expected = self._waiting
                if not queue:
                    self._linger.sent()
            began = monotonic()
            try:
                answer = exchange(self._service, execution.arn, execution.token, batch)
                with self._turn:
                    execution.accept(batch, answer)
            except BaseException as error:  # the invocation cannot go on
                raise execution.abort(error) from error
            finally:
                with self._turn:
                    self._took = monotonic() - began
                    self._sending = False
                    self._turn.notify_all()
            self.on_news()
            execution.observers.tell_answered(batch, answer.changed)
            if execution.ending is not None:
                raise execution.ending

    def _gather(self) -> None:
        """Wait until as many are here as the last answer let go, or for as long as it may pay."""
        patience = min(self._took * _PATIENCE_SHARE, _PATIENCE_SECONDS)
        if patience < _NOT_WORTH_IT_SECONDS:
            return
        until = monotonic() + patience
        queue = self._execution.queue
        while self._waiting < self._expected and len(queue) < Limits.REQUEST_UPDATES:
            left = until - monotonic()
            if left <= 0:
                return
            self._arrived.wait(left)


def _nothing() -> None:
    """Nobody wants to be told."""
