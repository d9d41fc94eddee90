"""The branches of an `async def` handler's flows, each in a task of its own."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, Literal

from ..effects import Group, Settled, Spawn
from ..errors import Unwinding
from ..line import Line
from ..scope import Place
from .parking import count_parked

Run = Callable[[Any, Place], Coroutine[Any, Any, Any]]


class _State:
    """What is to be told of the branches of one group."""

    __slots__ = ("ending", "held_back", "limited", "members", "news", "settled")

    def __init__(self, group: Group, held_back: Callable[[Callable[[], None]], bool]) -> None:
        self.limited = group.limited
        self.held_back = held_back
        """Asked before the flow that waits goes on: its branch may have to be spawned first."""
        self.members: set[_Entry] = set()
        self.settled: deque[Settled] = deque()
        self.ending: BaseException | None = None
        self.news = asyncio.Event()

    def post(self, settled: Settled) -> None:
        """Have `settled` handed over."""
        self.settled.append(settled)
        if not self.held_back(self.news.set):
            self.news.set()


class _Entry:
    """One branch that was spawned."""

    __slots__ = ("let_go", "owner", "place", "resumable", "task", "told", "watchers")

    task: "asyncio.Task[Any]"

    def __init__(self, owner: object, place: Place) -> None:
        self.owner = owner
        self.place = place
        self.watchers: list[tuple[_State, int]] = []
        self.let_go = False
        """Whether it was cancelled because nobody waited for it."""
        self.told = False
        """Whether it was told as suspended, so that it goes on when it is spawned again."""
        self.resumable: list[Callable[[], None]] = []
        """What lets those of its flows go on that have news, while it waits for that."""

    @property
    def line(self) -> Line:
        """The line it runs on."""
        return self.place.scope.line

    def tell(self, status: Literal["SUSPENDED", "RESUMABLE"]) -> None:
        """Tell the groups that want to know of it."""
        for state, index in self.watchers:
            if state.limited:
                state.post(Settled(index, status))


class Groups:
    """All branches of one invocation, by the id of their operation."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._entries: dict[str, _Entry] = {}
        self._owned: dict[object, set[_Entry]] = {}
        self._watched: dict[object, list[tuple[_Entry, _State]]] = {}
        self._by_line: dict[Line, _Entry] = {}
        self._resting: set[_Entry] = set()

    def spawn(self, owner: object, effect: Spawn, line: Line) -> None:
        """Drive a branch for a group of a flow on `line`, or tell it of one driven already."""
        state = self._state(effect.group, line)
        entry = self._known(effect.place) or self._start(owner, effect.place)
        if entry not in state.members:
            self._watch(owner, state, entry, effect.index)
        else:
            entry.told = False
            resumable, entry.resumable = entry.resumable, []
            for resume in resumable:
                resume()

    def begin(self, place: Place) -> None:
        """Drive a branch that nobody waits for yet, for its owner."""
        if self._known(place) is None:
            self._start(place.owner, place)

    async def next_settled(self, group: Group, left: float | None, line: Line) -> Settled | None:
        """Return what is next to be told of a group, None once `left` seconds have passed."""
        state = self._state(group, line)
        try:
            async with asyncio.timeout(left):
                while not state.settled:
                    if state.ending is not None:
                        raise state.ending
                    state.news.clear()
                    await self._news(state, line)
        except TimeoutError:
            return None
        return state.settled.popleft()

    async def _news(self, state: _State, line: Line) -> None:
        """Wait for news of a group; a flow that waits for others' branches rests with them."""
        if state.limited:
            await state.news.wait()
            return
        count_parked(line, +1)
        self.rested(line)
        try:
            await state.news.wait()
        finally:
            count_parked(line, -1)

    def _state(self, group: Group, line: Line) -> _State:
        if group.state is None:
            group.state = _State(group, partial(self.held_back, line))
        state: _State = group.state
        return state

    def rested(self, line: Line) -> None:
        """Note that a flow on `line` rests; its branch may do so as a whole."""
        for entry in self._above(line):
            if not entry.told:
                self._resting.add(entry)

    def tell_suspended(self) -> bool:
        """Tell the groups of the branches that only rest; return whether there was one to tell.

        The innermost first: their groups may begin others, and then those around do not rest.
        """
        resting: list[_Entry] = []
        for entry in list(self._resting):
            line = entry.place.scope.line
            is_limited = any(state.limited for state, _ in entry.watchers)
            if entry.task.done() or not line.parked or not (line.driven or is_limited):
                self._resting.discard(entry)
            elif not line.driven:
                resting.append(entry)
        depth = max((entry.place.scope.line.depth for entry in resting), default=0)
        for entry in resting:
            if entry.place.scope.line.depth == depth:
                self._resting.discard(entry)
                entry.told = True
                entry.tell("SUSPENDED")
        return bool(resting)

    def held_back(self, line: Line, resume: Callable[[], None]) -> bool:
        """Return whether a flow on `line` that has news must wait for its branch to be spawned.

        The outermost branch comes first; in it, the next one is then to be spawned.
        """
        for entry in reversed(self._above(line)):
            if entry.told:
                entry.resumable.append(partial(self._go_on, line, resume))
                if len(entry.resumable) == 1:
                    entry.tell("RESUMABLE")
                return True
        return False

    def _go_on(self, line: Line, resume: Callable[[], None]) -> None:
        if not self.held_back(line, resume):
            resume()

    def let_go(self) -> bool:
        """End the branches that nobody waits for any more; return whether there were any."""
        found = False
        for entry in self._entries.values():
            line = entry.place.scope.line
            # Once: what it does on being cancelled is its clean-up.
            if not line.held and line.driven and not entry.task.cancelling():
                entry.let_go = entry.task.cancel()
                found = entry.let_go or found
        return found

    def abandon(self, owner: object) -> None:
        """Cancel the branches an owner leaves behind; durable calls in them do nothing."""
        for entry, state in self._watched.pop(owner, ()):
            entry.watchers = [each for each in entry.watchers if each[0] is not state]
        for entry in self._owned.pop(owner, ()):
            self._forget(entry)
            if not entry.task.done():
                entry.place.scope.line.suspend(entry.place.path)
                entry.task.cancel()

    def _known(self, place: Place) -> _Entry | None:
        """Return the entry of a branch, None if there is none or it was let go and cancelled."""
        entry = self._entries.get(place.id)
        return None if entry is None or entry.task.cancelled() else entry

    def _start(self, owner: object, place: Place) -> _Entry:
        owner = place.owner or owner
        entry = self._entries[place.id] = _Entry(owner, place)
        self._owned.setdefault(owner, set()).add(entry)
        self._drive(entry)
        return entry

    def _drive(self, entry: _Entry) -> None:
        place = entry.place
        place.scope.line = place.scope.line.renewed()
        self._by_line[place.scope.line] = entry
        entry.task = asyncio.get_running_loop().create_task(self._run(place.operation, place))
        entry.task.add_done_callback(lambda done: self._settle(entry, done))

    def _settle(self, entry: _Entry, task: "asyncio.Task[Any]") -> None:
        if not task.cancelled():
            task.exception()  # seen: asyncio need not complain that nobody looked
        elif entry.let_go and entry.line.held and entry.place.scope.ending() is None:
            self._begin_anew(entry)  # somebody waits for it after all
            return
        for state, index in entry.watchers:
            _tell(state, index, task)
        if entry.place.owner is None:  # a branch is told once; thousands of them are not kept
            for state, _ in entry.watchers:
                state.members.discard(entry)
            self._owned.get(entry.owner, set()).discard(entry)
            self._forget(entry)

    def _begin_anew(self, entry: _Entry) -> None:
        entry.let_go = False
        self._by_line.pop(entry.line, None)
        self._drive(entry)

    def _forget(self, entry: _Entry) -> None:
        if self._entries.get(entry.place.id) is entry:
            del self._entries[entry.place.id]
        self._by_line.pop(entry.place.scope.line, None)
        self._resting.discard(entry)

    def _watch(self, owner: object, state: _State, entry: _Entry, index: int) -> None:
        state.members.add(entry)
        entry.watchers.append((state, index))
        if entry.owner != owner:
            self._watched.setdefault(owner, []).append((entry, state))
        if entry.task.done():
            _tell(state, index, entry.task)

    def _above(self, line: Line) -> list[_Entry]:
        found = []
        each: Line | None = line
        while each is not None:
            entry = self._by_line.get(each)
            if entry is not None:
                found.append(entry)
            each = each.parent
        return found


def _tell(state: _State, index: int, task: "asyncio.Task[Any]") -> None:
    if task.cancelled():
        return
    error = task.exception()
    if error is None:
        state.post(Settled(index, "SUCCEEDED", task.result()))
    elif isinstance(error, Exception):
        state.post(Settled(index, "FAILED", error=error))
    elif isinstance(error, Unwinding):
        state.ending = error
        state.news.set()
