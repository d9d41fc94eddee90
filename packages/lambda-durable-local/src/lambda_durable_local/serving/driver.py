"""Makes the invocations that are due, each on a thread of its own, until it is stopped.

It sleeps until something changes or the next timer is due, and never looks in between.
"""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import Future

from lambda_durable_kernel import (
    DurableService,
    Errored,
    Invocation,
    Outcome,
    Session,
    Task,
)

from ..clocks import WallClock
from ..errors import LocalError
from ..functions import LocalFunction
from ..hosts.base import Host
from .calls import Call, Calls

_log = logging.getLogger(__name__)

_STOP_SECONDS = 5.0
_AFTER_FAILURE_SECONDS = 1.0


class ServiceDriver:
    """Drives a service; `hosts` are by the name of their function.

    It looks at once for what is due when `news` is set, as it must be after every change of the
    service's. Of a function no more invocations run at once than its concurrency allows. Those of
    functions that are not here wait until the service is started with them.
    """

    def __init__(
        self,
        service: DurableService,
        functions: Mapping[str, LocalFunction],
        hosts: Mapping[str, Host],
        calls: Calls,
        clock: WallClock,
        news: threading.Event,
    ) -> None:
        self._service = service
        self._functions = functions
        self._hosts = hosts
        self._calls = calls
        self._clock = clock
        self._news = news
        self._lock = threading.Lock()
        self._running: set[threading.Thread] = set()
        self._counts: Counter[str] = Counter()
        self._missing: set[str] = set()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="lambda-durable-driver", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def call(self, invocation: Invocation) -> "Future[Outcome]":
        """Run an invocation that the service knows nothing of."""
        future: Future[Outcome] = Future()

        def work() -> None:
            future.set_result(self._outcome(invocation))

        self._spawn(invocation, work)
        return future

    def accept(self, invocation: Invocation) -> None:
        """Keep an invocation that nobody waits for, and make it as soon as possible."""
        self._calls.add(invocation)
        self._news.set()

    def stop(self) -> None:
        """End all functions; what they were doing is taken up when the service starts again."""
        self._stopping.set()
        self._news.set()
        self._thread.join()
        for host in self._hosts.values():
            host.close()
        with self._lock:
            running = list(self._running)
        for thread in running:
            thread.join(_STOP_SECONDS)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._news.clear()
            try:
                seconds = self._look()
            except LocalError as error:
                # The disk is full, say: that may pass, and nothing that was answered is lost.
                _log.error("%s", error.message)
                seconds = _AFTER_FAILURE_SECONDS
            except Exception:  # noqa: BLE001 - one execution must not stop all others
                _log.exception("what is due cannot be done")
                seconds = _AFTER_FAILURE_SECONDS
            self._news.wait(seconds)

    def _look(self) -> float | None:
        """Make what is due, and return in how many seconds to come back."""
        # Asked first: what has ended by now is seen by all that follows.
        with self._lock:
            idle = not self._running
        while not self._stopping.is_set():
            due = self._service.due(self._clock.now(), limit=1, busy=self._busy())
            if not due:
                break
            idle = False
            self._begin(due[0])
        now = self._clock.now()
        while call := self._calls.take(now, self._is_free):
            idle = False
            self._make(call)
        at = self._service.next_event_at()
        waits = [] if at is None else [self._clock.wait_until(at, idle=idle)]
        # Time is never skipped in order to forget, or to try again what nobody waits for.
        later = (self._service.next_forgotten_at(), self._calls.next_after(now))
        waits += [max(0.0, at - self._clock.now()) for at in later if at is not None]
        return min(waits, default=None)

    def _make(self, call: Call) -> None:
        invocation = call.invocation(self._clock.now())

        def work() -> None:
            outcome = self._outcome(invocation)
            if not (self._stopping.is_set() and isinstance(outcome, Errored)):
                try:
                    self._calls.settle(call, outcome, self._clock.now())
                except LocalError as error:
                    _log.error("the end of an invocation cannot be saved: %s", error.message)

        self._spawn(invocation, work)

    def _is_free(self, function: str) -> bool:
        return function in self._hosts and function not in self._busy()

    def _busy(self) -> set[str]:
        with self._lock:
            full = {
                name
                for name, function in self._functions.items()
                if self._counts[name] >= function.concurrency
            }
        return full | self._missing

    def _begin(self, task: Task) -> None:
        if task.function not in self._hosts:
            self._missing.add(task.function)
            _log.warning(
                "function %r has to be invoked, and nothing is known of it: its executions wait",
                task.function,
            )
            return
        invocation = self._service.begin(task, now=self._clock.now())
        if invocation is not None:
            self._spawn(invocation, lambda: self._invoke(invocation))

    def _spawn(self, invocation: Invocation, work: Callable[[], None]) -> None:
        def run() -> None:
            try:
                work()
            finally:
                with self._lock:
                    self._running.discard(thread)
                    self._counts[invocation.function] -= 1
                self._news.set()

        thread = threading.Thread(target=run, name=invocation.id, daemon=True)
        with self._lock:
            self._running.add(thread)
            self._counts[invocation.function] += 1
        thread.start()

    def _invoke(self, invocation: Invocation) -> None:
        outcome = self._outcome(invocation)
        # The functions that `stop` has ended did not crash.
        while not (self._stopping.is_set() and isinstance(outcome, Errored)):
            try:
                self._service.finish(invocation.id, outcome, now=self._clock.now())
                return
            except LocalError as error:
                _log.error("the end of an invocation cannot be saved: %s", error.message)
            if self._stopping.wait(_AFTER_FAILURE_SECONDS):
                return

    def _outcome(self, invocation: Invocation) -> Outcome:
        session = Session(self._service, self._clock.now)
        try:
            return self._hosts[invocation.function].invoke(invocation, session)
        except Exception as error:  # noqa: BLE001 - whatever the host cannot do, this invocation failed
            if not self._stopping.is_set():
                _log.error("function %r cannot be run: %s", invocation.function, error)
            return Errored({"ErrorType": "Runtime.Unknown", "ErrorMessage": str(error)})
