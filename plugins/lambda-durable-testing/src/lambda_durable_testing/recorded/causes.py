"""Why code does not repeat a recording: each likely change is undone, and the replay tried again.

A cause counts as found if the replay goes through once the recorded operations stand where that
change would have put them. If none goes through, the one that gets furthest is named.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from lambda_durable.events import OperationInfo
from lambda_durable.identity import operation_id
from lambda_durable.protocol import Operation

from .tree import Node, Tree

_BRANCHES = ("ParallelBranch", "MapIteration")
_AND_MORE = " (and there is another change further on)"
_MORE = {"branch count": ""}
"""What is said of a change that does not explain all; a new branch has operations of its own."""
_MOST_TRIED = 50
"""How many places a change of one kind is looked for at: each costs a replay."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change that the code may have had, and the recorded operations as it would have them."""

    name: str
    text: str
    records: dict[str, Operation]
    closable: frozenset[str] = frozenset()


class Tried(NamedTuple):
    """What came of replaying the records of a change."""

    passed: bool
    asked: int
    """How many operations the code asked for."""


Try = Callable[[Change, int], Tried]
"""Replays a change; the number says at which of the given trees."""


def likeliest(found: OperationInfo, id: str, trees: Sequence[Tree], attempt: Try) -> str:
    """Return the likeliest reason why `found` is asked for in place of the operation `id`.

    The first tree holds most of the execution; a cause has to explain the others too.
    """
    best: tuple[int, str] | None = None
    for change in _changes(found, id, trees[0]):
        tried = attempt(change, 0)
        if tried.passed and all(
            attempt(other, number).passed
            for number, tree in enumerate(trees[1:], 1)
            for other in _changes(found, id, tree)
            if other.text == change.text
        ):
            return change.text
        if not tried.passed and (best is None or tried.asked > best[0]):
            best = tried.asked, change.text + _MORE.get(change.name, _AND_MORE)
    reached = attempt(Change("none", "", dict(trees[0].records)), 0).asked
    if best is not None and best[0] > reached + 1:
        return best[1]
    return _by_looks(found, trees[0].records[id], trees[0])


def _changes(found: OperationInfo, id: str, tree: Tree) -> Iterator[Change]:
    here = tree.nodes[id]
    parent = here.record.get("ParentId")
    siblings = sorted(tree.children(parent), key=lambda node: node.path or (0,))
    if here.path is None:
        return
    yield from _renamed(found, here, siblings, tree, parent)
    yield from _removed(found, here, siblings, tree, parent)
    yield from _moved(found, here, siblings, tree, parent)
    yield from _unnested(here, siblings, tree, parent)
    if found.subtype in _BRANCHES:
        yield from _branch_added(found, here, siblings, tree, parent)
    else:
        yield from _nested(found, here, siblings, tree, parent)


def _renamed(
    found: OperationInfo, here: Node, siblings: list[Node], tree: Tree, parent: str | None
) -> Iterator[Change]:
    record = here.record
    if (record["Type"], record.get("SubType")) != (found.type, found.subtype):
        return
    renamed = _called_otherwise(here, found.name)
    nodes = [renamed if node is here else node for node in siblings]
    text = f"renamed: {title(record)} is now {asked(found)}"
    yield Change("renamed", text, tree.with_children(parent, nodes))


def _called_otherwise(node: Node, name: str | None) -> Node:
    """Return the node with another name; the parts of a wait for a callback too."""
    record: Operation = {**node.record}
    record.pop("Name", None)
    if name is not None:
        record["Name"] = name
    before, inside = node.record.get("Name") or "", node.children
    if record.get("SubType") == "WaitForCallback":
        inside = [
            _called_otherwise(each, f"{name or ''}{own.removeprefix(before)}".strip())
            if (own := each.record.get("Name") or "").startswith(before)
            else each
            for each in inside
        ]
    return replace(node, record=record, children=inside)


def _removed(
    found: OperationInfo, here: Node, siblings: list[Node], tree: Tree, parent: str | None
) -> Iterator[Change]:
    gone: list[Node] = []
    for node in siblings[siblings.index(here) :]:
        if fits(node.record, found):
            break
        gone.append(node)
    else:
        return
    nodes = _shifted([node for node in siblings if node not in gone], here.number, -len(gone))
    names = ", ".join(title(node.record) for node in gone)
    text = f"branch count: {names} is gone" if found.subtype in _BRANCHES else f"removed: {names}"
    yield Change("removed", text, tree.with_children(parent, nodes))


def _moved(
    found: OperationInfo, here: Node, siblings: list[Node], tree: Tree, parent: str | None
) -> Iterator[Change]:
    first = siblings.index(here)
    following = siblings[first + 1 :]
    for node in [each for each in following if fits(each.record, found)][:_MOST_TRIED]:
        if node.path is not None:
            between = [each for each in siblings if here.number <= each.number < node.number]
            nodes = [_at(each, between, node, here, +1) for each in siblings]
            text = f"moved: {title(node.record)} now comes before {title(here.record)}"
            yield Change("moved", text, tree.with_children(parent, nodes))
            swapped = {here.number: node.number, node.number: here.number}
            nodes = [each.at(swapped.get(each.number, each.number)) for each in siblings]
            text = f"moved: {title(node.record)} and {title(here.record)} have changed places"
            yield Change("moved", text, tree.with_children(parent, nodes))
    if not following or not fits(following[0].record, found):
        return
    for node in following[:_MOST_TRIED]:
        between = [each for each in siblings if here.number < each.number <= node.number]
        nodes = [_at(each, between, here, node, -1) for each in siblings]
        text = f"moved: {title(here.record)} now comes after {title(node.record)}"
        yield Change("moved", text, tree.with_children(parent, nodes))


