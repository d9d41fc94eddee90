"""What the thread runtime knows of branches and groups; all of it is guarded by one lock."""

from collections import deque
from collections.abc import Callable, Iterator
from heapq import heappop, heappush

from ..effects import Group, Settled
from ..history import History
from ..line import Line
from ..protocol import Operation
from ..scope import Place

_REFRESH_AGAIN_SECONDS = 1.0


class Entry:
    """A branch: what drives it, and how it is."""

    __slots__ = ("job", "outcome", "owner", "place", "running", "started", "told", "watchers")

    def __init__(self, owner: object, place: Place, job: Callable[[], Settled]) -> None:
        self.owner = owner
        self.place = place
        self.job = job
        self.started = False
        self.running = False
        """True from the moment it is to be run until it comes to rest."""
        self.outcome: Settled | None = None
        """How it ended, once it has."""
        self.told = False
        """Whether it was told as RESUMABLE, and was not spawned again since."""
        self.watchers: list[tuple[GroupState, int]] = []

    @property
    def line(self) -> Line:
        """The line it runs on; a new one each time it goes on after a suspension."""
        return self.place.scope.line

    def rests_on(self, line: Line) -> bool:
        """Return whether it was suspended when it ran on `line`, and has had no news since."""
        is_over = self.running or self.told or self.outcome is not None
        return self.line is line and not is_over


class GroupState:
    """The branches of one group: what is to be told of them, and what the suspended wait for."""

    __slots__ = ("_cursor", "_due", "_resting", "active", "ending", "limited", "members", "settled")

    def __init__(self, group: Group, history: History) -> None:
        self.limited = group.limited
        self.settled: deque[Settled] = deque()
        self.ending: BaseException | None = None
        self.members: set[Entry] = set()
        self.active = 0
        self._resting: dict[str, list[tuple[Entry, int, Line]]] = {}
        self._due: list[tuple[float, int, Entry, Line]] = []
        self._cursor = len(history.changes)

    def rest(self, entry: Entry, index: int, history: History) -> bool:
        """Note that a branch was suspended; return whether it has news already."""
        line = entry.line
        for awaited, seen in line.awaited.items():
            if history.records.get(awaited) is not seen:
                return True
        for awaited in line.awaited:
            self._resting.setdefault(awaited, []).append((entry, index, line))
        if line.until is not None:
            heappush(self._due, (line.until, id(line), entry, line))
        return False

    def with_news(self, history: History) -> Iterator[tuple[Entry, int]]:
        """Yield the suspended branches that wait for what was reported since the last look."""
        changes = history.changes
        while self._cursor < len(changes):
            changed = changes[self._cursor]
            self._cursor += 1
            for entry, index, line in self._resting.pop(changed, ()):
                if not entry.rests_on(line):
                    continue
                if history.records.get(changed) is not line.awaited[changed]:
                    yield entry, index
                else:  # reported before it was suspended
                    self._resting.setdefault(changed, []).append((entry, index, line))

    def earliest(self) -> float | None:
        """Return the earliest time for which a suspended branch waits."""
        while self._due and not self._due[0][2].rests_on(self._due[0][3]):
            heappop(self._due)
        return self._due[0][0] if self._due else None

    def passed(self, now: float) -> None:
        """Have those that are due looked at again in a second, should they have no news."""
        while self._due and self._due[0][0] <= now:
            _, number, entry, line = heappop(self._due)
            if entry.rests_on(line):
                line.until = now + _REFRESH_AGAIN_SECONDS
                heappush(self._due, (line.until, number, entry, line))

    def awaited(self) -> dict[str, Operation | None]:
        """Return what the suspended branches wait for, with the records they have seen."""
        return {
            awaited: line.awaited[awaited]
            for awaited, waiting in self._resting.items()
            for entry, _, line in waiting
            if entry.rests_on(line)
        }
