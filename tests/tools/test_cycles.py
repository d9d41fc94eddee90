"""Import cycles are found, however long the chain."""

import pytest

from tools.cycles import cycles


@pytest.mark.parametrize(
    ("graph", "expected"),
    [
        ("", []),
        ("a>b b>c", []),
        ("a>b b>a", ["ab"]),
        ("a>a", ["a"]),
        ("a>bc b>d c>d d>", []),
        ("a>b b>c c>a d>a", ["abc"]),
        ("a>b b>ac c>d d>c", ["ab", "cd"]),
        ("a>b b>cd c>a d>b e>d", ["abcd"]),
        ("a>x", []),
    ],
)
def test_cycles(graph: str, expected: list[str]) -> None:
    pairs = (edge.split(">") for edge in graph.split())
    found = cycles({node: set(targets) for node, targets in pairs})
    assert sorted("".join(group) for group in found) == expected


def test_a_chain_longer_than_the_recursion_limit() -> None:
    graph = {str(i): {str(i + 1)} for i in range(1200)}
    assert cycles(graph) == []
    assert [len(group) for group in cycles(graph | {"1200": {"0"}})] == [1201]
