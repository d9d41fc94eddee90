"""One thread at a time: branches take turns, and somebody chooses whose it is.

User code of a `def` handler needs a thread for each branch. Only one of them runs at any moment:
the others wait for their turn, at a gate or for news. Who goes on is chosen from a list that
depends on what has happened alone, never on the machine, so equal choices give equal runs.
"""

import threading
from collections.abc import Callable
from types import FrameType

from lambda_durable.errors import Suspension

from .patience import TICK_SECONDS, Patience

Job = Callable[[], None]
Choose = Callable[[int, FrameType | None], int]


class _Turn:
    """A thread that takes turns, or the job of one that was not needed yet."""

    __slots__ = ("depth", "go", "job", "thread")

    def __init__(self, job: Job | None = None, depth: int = 0) -> None:
        self.job = job
        self.depth = depth
        self.go = threading.Event()
        self.thread = threading.get_ident() if job is None else None


class Turns:
    """The turns of one invocation; the thread that makes it has the first."""

    def __init__(self, choose: Choose) -> None:
        self._choose = choose
        self._lock = threading.Lock()
        self._ready: list[_Turn] = []
        self._blocked: list[_Turn] = []
        self._own = threading.local()
        self._holder: _Turn | None = _Turn()
        self._own.turn = self._holder
        self._changes = 0
        self._over = False

    def add(self, job: Job, depth: int) -> None:
        """Have a job done on a thread of its own when its turn comes.

        Those nested deeper come first, so that few threads wait for branches of branches.
        """
        with self._lock:
            if not self._over:
                shallower = (
                    position
                    for position, other in enumerate(self._ready)
                    if other.job is not None and other.depth < depth
                )
                self._ready.insert(next(shallower, len(self._ready)), _Turn(job, depth))
                self._rouse()

    def gate(self, frame: FrameType | None = None) -> None:
        """Let another thread go on here, if that is chosen; `frame` is the user's function.

        Raises Suspension once the invocation is over, so that what was left behind ends.
        """
        mine: _Turn | None = getattr(self._own, "turn", None)
        if mine is None or (not self._ready and not self._over):
            return
        with self._lock:
            if self._over:
                self._check_going_on(mine)
                return
            if mine is self._holder:
                self._ready.insert(0, mine)
                chosen = self._taken(frame)
                if chosen is mine:
                    return
                self._pass_to(chosen)
            else:
                self._ready.append(mine)
                self._rouse()
        self._wait(mine)
        self._check_going_on(mine)

    def wait_for_news(self) -> None:
        """Let others go on until one of them has news."""
        mine: _Turn = self._own.turn
        with self._lock:
            if self._over:
                return
            self._blocked.append(mine)
            self._pass_on(mine)
        self._wait(mine)

    def news(self) -> None:
        """Let all that wait for news look for themselves, when their turn comes."""
        with self._lock:
            self._ready[:0] = self._blocked
            self._blocked.clear()
            self._rouse()

    def close(self) -> None:
        """End the turns: jobs that have not begun never will, and who waits ends at its gate."""
        with self._lock:
            self._over = True
            left, self._ready, self._blocked = [*self._ready, *self._blocked], [], []
        for turn in left:
            turn.go.set()

    def _check_going_on(self, mine: _Turn) -> None:
        if self._over and mine is not self._holder:
            raise Suspension("the invocation is over")

    # --- Below: whose turn it is; the lock is held ------------------------------------------

    def _taken(self, frame: FrameType | None = None) -> _Turn:
        """Take whoever is chosen out of those that are ready."""
        count = len(self._ready)
        return self._ready.pop(self._choose(count, frame) if count > 1 else 0)

    def _pass_on(self, mine: _Turn) -> None:
        """Let somebody else go on, if it was this one's turn."""
        if self._holder is mine:
            self._holder = None
            self._rouse()

    def _rouse(self) -> None:
        """Let somebody go on if nobody does."""
        if self._holder is None and self._ready:
            self._pass_to(self._taken())

    def _pass_to(self, turn: _Turn) -> None:
        self._holder = turn
        self._changes += 1
        if turn.job is None:
            turn.go.set()
        else:
            name = "lambda-durable-branch"
            threading.Thread(target=self._work, args=(turn,), name=name, daemon=True).start()

    # --- The threads ------------------------------------------------------------------------

    def _work(self, turn: _Turn | None) -> None:
        while turn is not None:
            self._own.turn = turn
            turn.thread = threading.get_ident()
            job, turn.job = turn.job, None
            assert job is not None, "a thread is for jobs that have not begun"
            job()
            turn = self._next_after(turn)

    def _next_after(self, mine: _Turn) -> _Turn | None:
        """Return the job that this thread goes on with, None if another thread does."""
        with self._lock:
            if self._over or self._holder is not mine:
                return None
            self._holder = None
            if self._ready:
                chosen = self._taken()
                if chosen.job is not None:
                    self._holder = chosen
                    self._changes += 1
                    return chosen
                self._pass_to(chosen)
            return None

    def _wait(self, mine: _Turn) -> None:
        patience = Patience()
        while not mine.go.wait(TICK_SECONDS):
            with self._lock:
                holder, changes = self._holder, self._changes
                if holder is None or self._over:
                    continue
                if patience.is_over(changes, holder.thread) and self._ready:
                    self._pass_to(self._taken())  # the holder waits for one of these
        mine.go.clear()


class TurnCondition(threading.Condition):
    """A condition whose waiting lets the next one have its turn; it is never timed."""

    def __init__(self, lock: threading.Lock, turns: Turns) -> None:
        super().__init__(lock)
        self._turns = turns

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for news; the time-out is of the virtual clock, which stands still meanwhile."""
        self.release()
        try:
            self._turns.wait_for_news()
        finally:
            self.acquire()
        return True

    def notify_all(self) -> None:
        """Let all that wait look for themselves."""
        self._turns.news()
