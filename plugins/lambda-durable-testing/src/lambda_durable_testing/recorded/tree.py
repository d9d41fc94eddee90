"""Recorded operations as a tree of positions, which can be edited and be given ids anew.

An operation's id says where it stands: its number in its context, or its index in its batch. Moved
to another place, it gets another id, and so does all that is inside it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from lambda_durable.identity import operation_id
from lambda_durable.protocol import Operation

GROUPS = ("Map", "Parallel")
_SPARE = 64
"""How many numbers may be taken by what has no record, such as contexts that are virtual."""


@dataclass(frozen=True, slots=True)
class Node:
    """A recorded operation and where it stands in its parent."""

    record: Operation
    path: tuple[int, ...] | None
    """Its number; the numbers of virtual contexts around it come first. None if unknown."""
    children: list["Node"] = field(default_factory=list)

    @property
    def number(self) -> int:
        """Its number in its parent, 0 if unknown."""
        return self.path[0] if self.path else 0

    @property
    def is_group(self) -> bool:
        """Whether it is a batch, so that its children are branches, counted from 0."""
        return self.record.get("SubType") in GROUPS

    def at(self, number: int) -> "Node":
        """Return the node at another number of its parent; one whose place is unknown stays."""
        return self if self.path is None else replace(self, path=(number, *self.path[1:]))


class Tree:
    """All recorded operations of an execution, by their places."""

    def __init__(self, records: Mapping[str, Operation]) -> None:
        self.records = records
        self.nodes: dict[str, Node] = {}
        self.top: list[Node] = []
        counts: dict[str | None, int] = {}
        for record in records.values():
            counts[record.get("ParentId")] = counts.get(record.get("ParentId"), 0) + 1
        for record in records.values():
            parent = record.get("ParentId")
            node = Node(record, _path(parent, record["Id"], counts[parent]))
            self.nodes[record["Id"]] = node
            self.children(parent).append(node)

    def children(self, parent: str | None) -> list[Node]:
        """Return the nodes inside an operation, or those of the handler (None)."""
        return self.nodes[parent].children if parent in self.nodes else self.top

    def path_of(self, id: str | None) -> str:
        """Return the names from the handler down to an operation."""
        names: list[str] = []
        while id is not None and id in self.records:
            record = self.records[id]
            names.append(record.get("Name") or f"({record.get('SubType') or record['Type']})")
            id = record.get("ParentId")
        return " > ".join(reversed(names))

    def with_children(self, parent: str | None, nodes: list[Node]) -> dict[str, Operation]:
        """Return the records of the tree with other nodes inside an operation, ids made anew."""
        return {record["Id"]: record for record in self._records(self.top, None, parent, nodes)}

    def apart(self, records: Mapping[str, Operation], id: str | None) -> dict[str, Operation]:
        """Return those of `records` that are not in another branch of a batch than `id` is.

        What happens in one branch says nothing about the others, and would only disturb.
        """
        dropped: set[str] = set()
        while id in self.nodes:
            parent = self.nodes[id].record.get("ParentId")
            if parent in self.nodes and self.nodes[parent].is_group:
                beside = (node.record["Id"] for node in self.nodes[parent].children)
                dropped |= {each for each in beside if each != id}
            id = parent
        kept: dict[str, Operation] = {}
        for each, record in records.items():
            if each in dropped or record.get("ParentId") in dropped:
                dropped.add(each)
            else:
                kept[each] = record
        return kept

    def _records(
        self, here: list[Node], id: str | None, parent: str | None, nodes: list[Node]
    ) -> Iterator[Operation]:
        if id == parent:
            yield from placed(nodes, parent)
            return
        for node in here:
            yield node.record
            yield from self._records(node.children, node.record["Id"], parent, nodes)


def placed(nodes: Iterable[Node], parent: str | None) -> Iterator[Operation]:
    """Yield the records of nodes, and of what is inside them, as they stand in `parent`."""
    for node in nodes:
        record = node.record.copy()
        if node.path is not None:
            record["Id"] = _id(parent, node.path)
        if parent is None:
            record.pop("ParentId", None)
        else:
            record["ParentId"] = parent
        yield record
        yield from placed(node.children, record["Id"])


def _id(prefix: str | None, path: tuple[int, ...]) -> str:
    for number in path[:-1]:
        prefix = operation_id(prefix, number)
    return operation_id(prefix, path[-1])


def _path(parent: str | None, id: str, siblings: int) -> tuple[int, ...] | None:
    """Return the number that an id stands for, with those of virtual contexts around it."""
    numbers = range(siblings + _SPARE)
    for number in numbers:
        if operation_id(parent, number) == id:
            return (number,)
    for outer in numbers:
        prefix = operation_id(parent, outer)
        for number in range(siblings + 1):
            if operation_id(prefix, number) == id:
                return (outer, number)
    return None
