"""Warns before an execution meets a quota of the service, and names what fills it.

What is counted are the operations and data that this invocation was told of or wrote. What stands
in contexts that ended in earlier invocations is not told any more, so there may be more of both.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from .batching import utf8_length
from .history import History
from .own_log import own_log
from .protocol import Limits, Operation, OperationUpdate

_SHARE = 0.8
_NAMED = 5

_DETAILS = {
    "STEP": "StepDetails",
    "CONTEXT": "ContextDetails",
    "CALLBACK": "CallbackDetails",
    "CHAINED_INVOKE": "ChainedInvokeDetails",
}


class Usage:
    """How much of its quotas an execution has used."""

    __slots__ = ("_bytes", "_history", "_warned")

    def __init__(self, history: History) -> None:
        self._history = history
        self._bytes: int | None = None
        self._warned = False

    def wrote(self, updates: Iterable[OperationUpdate]) -> None:
        """Count what a request wrote; to be called before its answer is taken in."""
        if self._bytes is None:
            self._bytes = sum(map(_recorded_bytes, self._history.records.values()))
        self._bytes += sum(_data_bytes(update.get("Payload"), update) for update in updates)

    def check(self, arn: str) -> None:
        """Warn, once per invocation, if a quota is nearly used up."""
        operations, written = len(self._history), self._bytes or 0
        by_count = operations >= _SHARE * Limits.EXECUTION_OPERATIONS
        if self._warned or not (by_count or written >= _SHARE * Limits.EXECUTION_DATA_BYTES):
            return
        self._warned = True
        own_log().warning(
            "execution %s has %d operations and %s of data; the service takes %d and %s, and an "
            "execution that needs more fails. Most of it: %s. Do more in each step, let a step "
            "return a reference to what is large, or move parts into executions of their own with "
            "ctx.invoke",
            arn,
            operations,
            _size(written),
            Limits.EXECUTION_OPERATIONS,
            _size(Limits.EXECUTION_DATA_BYTES),
            "; ".join(map(_described, heaviest(self._history, by_count=by_count))),
        )


class Kind(NamedTuple):
    """Operations of the same kind and, but for numbers, the same name."""

    subtype: str
    name: str
    operations: int
    bytes: int


def heaviest(history: History, *, by_count: bool) -> Sequence[Kind]:
    """Return the kinds of operations with the most operations or data, the largest first."""
    import re  # only a warning needs it

    found: dict[tuple[str, str], tuple[int, int]] = {}
    for record in history.records.values():
        name = re.sub(r"\d+", "*", record.get("Name") or "")
        key = record.get("SubType") or record["Type"], name
        operations, written = found.get(key, (0, 0))
        found[key] = operations + 1, written + _recorded_bytes(record)
    kinds = [Kind(*key, *counts) for key, counts in found.items()]
    kinds.sort(key=lambda kind: kind.operations if by_count else kind.bytes, reverse=True)
    return kinds[:_NAMED]


def _described(kind: Kind) -> str:
    name = f" {kind.name!r}" if kind.name else ""
    return f"{kind.operations} x {kind.subtype}{name} ({_size(kind.bytes)})"


def _size(count: int) -> str:
    return f"{count / 1024:.0f} KiB" if count < 1024 * 1024 else f"{count / 1024 / 1024:.1f} MiB"


def _recorded_bytes(record: Operation) -> int:
    members: Mapping[str, Any] = record
    details = members.get(_DETAILS.get(record["Type"], ""))
    return _data_bytes(details.get("Result"), details) if details else 0


def _data_bytes(payload: str | None, carrier: Mapping[str, Any]) -> int:
    size = utf8_length(payload) if payload else 0
    error = carrier.get("Error")
    if error:
        size += sum(utf8_length(str(part)) for part in error.values())
    return size
