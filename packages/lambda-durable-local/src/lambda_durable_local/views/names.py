"""Which operations have been seen: their names, how deep they are, when they started."""

from collections.abc import Iterable

from lambda_durable.protocol import Operation

from .texts import kind


class Known:
    """The last known record of each operation, by its id."""

    def __init__(self) -> None:
        self._records: dict[str, Operation] = {}

    def add(self, records: Iterable[Operation]) -> None:
        """Note records as they are now."""
        for record in records:
            self._records[record["Id"]] = record

    def record(self, id: str) -> Operation | None:
        """Return the record with this id."""
        return self._records.get(id)

    def records(self) -> list[Operation]:
        """Return all records, in the order in which they were first seen."""
        return list(self._records.values())

    def depth(self, id: str) -> int:
        """Return in how many contexts an operation is."""
        depth, record = 0, self._records.get(id)
        while record is not None and (parent := record.get("ParentId")) is not None:
            depth, record = depth + 1, self._records.get(parent)
        return depth

    def title(self, id: str) -> str:
        """Return the operation's name, or what it is if it has none."""
        record = self._records.get(id)
        if record is None:
            return id[:8]
        return record.get("Name") or f"({self.kind(id)})"

    def kind(self, id: str) -> str:
        """Return what kind of operation it is."""
        record = self._records.get(id)
        return "" if record is None else kind(record["Type"], record.get("SubType"))
