"""Threads for branches: as many as are running, up to a limit, and none when nothing is.

A thread that waits for branches of its own gives its place to another, so a limit on running
threads cannot deadlock however deep the nesting is.
"""

import threading
from collections import deque
from collections.abc import Callable

from ..branch import Branch
from ..effects import Group, Settled

RUNNING_LIMIT = 64

Job = Callable[[], Settled]


class _GroupState:
    """The branches of one group that came to rest and were not yet handed over."""

    __slots__ = ("ending", "settled")

    def __init__(self) -> None:
        self.settled: deque[Settled] = deque()
        self.ending: BaseException | None = None


class Branches:
    """Runs the branches of all groups of one invocation."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._changed = threading.Condition()
        self._waiting: deque[tuple[Group, Job]] = deque()
        self._running = 0
        self._idle = 0
        self._stopped = False
        self._owned: dict[str, list[Branch]] = {}
        self._own = threading.local()

    def start(self, owner: str, branch: Branch, group: Group, job: Job) -> None:
        """Run a branch of the operation `owner` as soon as a thread is free."""
        with self._changed:
            if group.state is None:
                group.state = _GroupState()
            self._owned.setdefault(owner, []).append(branch)
            self._waiting.append((group, job))
            self._grow()

    def abandon(self, owner: str) -> None:
        """Leave an operation's branches behind: durable calls in them do nothing any more."""
        if owner in self._owned:
            for branch in self._owned.pop(owner):
                branch.suspend("a branch that its operation left behind", None)

    def next_settled(self, group: Group, until: float | None) -> Settled | None:
        """Return the next branch of the group that comes to rest, None once `until` has passed."""
        with self._changed:
            self._give_place(-1)
            try:
                while group.state is None or not group.state.settled:
                    if group.state is not None and group.state.ending is not None:
                        raise group.state.ending
                    left = None if until is None else until - self._clock()
                    if left is not None and left <= 0:
                        return None
                    self._changed.wait(left)
                settled: Settled = group.state.settled.popleft()
                return settled
            finally:
                self._give_place(+1)

    def stop(self) -> None:
        """Let idle threads end; those that still run user code end when it does."""
        with self._changed:
            self._stopped = True
            self._waiting.clear()
            self._changed.notify_all()

    def _give_place(self, change: int) -> None:
        if getattr(self._own, "is_branch", False):
            self._running += change
            self._grow()

    def _grow(self) -> None:
        if self._idle:
            self._changed.notify_all()
        unserved = len(self._waiting) > self._idle
        if unserved and self._running < RUNNING_LIMIT and not self._stopped:
            self._running += 1
            threading.Thread(target=self._work, name="lambda-durable-branch", daemon=True).start()

    def _work(self) -> None:
        self._own.is_branch = True
        while True:
            with self._changed:
                self._running -= 1
                while not self._stopped and not (self._waiting and self._running < RUNNING_LIMIT):
                    self._idle += 1
                    self._changed.wait()
                    self._idle -= 1
                if self._stopped:
                    return
                self._running += 1
                group, job = self._waiting.popleft()
            try:
                settled, ending = job(), None
            except BaseException as raised:  # noqa: BLE001 - whoever waits for it must hear of it
                settled, ending = None, raised
            with self._changed:
                if settled is not None:
                    group.state.settled.append(settled)
                else:
                    group.state.ending = ending
                self._changed.notify_all()
