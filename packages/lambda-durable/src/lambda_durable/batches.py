"""What parallel, map and settled come to: the outcome of many branches, as a value.

The words are a plugin's; the values stand here, since the contexts' types name them.
"""

from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, NamedTuple, TypeAlias, TypeVar, overload

from .errors import MisuseError

U = TypeVar("U")
T_co = TypeVar("T_co", covariant=True)

ItemStatus: TypeAlias = Literal["SUCCEEDED", "FAILED", "STARTED"]
"""How an item ended; STARTED: the batch was complete before the item was."""

CompletionReason: TypeAlias = Literal[
    "ALL_COMPLETED",
    "MIN_SUCCESSFUL_REACHED",
    "FAILURE_TOLERANCE_EXCEEDED",
    "CUSTOM_COMPLETION_SUCCEEDED",
    "CUSTOM_COMPLETION_FAILED",
]
"""Why a batch is complete, in the service's words."""


class BatchProgress(NamedTuple):
    """How far a batch is, for a completion policy."""

    total: int
    """How many items there are in all."""
    started: int
    """How many were begun, those that ended included."""
    succeeded: int
    failed: int


Completion: TypeAlias = Callable[[BatchProgress], CompletionReason | None]
"""A completion policy: the reason for which a batch is complete, or None while it goes on.

Asked when an item has ended, never on replay. A batch of which all items have ended is complete
whatever the policy says.
"""

Nesting: TypeAlias = Literal["nested", "flat"]
"""Whether each branch is a context of its own at the service, or only its operations are."""


class NamedBranch(Generic[T_co]):
    """A function with a name, for `parallel`; also the key to its result, with its exact type."""

    __slots__ = ("func", "name")

    @overload
    def __init__(self, name: str, func: Callable[[Any], Coroutine[Any, Any, T_co]]) -> None: ...

    @overload
    def __init__(self, name: str, func: Callable[[Any], T_co]) -> None: ...

    def __init__(self, name: str, func: Callable[[Any], Any]) -> None:
        self.name = name
        self.func = func


@dataclass(frozen=True, slots=True)
class BatchItem(Generic[T_co]):
    """One item of a batch and how it ended."""

    index: int
    name: str | None
    status: ItemStatus
    result: T_co | None = None
    """What it returned; None unless it succeeded."""
    error: Exception | None = None
    """Why it failed; None unless it did. The same on its first run and on replay."""


class BatchResult(Generic[T_co]):
    """The items of a batch that were begun, in the order of their indexes, and why it ended.

    The first run and every replay give the same.
    """

    __slots__ = ("_by_key", "completion_reason", "items")

    def __init__(
        self, items: Sequence[BatchItem[T_co]], completion_reason: CompletionReason
    ) -> None:
        self.items = tuple(items)
        self.completion_reason = completion_reason
        self._by_key: dict[int | str, BatchItem[T_co]] | None = None

    @property
    def status(self) -> Literal["SUCCEEDED", "FAILED"]:
        """FAILED if any item failed."""
        return "FAILED" if self.has_failure else "SUCCEEDED"

    @property
    def has_failure(self) -> bool:
        """Return whether any item failed."""
        return any(item.status == "FAILED" for item in self.items)

    @property
    def results(self) -> list[T_co]:
        """The results of the items that succeeded."""
        return [item.result for item in self.succeeded]  # type: ignore[misc]  # None is a T there

    @property
    def errors(self) -> list[Exception]:
        """The errors of the items that failed."""
        return [item.error for item in self.failed if item.error is not None]

    @property
    def succeeded(self) -> list[BatchItem[T_co]]:
        """The items that succeeded."""
        return [item for item in self.items if item.status == "SUCCEEDED"]

    @property
    def failed(self) -> list[BatchItem[T_co]]:
        """The items that failed."""
        return [item for item in self.items if item.status == "FAILED"]

    @property
    def started(self) -> list[BatchItem[T_co]]:
        """The items that had begun and not ended when the batch was complete."""
        return [item for item in self.items if item.status == "STARTED"]

    @property
    def success_count(self) -> int:
        """How many items succeeded."""
        return self._count("SUCCEEDED")

    @property
    def failure_count(self) -> int:
        """How many items failed."""
        return self._count("FAILED")

    @property
    def started_count(self) -> int:
        """How many items had not ended when the batch was complete."""
        return self._count("STARTED")

    @property
    def total_count(self) -> int:
        """How many items were begun."""
        return len(self.items)

    def throw_if_error(self) -> None:
        """Raise the error of the first item, by index, that failed."""
        for error in self.errors:
            raise error

    def item(self, key: "int | str | NamedBranch[Any]") -> BatchItem[T_co]:
        """Return the item with an index or a name, the first one if several items have that name.

        Raises LookupError if none was begun.
        """
        if self._by_key is None:
            self._by_key = {item.index: item for item in self.items}
            for item in self.items:
                if item.name is not None:
                    self._by_key.setdefault(item.name, item)
        name = key.name if isinstance(key, NamedBranch) else key
        found = self._by_key.get(name)
        if found is None:
            known = ", ".join(repr(item.name or item.index) for item in self.items[:8])
            raise LookupError(
                f"no item {name!r} was begun in this batch (it has: {known or 'none'})"
            )
        return found

    @overload
    def __getitem__(self, key: NamedBranch[U]) -> U: ...

    @overload
    def __getitem__(self, key: int | str) -> T_co: ...

    def __getitem__(self, key: Any) -> Any:
        """Return the result of an item by index, name or branch; raise its error if it failed."""
        item = self.item(key)
        if item.error is not None:
            raise item.error
        if item.status != "SUCCEEDED":
            raise MisuseError(
                f"item {key!r} had not ended when the batch was complete "
                f"({self.completion_reason}), so it has no result; look at item(...).status first"
            )
        return item.result

    def __iter__(self) -> Iterator[BatchItem[T_co]]:
        """Iterate over the items."""
        return iter(self.items)

    def __len__(self) -> int:
        """Return how many items were begun."""
        return len(self.items)

    def __eq__(self, other: object) -> bool:
        """Compare items, their errors by type and message, and the reason."""
        if not isinstance(other, BatchResult):
            return NotImplemented
        return _comparable(self) == _comparable(other)

    __hash__ = None  # type: ignore[assignment]  # results need not be hashable

    def __repr__(self) -> str:
        """Return the counts and the reason."""
        return (
            f"<BatchResult {self.success_count} succeeded, {self.failure_count} failed, "
            f"{self.started_count} started, {self.completion_reason}>"
        )

    def _count(self, status: ItemStatus) -> int:
        return sum(item.status == status for item in self.items)


def _comparable(batch: BatchResult[Any]) -> object:
    items = [
        (item.index, item.name, item.status, item.result, type(item.error), str(item.error))
        for item in batch.items
    ]
    return items, batch.completion_reason
