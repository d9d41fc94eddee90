"""How long `import lambda_durable` takes against its budget: bare, and where boto3 is loaded.

`python benchmarks/imports.py` prints the median of fresh processes and fails over the budget;
`--modules 20` also lists what the time goes to. Every process starts with `-I`, and its clock runs
around the import alone: neither the interpreter's start nor boto3 counts.
"""

import argparse
import statistics
import subprocess
import sys
from typing import NamedTuple

PACKAGE = "lambda_durable"
BUDGETS = {"bare": 40.0, "boto3": 15.0}
"""Milliseconds, by what is imported beforehand."""


class Cost(NamedTuple):
    """What a module costs in milliseconds, without and with what it imports first."""

    alone: float
    cumulative: float
    module: str


def milliseconds(before: str) -> float:
    """Return how long the import takes in one fresh process."""
    done = run(
        "-c",
        f"{preparation(before)}\n"
        "from time import perf_counter\n"
        "begun = perf_counter()\n"
        f"import {PACKAGE}\n"
        "print(perf_counter() - begun)",
    )
    return float(done.stdout) * 1000


def costs(before: str) -> list[Cost]:
    """Return what each module costs that the import adds, the dearest first.

    Measuring every module slows down the whole; the shares are right, the sum is not.
    """
    prepared = {cost.module for cost in timed(preparation(before))}
    everything = timed(f"{preparation(before)}\nimport {PACKAGE}")
    return sorted((cost for cost in everything if cost.module not in prepared), reverse=True)


def timed(code: str) -> list[Cost]:
    """Return every import of a fresh process as `python -X importtime` reports it."""
    lines = run("-X", "importtime", "-c", code).stderr.splitlines()
    fields = (line.removeprefix("import time:").split("|") for line in lines if "|" in line)
    return [
        Cost(int(alone) / 1000, int(cumulative) / 1000, module.strip())
        for alone, cumulative, module in fields
        if alone.strip().isdigit()
    ]


def preparation(before: str) -> str:
    """Return the code that comes before the import."""
    return "" if before == "bare" else f"import {before}"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a fresh interpreter in the same environment."""
    command = [sys.executable, "-I", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True)


def main() -> int:
    """Print the figures; return 1 if a median is over its budget."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--processes", type=int, default=21, help="how many for each figure")
    parser.add_argument("--modules", type=int, default=0, help="how many of the dearest to list")
    options = parser.parse_args()

    over = False
    for before, budget in BUDGETS.items():
        milliseconds(before)  # writes the bytecode
        times = [milliseconds(before) for _ in range(options.processes)]
        median = statistics.median(times)
        over = over or median > budget
        print(
            f"import {PACKAGE}, {before:5}: {median:5.1f} ms, budget {budget:.0f} ms"
            f" (median of {len(times)}, {min(times):.1f} to {max(times):.1f})"
        )
        for cost in costs(before)[: options.modules]:
            print(f"  {cost.alone:6.2f} ms alone, {cost.cumulative:6.2f} ms in all  {cost.module}")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
