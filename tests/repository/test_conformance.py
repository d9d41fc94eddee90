"""What judges our functions by AWS's requirements, with a runner that is made up."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

EVALUATE = Path(__file__).parents[2] / "integration-tests" / "conformance" / "evaluate.py"
RUNNER = """
import argparse, json, pathlib, urllib.request
parser = argparse.ArgumentParser()
for each in ("--endpoint", "--requirements", "--map", "--logs", "--json"):
    parser.add_argument(each)
given = parser.parse_args()
known = json.loads(pathlib.Path(given.map).read_text())
with urllib.request.urlopen(given.endpoint + "/health") as answer:
    assert answer.status == 200
ids = sorted(path.stem for path in pathlib.Path(given.requirements).glob("*.yaml"))
for id in ids:
    print(f"PASS {id} [step]" if id in known else f"SKIP {id} [step] no function is mapped")
passed = sum(id in known for id in ids)
print(f"{passed} passed, 0 failed, {len(ids) - passed} skipped")
if given.json:
    pathlib.Path(given.json).write_text(json.dumps(ids))
"""


def evaluate(folder: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, str(EVALUATE), *options]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with two requirements, one of which has no function, and a runner."""
    (tmp_path / "requirements").mkdir()
    for name in ("1-1", "1-99"):
        (tmp_path / "requirements" / f"{name}.yaml").touch()
    (tmp_path / "run.py").write_text(RUNNER)
    return tmp_path


def test_a_requirement_without_a_function_is_named(folder: Path) -> None:
    given = ("--requirements", "requirements", "--runner", "run.py", "--json", "report.json")
    done = evaluate(folder, *given)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert "sync: not judged, no function is mapped: 1-99" in lines
    assert lines[-2:] == [
        "sync: 1 passed, 0 failed, 1 skipped",
        "async: 1 passed, 0 failed, 1 skipped",
    ]
    for flavour in ("sync", "async"):
        assert json.loads((folder / f"report-{flavour}.json").read_text()) == ["1-1", "1-99"]


def test_a_runner_that_fails_fails_the_judgement(folder: Path) -> None:
    (folder / "run.py").write_text("raise SystemExit('no network')")
    given = ("--requirements", "requirements", "--runner", "run.py", "--flavour", "sync")
    done = evaluate(folder, *given)
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == "sync: nothing was judged"


def test_without_requirements_it_is_said_where_they_are(folder: Path) -> None:
    done = evaluate(folder, "--requirements", "nowhere", "--runner", "run.py")
    assert done.returncode == 0
    assert done.stdout.startswith("skipped: there is no nowhere. AWS publishes")
