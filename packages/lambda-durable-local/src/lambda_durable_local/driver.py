"""Brings a service, the hosts of its functions and a clock together, until an execution ends.

Each invocation runs on a thread of its own. What they do reaches the service through their
sessions; the loop here only starts what is due and sleeps until something else is.
"""

import threading
from collections.abc import Mapping, Sequence

from lambda_durable.protocol import CLOSED_STATUSES
from lambda_durable_kernel import CheckpointHook, DurableService, Errored, Invocation, Session, Task
from lambda_durable_kernel.blocked import why_blocked

from .clocks import WallClock
from .errors import LocalError, StuckError
from .hosts.base import Host

_STOP_SECONDS = 5.0


class Driver:
    """Makes the invocations of a service; `hosts` are by the name of the function."""

    def __init__(
        self,
        service: DurableService,
        hosts: Mapping[str, Host],
        clock: WallClock,
        on_checkpoint: CheckpointHook | None = None,
    ) -> None:
        self._service = service
        self._hosts = hosts
        self._clock = clock
        self._on_checkpoint = on_checkpoint
        self._running: set[threading.Thread] = set()
        self._news = threading.Event()
        self._failure: BaseException | None = None
        self._stopping = False

    def run(self, arn: str) -> None:
        """Return when the execution has ended; raise what goes wrong around its functions."""
        while True:
            self._news.clear()
            # Asked first: what has ended by now is seen by all that follows.
            idle = not self._running
            if self._failure is not None:
                raise self._failure
            due = self._service.due(self._clock.now())
            if self._is_closed(arn):
                return
            if due:
                self._begin(due)
                continue
            at = self._service.next_event_at()
            if at is None and idle:
                raise StuckError(why_blocked(self._service, arn))
            self._news.wait(None if at is None else self._clock.wait_until(at, idle=idle))

    def wake(self) -> None:
        """Look at once for what is due; to be called after every change of the service's."""
        self._news.set()

    def stop(self) -> None:
        """End all functions; what they were doing is taken up when the service starts again."""
        if self._stopping:
            return
        self._stopping = True
        for host in self._hosts.values():
            host.close()
        for thread in list(self._running):
            thread.join(_STOP_SECONDS)

    def _is_closed(self, arn: str) -> bool:
        status = self._service.describe(arn, include_data=False)["Status"]
        return status in CLOSED_STATUSES

    def _begin(self, due: Sequence[Task]) -> None:
        for task in due:
            host = self._hosts.get(task.function)
            if host is None:
                raise LocalError(
                    f"function {task.function!r} has to be invoked, and nothing is known of it: "
                    f"add --function {task.function}=TARGET"
                )
            invocation = self._service.begin(task, now=self._clock.now())
            if invocation is not None:
                thread = threading.Thread(
                    target=self._invoke, args=(host, invocation), name=invocation.id, daemon=True
                )
                self._running.add(thread)
                thread.start()

    def _invoke(self, host: Host, invocation: Invocation) -> None:
        session = Session(self._service, self._clock.now, self._on_checkpoint)
        try:
            outcome = host.invoke(invocation, session)
            # The functions that `stop` has ended did not crash.
            if not (self._stopping and isinstance(outcome, Errored)):
                self._service.finish(invocation.id, outcome, now=self._clock.now())
        except BaseException as error:  # noqa: BLE001 - raised again in `run`
            self._failure = error
        finally:
            self._running.discard(threading.current_thread())
            self._news.set()
