"""What every example has to have, so that a reader finds the same in each."""

import json
from pathlib import Path

import pytest

from tools.distributions import ROOT

FOLDERS = [each for each in sorted((ROOT / "examples").iterdir()) if (each / "README.md").exists()]
EXAMPLES = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)


@EXAMPLES
def test_an_example_has_an_event_and_a_line_that_runs_it(folder: Path) -> None:
    lines = (folder / "README.md").read_text(encoding="utf-8").splitlines()
    commands = [line for line in lines if line.startswith("$ durable run ")]
    assert any(f"examples/{folder.name}/" in line and "--event" in line for line in commands)
    assert all(json.loads(file.read_text(encoding="utf-8")) for file in folder.glob("*.json"))
    assert list(folder.glob("*.json"))


@EXAMPLES
def test_an_example_is_tested_at_every_crash(folder: Path) -> None:
    (test,) = folder.glob("test_*.py")
    assert test.name == f"test_{folder.name}.py"
    assert "crash_everywhere(" in test.read_text(encoding="utf-8")


@EXAMPLES
def test_an_example_is_listed(folder: Path) -> None:
    listed = (ROOT / "examples" / "README.md").read_text(encoding="utf-8")
    assert f"]({folder.name}/README.md)" in listed
