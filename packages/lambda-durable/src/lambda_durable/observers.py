"""Tells plugins what happens to operations: each begins once, and each ends once.

The end of an operation is told when it becomes known, which is not always when the handler comes to
it: with the answer to a checkpoint or, for what ended between two invocations, as the next begins.
`observations` is imported when somebody observes.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from .batching import Batch
from .events import OperationInfo
from .history import History
from .plugins import Plugins
from .protocol import CLOSED_STATUSES, Operation, OperationUpdate


class Observers:
    """What the plugins of one invocation are told of its operations."""

    def __init__(self, arn: str, plugins: Plugins, history: History) -> None:
        self._arn = arn
        self._plugins = plugins
        self._history = history
        self._begun: set[str] = set()
        """Operations whose beginning, or going on, was told in this invocation."""
        self._ended: deque[tuple[Operation, bool]] = deque()
        """Records that closed, and whether they had before this invocation; still to be told."""
        self._hears_starts = "durable_operation_started" in plugins.observed
        self._hears_ends = "durable_operation_settled" in plugins.observed

    @property
    def operations(self) -> Mapping[str, Operation]:
        """All operations by id, as a view that follows what becomes known."""
        return MappingProxyType(self._history.records)

    def starting(self, update: OperationUpdate) -> None:
        """Tell that an operation begins, if that is what an update says."""
        if not self._hears_starts or update["Action"] != "START":
            return
        if self._history.get(update["Id"]) is None:
            self._started(_info(self._arn, update), None)

    def going_on(self, record: Operation) -> None:
        """Tell that the handler came to an operation that an earlier invocation has begun."""
        if self._hears_starts and record["Status"] not in CLOSED_STATUSES:
            self._started(_info(self._arn, record), record)

    def take(self, batch: Batch, changed: Sequence[Operation]) -> None:
        """Merge what an answer brought into the history, and note what closed, to be told."""
        if not self._hears_ends:
            self._history.merge(changed)
            return
        # What the batch closed comes in the batch's order, which is that of the code.
        asked = [update["Id"] for update in batch.updates if update["Action"] != "START"]
        ids = dict.fromkeys([*asked, *(each["Id"] for each in changed)])
        before = [id for id in ids if not _is_closed(self._history.get(id))]
        self._history.merge(changed)
        self._note(before, replayed=False)

    def note_updated(self, ids: Iterable[str]) -> None:
        """Note what closed between the last invocation and this one, to be told."""
        if self._hears_ends:
            self._note(ids, replayed=True)

    def tell_ended(self) -> None:
        """Tell what was noted. Called where no lock is held: a plugin may do what it likes."""
        while self._ended:
            try:
                record, replayed = self._ended.popleft()
            except IndexError:  # another thread tells it
                return
            from .observations import OperationSettled

            info = _info(self._arn, record)
            event = OperationSettled(info, record["Status"], replayed, record)
            self._plugins.tell("durable_operation_settled", event)

    def tell_answered(self, batch: Batch, changed: Sequence[Operation]) -> None:
        """Tell of an answer, and of what closed with it."""
        self.tell_ended()
        if "durable_checkpoint_answered" in self._plugins.observed:
            from .observations import CheckpointAnswered

            event = CheckpointAnswered(self._arn, batch.updates, changed, self.operations)
            self._plugins.tell("durable_checkpoint_answered", event)

    def _started(self, info: OperationInfo, record: Operation | None) -> None:
        if info.id not in self._begun:
            self._begun.add(info.id)
            from .observations import OperationStarted

            event = OperationStarted(info, replayed=record is not None, record=record)
            self._plugins.tell("durable_operation_started", event)

    def _note(self, ids: Iterable[str], *, replayed: bool) -> None:
        for id in ids:
            record = self._history.get(id)
            if record is not None and _is_closed(record):
                self._ended.append((record, replayed))


def _is_closed(record: Operation | None) -> bool:
    return record is not None and record["Status"] in CLOSED_STATUSES


def _info(arn: str, of: Operation | OperationUpdate) -> OperationInfo:
    return OperationInfo(
        arn, of["Id"], of.get("ParentId"), of["Type"], of.get("SubType"), of.get("Name")
    )
