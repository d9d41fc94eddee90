"""Group commit for threads: whoever needs an answer sends everything that is queued with it."""

import threading
from collections.abc import Callable

from ..abc import Service
from ..checkpointing import exchange
from ..errors import Unwinding
from ..execution import Execution
from ..protocol import OperationUpdate
from .linger import Linger


class Sender:
    """Sends an execution's updates, one request at a time, on the thread that waits for them."""

    def __init__(self, execution: Execution, service: Service) -> None:
        self._execution = execution
        self._service = service
        self._turn = threading.Condition()
        self._sending = False
        self._linger = Linger(self._flush)
        self.on_news: Callable[[], None] = _nothing
        """Called after each answer."""

    def put(self, update: OperationUpdate | None, *, durable: bool) -> None:
        """Queue an update; with `durable`, return only once it is answered.

        Raises what ends the execution if it cannot be sent any more.
        """
        execution = self._execution
        with self._turn:
            ticket = execution.put(update)
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
                batch = queue.take()
                if not queue:
                    self._linger.sent()
            try:
                answer = exchange(self._service, execution.arn, execution.token, batch)
                with self._turn:
                    execution.accept(batch, answer)
            except BaseException as error:  # the invocation cannot go on
                raise execution.abort(error) from error
            finally:
                with self._turn:
                    self._sending = False
                    self._turn.notify_all()
            self.on_news()
            execution.tell_answered(batch, answer)
            if execution.ending is not None:
                raise execution.ending


def _nothing() -> None:
    """Nobody wants to be told."""
