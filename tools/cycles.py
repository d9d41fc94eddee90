"""Cycles in a graph: groups of nodes that all reach each other."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

Graph = Mapping[str, AbstractSet[str]]


def cycles(graph: Graph) -> list[list[str]]:
    """Return every group of nodes that reach each other, and nodes that reach themselves.

    Quadratic, which for the modules of a repository is a few milliseconds.
    """
    reached = {node: _reachable(graph, node) for node in graph}
    groups = {
        frozenset(other for other in reached[node] if node in reached.get(other, ()))
        for node in graph
        if node in reached[node]
    }
    return sorted(sorted(group) for group in groups)


def _reachable(graph: Graph, start: str) -> set[str]:
    """Return what can be reached in one step or more; `start` itself only through a cycle."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        new = graph.get(waiting.pop(), set()) - found
        found |= new
        waiting.extend(new)
    return found
