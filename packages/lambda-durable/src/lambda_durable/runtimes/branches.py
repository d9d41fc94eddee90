"""The branches of a `def` handler's flows: who runs, who rests, and who is told of it.

A branch that was suspended has left its thread; it is run again from its start when what it waits
for has news. Whoever waits for branches looks after that, so nothing polls and no thread idles.
"""

import threading
from collections.abc import Callable

from ..effects import Settled, Spawn
from ..execution import Execution
from ..line import Line
from ..protocol import Operation
from ..scope import Place
from .entries import Entry, GroupState
from .workers import Workers

Job = Callable[[], Settled]
Awaited = dict[str, Operation | None]


class Branches:
    """All branches of one invocation, by the id of their operation."""

    def __init__(self, execution: Execution, refresh: Callable[[], None]) -> None:
        self._execution = execution
        self._refresh = refresh
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._workers = Workers(self._lock)
        self._entries: dict[str, Entry] = {}
        self._owned: dict[object, set[Entry]] = {}
        self._watched: dict[object, list[tuple[Entry, GroupState]]] = {}
        self._running: dict[Line | None, set[Entry]] = {}
        self._waiting = 0

    # --- Starting and leaving behind --------------------------------------------------------

    def spawn(self, owner: object, effect: Spawn, job: Job) -> None:
        """Drive a branch for a group, or tell the group of one that is driven already."""
        with self._lock:
            state = effect.group.state
            if state is None:
                state = effect.group.state = GroupState(effect.group, self._execution.history)
            entry = self._entries.get(effect.place.id) or self._add(owner, effect.place, job)
            if entry not in state.members:
                self._watch(owner, state, entry, effect.index)
            elif entry.outcome is None and not entry.running:
                self._run(entry)

    def catch_up(self) -> None:
        """Have all branches run, since an owner of some does something else than wait for them."""
        with self._lock:
            self._workers.catch_up()

    def begin(self, place: Place, job: Job) -> None:
        """Drive a branch that nobody waits for yet, for its owner."""
        with self._lock:
            if place.id not in self._entries:
                self._run(self._add(place.owner, place, job))

    def abandon(self, owner: object) -> None:
        """Leave an owner's branches behind: durable calls in them do nothing any more."""
        if owner not in self._owned and owner not in self._watched:
            return
        with self._lock:
            for entry, state in self._watched.pop(owner, ()):
                entry.watchers = [each for each in entry.watchers if each[0] is not state]
            for entry in self._owned.pop(owner, ()):
                self._entries.pop(entry.place.id, None)
                _leave(entry)
            self._changed.notify_all()

    def stop(self) -> None:
        """Let idle threads end; those that still run user code end when it does."""
        with self._lock:
            for entry in self._entries.values():
                _leave(entry)
            self._changed.notify_all()
            self._workers.stop()

    # --- Waiting ----------------------------------------------------------------------------

    def next_settled(self, state: GroupState, until: float | None, place: Place) -> Settled | None:
        """Return what is next to be told of a group, None once `until` has passed.

        Raises what suspends the line of `place` if neither the group nor anything else of this
        line runs.
        """
        while True:
            with self._lock:
                self._resume(state)
                if state.settled:
                    return state.settled.popleft()
                if state.ending is not None:
                    raise state.ending
                place.scope.check_going_on()
                now = self._execution.clock()
                if until is not None and until <= now:
                    return None
                earliest = state.earliest()
                if earliest is None or earliest > now:
                    times = [time for time in (until, earliest) if time is not None]
                    if state.active or self._is_busy(place.scope.line):
                        self._wait(min(times, default=None))
                        continue
                    if not self._must_flush(place.scope.line):
                        raise place.scope.line.suspend(
                            place.path, min(times, default=None), state.awaited()
                        )
                else:
                    state.passed(now)
            self._refresh()

    def rest(self, place: Place, until: float | None, awaited: Awaited) -> None:
        """Return once there is news of what is awaited; raise what suspends the line of `place`.

        The line rests at once, unless branches beside it still run for its sake.
        """
        line, records = place.scope.line, self._execution.history.records
        while True:
            with self._lock:
                if any(records.get(id) is not seen for id, seen in awaited.items()):
                    return
                place.scope.check_going_on()
                now = self._execution.clock()
                if until is None or until > now or not self._is_busy(line):
                    if self._is_busy(line):
                        self._wait(until)
                        continue
                    if not self._must_flush(line):
                        raise line.suspend(place.path, until, awaited)
                else:
                    until = now + 1.0
            self._refresh()

    def news(self) -> None:
        """Let those look who wait: the service has reported something."""
        with self._lock:
            if self._waiting:
                self._changed.notify_all()

    def _wait(self, until: float | None) -> None:
        left = None if until is None else max(0.0, until - self._execution.clock())
        self._workers.give_place()
        patience = self._workers.patience()
        if patience is not None and (left is None or left > patience):
            left = patience
        self._waiting += 1
        try:
            self._changed.wait(left)
        finally:
            self._waiting -= 1
            self._workers.take_place()

    def _is_busy(self, line: Line) -> bool:
        return any(entry.line.held for entry in self._running.get(line, ()))

    def _must_flush(self, line: Line) -> bool:
        """Return whether something is to be sent before the invocation can end here."""
        return line.parent is None and bool(self._execution.queue)

    def _resume(self, state: GroupState) -> None:
        for entry, index in state.with_news(self._execution.history):
            if state.limited:
                entry.told = True  # once, whatever else it waited for has news, too
                state.settled.append(Settled(index, "RESUMABLE"))
            else:
                self._run(entry)

    # --- Running ----------------------------------------------------------------------------

    def _add(self, owner: object, place: Place, job: Job) -> Entry:
        owner = place.owner or owner
        entry = self._entries[place.id] = Entry(owner, place, job)
        self._owned.setdefault(owner, set()).add(entry)
        return entry

    def _watch(self, owner: object, state: GroupState, entry: Entry, index: int) -> None:
        state.members.add(entry)
        if entry.outcome is not None:
            state.settled.append(entry.outcome._replace(branch=index))
            return
        entry.watchers.append((state, index))
        if entry.owner != owner:
            self._watched.setdefault(owner, []).append((entry, state))
        if entry.running:
            state.active += 1
        elif not entry.started or state.rest(entry, index, self._execution.history):
            self._run(entry)

    def _run(self, entry: Entry) -> None:
        if entry.running:
            return
        entry.running = entry.started = True
        entry.told = False
        entry.place.scope.line = line = entry.line.renewed()
        self._running.setdefault(line.parent, set()).add(entry)
        for state, _ in entry.watchers:
            state.active += 1
        self._workers.put(
            lambda: self._work(entry, line), line.depth, is_awaited=bool(entry.watchers)
        )

    def _work(self, entry: Entry, line: Line) -> None:
        settled: Settled | None = None
        ending: BaseException | None = None
        if line.suspension is None:
            try:
                settled = entry.job()
            except BaseException as raised:  # noqa: BLE001 - whoever waits for it must hear of it
                ending = raised
        with self._lock:
            self._come_to_rest(entry, line, settled, ending)
            self._changed.notify_all()

    def _come_to_rest(
        self, entry: Entry, line: Line, settled: Settled | None, ending: BaseException | None
    ) -> None:
        entry.running = False
        beside = self._running[line.parent]
        beside.discard(entry)
        if not beside:
            del self._running[line.parent]
        if settled is not None and settled.status != "SUSPENDED":
            entry.outcome = settled
        has_news = False
        for state, index in entry.watchers:
            state.active -= 1
            if ending is not None:
                state.ending = ending
            elif entry.outcome is not None:
                state.settled.append(entry.outcome._replace(branch=index))
            elif settled is not None:
                has_news = self._told_suspended(state, entry, index) or has_news
        if has_news:
            self._run(entry)
        elif entry.outcome is not None and entry.place.owner is None:
            # A branch is told once; thousands of them are not kept.
            for state, _ in entry.watchers:
                state.members.discard(entry)
            self._owned.get(entry.owner, set()).discard(entry)
            self._entries.pop(entry.place.id, None)

    def _told_suspended(self, state: GroupState, entry: Entry, index: int) -> bool:
        """Tell a group that a branch was suspended; return whether it is to go on at once."""
        has_news = state.rest(entry, index, self._execution.history)
        if state.limited:
            state.settled.append(Settled(index, "SUSPENDED"))
            if has_news:
                state.settled.append(Settled(index, "RESUMABLE"))
        return has_news and not state.limited


def _leave(entry: Entry) -> None:
    if entry.outcome is None:
        entry.line.suspend("a branch that its operation left behind")
