"""Runs one measurement in a process of its own."""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


def command(python: str, specification: Mapping[str, Any]) -> list[str]:
    """Return the command that measures what is specified."""
    return [python, "-m", "benchmarks.measuring", json.dumps(specification)]


def run(arguments: Sequence[str]) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end; one that fails is an error that shows what it said."""
    # The same hashes in every process: the order of sets and the collisions in dicts cost the same.
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # imports are not to be compiled each time
    done = subprocess.run(
        arguments, capture_output=True, text=True, check=False, env=environment, cwd=ROOT
    )
    if done.returncode:
        raise SystemExit(f"{arguments} failed:\n{done.stderr}")
    return done


def measured(python: str, specification: Mapping[str, Any]) -> dict[str, float]:
    """Return the figures of one measurement."""
    figures: dict[str, float] = json.loads(run(command(python, specification)).stdout)
    return figures
