"""Judges our functions by AWS's conformance requirements, in both flavours, on the local service.

Starts the service with the functions of `template.yaml`, runs the requirements' runner against it,
once for `def` and once for `async def`, and prints a closing line for each. `nox -s conformance`
installs what it needs. The requirements and their runner are no part of this project.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
VARIABLE = "LAMBDA_DURABLE_CONFORMANCE"
PUBLISHED_AT = "github.com/aws/aws-durable-execution-conformance-tests"
_SKIPPED = re.compile(r"SKIP (?P<id>\S+) \[\S+\] ?(?P<reason>.*)")
FLAVOURS = {"sync": "plain", "async": "awaited"}


class Plan(NamedTuple):
    """What is to be judged, and by what."""

    requirements: Sequence[Path]
    runner: Path
    python: str
    """The interpreter of the functions."""
    rest: Sequence[str]
    """Options for the runner."""
    report: Path | None
    """Where the runner's report goes; the flavour is added to its name."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Judge both flavours, or those asked for; return 1 if any requirement failed."""
    options, rest = _parser().parse_known_args(arguments)
    missing = [path for path in (*options.requirements, options.runner) if not path.exists()]
    if missing:
        print(f"skipped: there is no {missing[0]}. {how_to_get_them()}")
        return 0
    plan = Plan(options.requirements, options.runner, options.python, rest, options.json)
    closing: list[str] = []
    failed = False
    for flavour in options.flavour or FLAVOURS:
        status, lines = judge(flavour, plan)
        failed = failed or status != 0
        for reason, ids in skipped(lines).items():
            print(f"{flavour}: not judged, {reason}: {', '.join(ids)}")
        closing.append(f"{flavour}: {lines[-1] if lines else 'nothing was judged'}")
    print(*closing, sep="\n")
    return 1 if failed else 0


def how_to_get_them() -> str:
    """Return how the requirements are to be had."""
    return (
        f"AWS publishes the requirements in {PUBLISHED_AT}; name the folder that holds "
        f"`requirements` and the runner `run.py` with {VARIABLE}, or with --requirements DIR and "
        "--runner FILE"
    )


def skipped(lines: Sequence[str]) -> dict[str, list[str]]:
    """Return the requirements that a runner's lines tell were skipped, by the reason for it."""
    found: dict[str, list[str]] = {}
    for line in lines:
        if told := _SKIPPED.fullmatch(line):
            found.setdefault(told["reason"] or "no reason was given", []).append(told["id"])
    return found


def judge(flavour: str, plan: Plan) -> tuple[int, list[str]]:
    """Run the requirements against one flavour; return the runner's exit status and lines."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        with service(FLAVOURS[flavour], plan.python, folder) as url:
            command = [
                *(sys.executable, str(plan.runner), "--endpoint", url),
                *("--requirements", *map(str, plan.requirements)),
                *("--map", str(HERE / "requirements.json"), "--logs", str(folder / "logs")),
                *(["--json", str(_of_flavour(plan.report, flavour))] if plan.report else []),
                *plan.rest,
            ]
            lines: list[str] = []
            with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as runner:
                for line in runner.stdout or ():
                    print(f"{flavour}: {line}", end="", flush=True)
                    lines += [line.strip()] if line.strip() else []
            return runner.returncode, lines


@contextmanager
def service(package: str, python: str, folder: Path) -> Generator[str, None, None]:
    """Serve the functions of one flavour until the block ends; give the address."""
    command = [
        *(sys.executable, "-m", "lambda_durable_local", "serve", "--plain", "--port", "0"),
        *("--template", str(HERE / "template.yaml"), "--parameter", f"Flavour={package}"),
        *("--host", "process", "--python", python),
        *("--store", str(folder / "executions.db"), "--log-dir", str(folder / "logs")),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            first = process.stdout.readline() if process.stdout else ""
            if "http://" not in first:
                raise SystemExit(f"the service did not start: {first.strip() or 'see above'}")
            yield first.split()[-1]
        finally:
            process.terminate()


def _of_flavour(report: Path, flavour: str) -> Path:
    return report.with_stem(f"{report.stem}-{flavour}")


def _parser() -> argparse.ArgumentParser:
    folder = Path(os.environ.get(VARIABLE) or "conformance")
    parser = argparse.ArgumentParser(
        description="Judge the conformance functions. Other options are the runner's, as --suite."
    )
    add = parser.add_argument
    requirements = [folder / "requirements"]
    add("--requirements", type=Path, nargs="+", default=requirements, metavar="DIR")
    add("--runner", type=Path, default=folder / "run.py", metavar="FILE")
    add("--python", default=sys.executable, help="the functions' interpreter")
    add("--json", type=Path, metavar="FILE", help="a report for each flavour, FILE-sync and so on")
    add("--flavour", action="append", choices=sorted(FLAVOURS), help="only this one")
    return parser


if __name__ == "__main__":
    sys.exit(main())
