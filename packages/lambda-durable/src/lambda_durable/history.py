"""What is known of the execution's operations: the wire's own records, by id."""

from collections.abc import Iterable

from .protocol import Operation, OperationType


class History:
    """The execution's operations as the service last reported them.

    Records are the dicts that arrived. A newer report of the same operation replaces the older.
    """

    def __init__(self, operations: Iterable[Operation] = ()) -> None:
        self.records: dict[str, Operation] = {}
        self.execution: Operation | None = None
        self.changes: list[str] = []
        """The ids of all operations reported, in order: whoever waits remembers how far it read."""
        self.merge(operations)

    def __len__(self) -> int:
        """Return how many operations there are, the execution itself not counted."""
        return len(self.records)

    def get(self, operation_id: str) -> Operation | None:
        """Return the record of an operation, None if it was never reported."""
        return self.records.get(operation_id)

    def merge(self, operations: Iterable[Operation]) -> None:
        """Take in what the service reported."""
        for operation in operations:
            if operation["Type"] == OperationType.EXECUTION:
                self.execution = operation
            else:
                self.records[operation["Id"]] = operation
                self.changes.append(operation["Id"])
