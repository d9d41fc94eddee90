"""Holds the SDK to `benchmarks/budgets.toml`: requests, bytes, threads and modules, never times."""

import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from benchmarks.processes import measured
from benchmarks.sdks import MODULES

BUDGETS = Path(__file__).resolve().parent.parent.parent / "benchmarks" / "budgets.toml"
COUNTS = {"requests", "bytes", "threads", "modules"}
CASES = [
    pytest.param(budget, sdk, id=f"{budget.get('program', 'import')}-{number}-{sdk}")
    for number, budget in enumerate(tomllib.loads(BUDGETS.read_text())["budget"])
    for sdk in MODULES
    if sdk in budget
]


def specified(budget: dict[str, Any], sdk: str) -> dict[str, Any]:
    """Return what is to be measured."""
    kind, parameters = budget.get("kind", "execution"), budget.get("parameters", {})
    if kind == "importing":
        return {"kind": kind, "sdk": sdk, "after": False}
    specification = {
        "kind": kind,
        "sdk": sdk,
        "program": budget["program"],
        "parameters": parameters,
    }
    if kind == "first_step":
        return {**specification, "after": False}
    if kind == "execution":
        small = {**parameters, "number": 1} if "number" in parameters else parameters
        specification |= {"small": small, "counts": True, "still": True}
    return specification


@pytest.mark.parametrize(("budget", "sdk"), CASES)
def test_takes_no_more_than_its_budget(budget: dict[str, Any], sdk: str) -> None:
    bounds = budget[sdk]
    assert bounds.keys() <= COUNTS
    found = measured(sys.executable, specified(budget, sdk))
    over = {each: found[each] for each in bounds if found[each] > bounds[each]}
    assert not over, f"more than {bounds}, which budgets.toml allows"
