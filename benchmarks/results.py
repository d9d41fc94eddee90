"""The results of a run as they are kept: one JSON document, with what the figures depend on."""

import json
import os
import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NamedTuple

from . import instructions
from .processes import run
from .turns import Figures

DISTRIBUTIONS = {
    "def": "lambda-durable",
    "official": "aws-durable-execution-sdk-python",
    "async package": "async-durable-execution",
}


class Results(NamedTuple):
    """What a run has measured."""

    about: dict[str, Any]
    cases: dict[str, Figures]
    later: tuple[dict[str, Any], ...] = ()
    """What the figures depend on that were measured again."""

    def value(self, case: str, row: str, figure: str) -> float | None:
        """Return a median, None if it was not measured."""
        found = self.cases.get(case, {}).get(row, {}).get(figure)
        return None if found is None else float(found["median"])


def about(command: str, pythons: dict[str, str]) -> dict[str, Any]:
    """Return what the figures depend on: the machine, the date, and what was measured."""
    return {
        "command": command,
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "machine": _machine(),
        "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        "python": platform.python_version(),
        "instructions": instructions.counter(),
        "versions": {
            name: _version(pythons[sdk], name)
            for sdk, name in DISTRIBUTIONS.items()
            if sdk in pythons
        },
    }


def write(path: Path, results: Results) -> None:
    """Write the document."""
    document = {"about": results.about, "cases": results.cases}
    path.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def read(path: Path) -> Results:
    """Read a document that `write` has written."""
    found = json.loads(path.read_text(encoding="utf-8"))
    return Results(found["about"], found["cases"])


def together(first: Results, *later: Results) -> Results:
    """Return the results of several runs as one; of what was measured again, the later ones."""
    cases = dict(first.cases)
    for each in later:
        for name, rows in each.cases.items():
            cases[name] = {**cases.get(name, {}), **rows}
    return Results(first.about, cases, tuple(each.about for each in later))


def _machine() -> str:
    name = platform.processor() or platform.machine()
    cpu = Path("/proc/cpuinfo")
    if cpu.exists():
        for line in cpu.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                name = line.partition(":")[2].strip()
                break
    return f"{os.cpu_count()} x {name}, {platform.system()} {platform.machine()}"


def _version(python: str, distribution: str) -> str:
    if python == sys.executable:
        try:
            return version(distribution)
        except PackageNotFoundError:
            return "unknown"
    code = f"from importlib.metadata import version; print(version({distribution!r}))"
    return run([python, "-c", code]).stdout.strip()
