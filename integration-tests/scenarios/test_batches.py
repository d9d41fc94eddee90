"""Parallel and map: nested, flat, and with results that are not kept."""

import json

import pytest
from conftest import Scenario
from executions import Execution


def subtypes(done: Execution) -> list[str]:
    """Return what kinds of contexts were started."""
    return sorted(each["SubType"] for each in done.of("ContextStarted"))


def names(done: Execution, *types: str) -> list[str]:
    """Return the names of operations in these events; branches run in any order."""
    return sorted(each["Name"] for each in done.of(*types))


def test_map(scenario: Scenario) -> None:
    """Items wait and step beside each other, each in a context of its own."""
    done = scenario.run("maps", [1, 2, 3])
    assert done.result == [2, 4, 6]
    assert subtypes(done) == ["Map", "MapIteration", "MapIteration", "MapIteration"]
    assert names(done, "StepSucceeded") == ["double-1", "double-2", "double-3"]
    assert names(done, "StepStarted") == ["double-1", "double-2", "double-3"]
    assert len(done.of("WaitSucceeded")) == 3


def test_flat_map(scenario: Scenario) -> None:
    """Items have no contexts of their own at the service."""
    done = scenario.run("maps_flat", [1, 2, 3])
    assert done.result == [2, 4, 6]
    assert subtypes(done) == ["Map"]
    (context,) = done.of("ContextStarted")
    inside = {each["ParentId"] for each in done.of("StepStarted", "WaitStarted")}
    assert inside == {context["Id"]}
    assert names(done, "StepStarted") == ["double-1", "double-2", "double-3"]


def test_parallel(scenario: Scenario) -> None:
    """Branches are different functions."""
    done = scenario.run("branches")
    assert done.result == ["tea", "shipped pot"]
    assert subtypes(done) == ["Parallel", "ParallelBranch", "ParallelBranch"]
    assert names(done, "StepStarted") == ["reserve", "ship"]


def test_flat_parallel(scenario: Scenario) -> None:
    """Branches have no contexts of their own at the service."""
    done = scenario.run("branches_flat")
    assert done.result == ["tea", "shipped pot"]
    assert subtypes(done) == ["Parallel"]
    assert names(done, "StepStarted") == ["reserve", "ship"]


@pytest.mark.parametrize("nesting", ["nested", "flat"])
@pytest.mark.parametrize(
    ("function", "size"), [("maps_overflowing", 3), ("branches_overflowing", 2)]
)
def test_overflow(scenario: Scenario, function: str, size: int, nesting: str) -> None:
    """Results that are not kept are made anew in each of three invocations."""
    done = scenario.run(function, nesting)
    assert done.invocations == 3
    assert done.result["sizes"] == [300 * 1024] * size
    # The last invocation ran all branches again, but none of their steps.
    recorded = {
        json.loads(each["StepSucceededDetails"]["Result"]["Payload"])
        for each in done.of("StepSucceeded")
    }
    assert len(done.of("StepStarted")) == len(recorded) == size
    assert set(done.result["tokens"]) == recorded
    assert len(done.of("ContextStarted")) == (1 if nesting == "flat" else 1 + size)
