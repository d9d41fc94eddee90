"""Some of a store's executions: the others stay as they are, and their timers do not fire."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

from lambda_durable_kernel import Store


class Part:
    """A store whose open executions are only `seen` and those that are started through it."""

    def __init__(self, store: Store, seen: AbstractSet[str]) -> None:
        self._store = store
        self._seen = seen
        self.save = store.save
        self.execution = store.execution
        self.operations = store.operations
        self.events = store.events
        self.find = store.find
        self.executions = store.executions
        self.delete = store.delete

    def expiring(self, limit: int) -> Sequence[tuple[float, str]]:
        """See the kernel's `Store`; here nothing is forgotten."""
        return []

    def open_executions(self) -> Iterable[str]:
        """See the kernel's `Store`."""
        return [arn for arn in self._store.open_executions() if arn in self._seen]


def family(store: Store, arn: str) -> set[str]:
    """Return an open execution and all open ones that it started, and those that they started."""
    parents: dict[str, str] = {}
    for each in store.open_executions():
        row = store.execution(each)
        if row is not None and row.start.parent is not None:
            parents[each] = row.start.parent.execution_arn
    found = {arn}
    while more := {each for each, parent in parents.items() if parent in found} - found:
        found |= more
    return found