def _at(node: Node, between: list[Node], moved: Node, to: Node, by: int) -> Node:
    if node.number == moved.number:
        return node.at(to.number)
    return node.at(node.number + by) if node in between else node


def _unnested(here: Node, siblings: list[Node], tree: Tree, parent: str | None) -> Iterator[Change]:
    if here.record["Type"] != "CONTEXT" or here.is_group or not here.children:
        return
    inside = sorted(here.children, key=lambda node: node.path or (0,))
    if any(node.path is None for node in inside):
        return
    rest = [node for node in siblings if node is not here]
    nodes = _shifted(rest, here.number, inside[-1].number - 1)
    nodes += [node.at(here.number + node.number - 1) for node in inside]
    names = ", ".join(title(node.record) for node in inside)
    text = f"un-nested: {names} no longer {'stand' if len(inside) > 1 else 'stands'} inside "
    text += title(here.record)
    yield Change("un-nested", text, tree.with_children(parent, nodes))


def _nested(
    found: OperationInfo, here: Node, siblings: list[Node], tree: Tree, parent: str | None
) -> Iterator[Change]:
    if found.type != "CONTEXT":
        return
    context = _begun(found)
    following = siblings[siblings.index(here) :]
    for count in range(1, min(len(following), _MOST_TRIED) + 1):
        taken = following[:count]
        last = taken[-1].number
        inside = [node.at(node.number - here.number + 1) for node in taken]
        rest = [node for node in siblings if node not in taken]
        nodes = _shifted(rest, last, here.number - last)
        nodes.append(Node(context, (here.number,), inside))
        names = ", ".join(title(node.record) for node in taken)
        text = f"nested: {names} now {'stand' if count > 1 else 'stands'} inside {asked(found)}"
        records = tree.with_children(parent, nodes)
        yield Change("nested", text, records, frozenset({operation_id(parent, here.number)}))


def _branch_added(
    found: OperationInfo, here: Node, siblings: list[Node], tree: Tree, parent: str | None
) -> Iterator[Change]:
    nodes = _shifted(siblings, here.number - 1, +1)
    nodes.append(Node(_begun(found), (here.number,)))
    text = f"branch count: {asked(found)} is new, and stands before {title(here.record)}"
    records = tree.with_children(parent, nodes)
    yield Change("branch count", text, records, frozenset({operation_id(parent, here.number)}))


def _begun(found: OperationInfo) -> Operation:
    """Return the record of a context that is asked for."""
    context: Operation = {"Id": found.id, "Type": "CONTEXT", "Status": "STARTED"}
    if found.subtype is not None:
        context["SubType"] = found.subtype
    if found.name is not None:
        context["Name"] = found.name
    return context


def _shifted(nodes: list[Node], after: int, by: int) -> list[Node]:
    """Return the nodes with those that come after a number moved on by `by`."""
    return [node.at(node.number + by) if node.number > after else node for node in nodes]


def _by_looks(found: OperationInfo, expected: Operation, tree: Tree) -> str:
    if expected.get("ParentId") != found.parent_id:
        return f"nested otherwise: {title(expected)} stood in another context when it was recorded"
    if expected.get("Name") == found.name:
        return f"replaced: {title(expected)} is now {asked(found)}"
    beside = [node.record for node in tree.children(expected.get("ParentId"))]
    if any(fits(record, found) for record in beside):
        return f"moved: {asked(found)} comes at another place than it did"
    if found.subtype in _BRANCHES:
        what = f"{asked(found)} stands where {title(expected)} did"
        return f"branch count or names: {what}; one was added, removed or renamed"
    return f"inserted: {asked(found)} is new, and stands before {title(expected)}"


def fits(record: Operation, info: OperationInfo) -> bool:
    """Return whether a record could be the one of the operation that is asked for."""
    return (record["Type"], record.get("SubType"), record.get("Name")) == (
        info.type,
        info.subtype,
        info.name,
    )


def title(record: Operation) -> str:
    """Return how a recorded operation is called in messages."""
    return _called(record["Type"], record.get("SubType"), record.get("Name"))


def asked(info: OperationInfo) -> str:
    """Return how an operation that is asked for is called in messages."""
    return _called(info.type, info.subtype, info.name)


def _called(type: str, subtype: str | None, name: str | None) -> str:
    kind = _KINDS.get((type, subtype or ""))
    if kind is None:
        kind = type.lower() if subtype is None else f"{type.lower()} of subtype {subtype}"
    return f"{kind} {name!r}" if name else f"{kind} without a name"


_KINDS = {
    ("STEP", "Step"): "step",
    ("STEP", "WaitForCondition"): "condition",
    ("WAIT", "Wait"): "wait",
    ("CALLBACK", "Callback"): "callback",
    ("CHAINED_INVOKE", "ChainedInvoke"): "invoke",
    ("CONTEXT", "RunInChildContext"): "child context",
    ("CONTEXT", "Map"): "map",
    ("CONTEXT", "Parallel"): "parallel",
    ("CONTEXT", "MapIteration"): "map item",
    ("CONTEXT", "ParallelBranch"): "branch",
    ("CONTEXT", "WaitForCallback"): "wait for callback",
}
