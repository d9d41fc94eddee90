"""Threads for branches: as many as are running, up to a limit, and none when nothing is.

A thread that waits for branches of its own gives its place to another, so a limit on running
threads cannot deadlock however deep the nesting is.

Threads that compute only get into each other's way: it takes them three times as long. So where no
request takes time, a job that somebody waits for has no new thread as long as jobs come to an end.
"""

import threading
from collections.abc import Callable
from heapq import heappop, heappush
from time import monotonic

from .pace import pace

RUNNING_LIMIT = 64

_STALL_SECONDS = 0.01
"""After so long without a job that begins, those that run wait for something: more threads help.

Twice the time for which Python lets a thread compute while others want to.
"""

Job = Callable[[], None]


class Workers:
    """Runs jobs on threads of its own. All methods want the lock held that they share."""

    def __init__(self, lock: threading.Lock) -> None:
        self._lock = lock
        self._work = threading.Condition(lock)
        self._jobs: list[tuple[int, int, Job]] = []
        self._number = 0
        self._running = 0
        self._idle = 0
        self._begun = 0.0
        self._stopped = False
        self._own = threading.local()

    def put(self, job: Job, depth: int, *, is_awaited: bool = False) -> None:
        """Run a job as soon as a thread is free; those nested deeper go first.

        Somebody waits on a thread for branches of branches; if new ones began before them, so would
        ever more threads. With `is_awaited`, who puts it asks for `patience` or `catch_up` next.
        """
        self._number += 1
        heappush(self._jobs, (-depth, self._number, job))
        if is_awaited:
            self._serve_sparingly()
        else:
            self._serve()

    def patience(self) -> float | None:
        """Return for how many seconds somebody may wait before asking again; None: without end.

        Begins as many threads again as there are, if it is time to.
        """
        if not self._jobs or self._running + self._idle >= RUNNING_LIMIT:
            return None
        left = self._begun + _STALL_SECONDS - monotonic()
        if left > 0:
            return left
        self._begun = monotonic()
        for _ in range(max(self._running, 1)):
            self._serve()
        return _STALL_SECONDS

    def catch_up(self) -> None:
        """Let threads run all jobs that wait, as many as may."""
        for _ in range(min(len(self._jobs), RUNNING_LIMIT)):
            self._serve()

    def give_place(self) -> None:
        """Let another thread run while this one waits."""
        if getattr(self._own, "is_worker", False):
            self._running -= 1
            self._serve_sparingly()

    def take_place(self) -> None:
        """Count this thread again, however many run: it has waited long enough."""
        if getattr(self._own, "is_worker", False):
            self._running += 1

    def stop(self) -> None:
        """Let idle threads end; those that still run user code end when it does."""
        self._stopped = True
        self._jobs.clear()
        self._work.notify_all()

    def _serve_sparingly(self) -> None:
        if not pace.is_prompt:
            self._serve()
        elif not self._running:  # otherwise those that run come to it
            if self._idle:
                self._work.notify()
            else:
                self._serve()

    def _serve(self) -> None:
        if self._stopped or not self._jobs or self._running >= RUNNING_LIMIT:
            return
        if self._idle:
            self._work.notify()
        if len(self._jobs) > self._idle and self._running + self._idle < RUNNING_LIMIT:
            self._running += 1
            threading.Thread(target=self._loop, name="lambda-durable-branch", daemon=True).start()

    def _loop(self) -> None:
        self._own.is_worker = True
        while True:
            with self._lock:
                self._running -= 1
                while not self._stopped and not (self._jobs and self._running < RUNNING_LIMIT):
                    self._idle += 1
                    self._work.wait()
                    self._idle -= 1
                if self._stopped:
                    return
                self._running += 1
                *_, job = heappop(self._jobs)
                self._begun = monotonic()
            job()
