"""The branches of an `async def` handler's flows, each in a task of its own."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any

from ..effects import Group, Settled, Spawn
from ..errors import Unwinding
from ..scope import Place
from .parking import Parking

Run = Callable[[Any, Place], Coroutine[Any, Any, Any]]


class _State:
    """The branches of one group that came to rest and were not yet handed over."""

    __slots__ = ("ending", "news", "settled")

    def __init__(self) -> None:
        self.settled: deque[Settled] = deque()
        self.ending: BaseException | None = None
        self.news = asyncio.Event()


class _Entry:
    """One branch that was spawned, and whether its suspension was told."""

    __slots__ = ("group", "index", "place", "task", "told")

    def __init__(self, effect: Spawn, task: "asyncio.Task[Any]") -> None:
        self.group = effect.group
        self.index = effect.index
        self.place: Place = effect.place
        self.task = task
        self.told = False


class Groups:
    """All branches of one invocation, by the operation that spawned them."""

    def __init__(self) -> None:
        self._entries: dict[str, dict[int, _Entry]] = {}

    def spawn(self, owner: str, effect: Spawn, run: Run) -> None:
        """Drive a branch; one whose task is parked only has its suspension told again."""
        if effect.group.state is None:
            effect.group.state = _State()
        entries = self._entries.setdefault(owner, {})
        known = entries.get(effect.index)
        if known is not None and not known.task.done():
            known.told = False
            return
        effect.place.scope.branch = effect.place.scope.branch.renewed()
        task = asyncio.get_running_loop().create_task(run(effect.place.operation, effect.place))
        entry = entries[effect.index] = _Entry(effect, task)
        task.add_done_callback(lambda done: _settle(entry, done))

    async def next_settled(self, group: Group, left: float | None) -> Settled | None:
        """Return the next branch that comes to rest, None once `left` seconds have passed."""
        if group.state is None:
            group.state = _State()
        state: _State = group.state
        try:
            async with asyncio.timeout(left):
                while not state.settled:
                    if state.ending is not None:
                        raise state.ending
                    state.news.clear()
                    await state.news.wait()
        except TimeoutError:
            return None
        return state.settled.popleft()

    def tell_suspended(self, parking: Parking) -> bool:
        """Tell the groups of the branches that only rest; return whether there was one to tell."""
        resting = parking.branches()
        told = False
        for entries in self._entries.values():
            for entry in entries.values():
                branch = entry.place.scope.branch
                if branch in resting and not entry.told and not branch.driven:
                    entry.told = told = True
                    _post(entry.group, Settled(entry.index, "SUSPENDED", until=resting[branch]))
        return told

    def abandon(self, owner: str) -> None:
        """Cancel the branches an operation leaves behind; durable calls in them do nothing."""
        for entry in self._entries.pop(owner, {}).values():
            if not entry.task.done():
                entry.place.scope.branch.suspend(entry.place.path, None)
                entry.task.cancel()


def _settle(entry: _Entry, task: "asyncio.Task[Any]") -> None:
    if task.cancelled():
        return
    error = task.exception()
    if error is None:
        _post(entry.group, Settled(entry.index, "SUCCEEDED", task.result()))
    elif isinstance(error, Exception):
        _post(entry.group, Settled(entry.index, "FAILED", error=error))
    elif isinstance(error, Unwinding) and entry.group.state is not None:
        entry.group.state.ending = error
        entry.group.state.news.set()


def _post(group: Group, settled: Settled) -> None:
    state: _State = group.state
    state.settled.append(settled)
    state.news.set()
