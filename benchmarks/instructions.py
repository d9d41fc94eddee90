"""Counts instructions per operation, where the machine can: with `perf stat`, or under valgrind.

What a process does once is not counted: the same program runs twice, with few operations and with
more, and the difference is divided.
"""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from .processes import command, run

FEW, MORE = 50, 150
_PERF = ("perf", "stat", "-x,", "-e", "instructions:u")
_CALLGRIND = re.compile(r"Collected : (\d+)")


@cache
def counter() -> str | None:
    """Return what counts instructions here; None if nothing does."""
    if shutil.which("perf"):
        tried = subprocess.run([*_PERF, "true"], capture_output=True, text=True, check=False)
        if tried.returncode == 0 and _perf_count(tried.stderr) is not None:
            return "perf"
    return "valgrind" if shutil.which("valgrind") else None


def per_operation(python: str, sdk: str, options: Mapping[str, str]) -> dict[str, float]:
    """Return the instructions of one operation."""
    few, more = (_counted(python, sdk, options, number) for number in (FEW, MORE))
    return {"instructions": (more - few) / (MORE - FEW)}


def _counted(python: str, sdk: str, options: Mapping[str, str], number: int) -> int:
    specification = {"sdk": sdk, **options, "parameters": {"number": number}}
    if options["kind"] == "execution":
        specification["small"] = {"number": 5}
    measured = command(python, specification)
    if options["kind"] == "replay":  # the execution before it, which does not count
        once, twice = ({**specification, "times": times} for times in (1, 2))
        return _one(command(python, twice)) - _one(command(python, once))
    return _one(measured)


def _one(measured: list[str]) -> int:
    if counter() == "perf":
        count = _perf_count(run([*_PERF, *measured]).stderr)
        assert count is not None
        return count
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "callgrind"
        done = run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", *measured])
    found = _CALLGRIND.search(done.stderr)
    assert found is not None, done.stderr
    return int(found[1])


def _perf_count(text: str) -> int | None:
    for line in text.splitlines():
        value, *rest = line.split(",")
        if "instructions" in ",".join(rest) and value.isdigit():
            return int(value)
    return None
