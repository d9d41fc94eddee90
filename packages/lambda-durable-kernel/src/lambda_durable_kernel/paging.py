"""Pages of operations: of the invocation's event, of a checkpoint's answer, of the state."""

from bisect import bisect_left
from collections.abc import Sequence

from lambda_durable.protocol import Operation, StatePage

from .execution import Execution
from .model import StoredOperation
from .records import size
from .settings import Quotas
from .tokens import StateMarker, read_state_marker


def page(
    operations: Sequence[StoredOperation], since: int, quotas: Quotas, max_items: int | None = None
) -> StatePage:
    """Return the first of `operations` (in start order), and where the others begin.

    A page holds at least one operation, however large. `since` tells the pages of an answer from
    those of the state, see `StateMarker`.
    """
    items = min(max_items or quotas.page_items, quotas.page_items)
    room = quotas.page_bytes
    records: list[Operation] = []
    for operation in operations:
        room -= operation.size
        if records and (room < 0 or len(records) == items):
            marker = StateMarker(operation.position, since)
            return {"Operations": records, "NextMarker": str(marker)}
        records.append(operation.record)
    return {"Operations": records}


def state(execution: Execution, text: str, quotas: Quotas, max_items: int | None) -> StatePage:
    """Return the page that begins at a marker; the state leaves out what no handler needs."""
    position, since = read_state_marker(text)
    if since >= 0:
        operations = [op for op in execution.operations.values() if op.version > since]
    else:
        operations = [_execution(execution), *execution.visible.values()]
    first = bisect_left(operations, position, key=_position)
    return page(operations[first:], since, quotas, max_items)


def first_page(execution: Execution, quotas: Quotas) -> StatePage:
    """Return what an invocation's event holds: all of the state that fits, perhaps nothing."""
    first = _execution(execution)
    if first.size > quotas.page_bytes:
        return {"Operations": [], "NextMarker": str(StateMarker(0))}
    rest = execution.visible.values()
    if first.size + sum(operation.size for operation in rest) <= quotas.page_bytes:
        return {
            "Operations": [first.record, *(operation.record for operation in rest)],
            "NextMarker": "",
        }
    return state(execution, "", quotas, max_items=None)


def _execution(execution: Execution) -> StoredOperation:
    record = execution.record
    return StoredOperation(record, 0, 0, size({"Result": execution.start.input}))


def _position(operation: StoredOperation) -> int:
    return operation.position
