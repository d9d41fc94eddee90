"""`python -m benchmarks run` measures; `report` makes a table, a page or a plot of its file."""

import argparse
import shlex
import sys
from importlib.util import find_spec
from pathlib import Path

from . import report, results
from .cases import CASES
from .plot import draw
from .results import Results
from .turns import Turns

MODULES = {
    "def": "lambda_durable",
    "async def": "lambda_durable",
    "official": "aws_durable_execution_sdk_python",
    "async package": "async_durable_execution",
}


def main(arguments: list[str] | None = None) -> None:
    """Do what the command line says."""
    options = _parser().parse_args(arguments)
    if options.command == "report":
        _report(options)
    else:
        _run(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="measure, print the tables")
    run.add_argument("--json", type=Path, metavar="FILE", help="write all figures")
    run.add_argument(
        "--case",
        action="append",
        metavar="NAME",
        help="only cases whose name begins so; several are possible",
    )
    run.add_argument("--turns", type=int, help="at most so many processes of each")
    run.add_argument("--quick", action="store_true", help="one turn of small sizes: a try-out")
    run.add_argument(
        *("--async-package",),
        metavar="PYTHON",
        help="the interpreter that has async-durable-execution, which wants an older botocore",
    )
    tell = commands.add_parser("report", help="make a table, a page or a plot of files")
    tell.add_argument(
        "file", nargs="+", type=Path, help="later ones replace the cases that they have"
    )
    tell.add_argument("--write", type=Path, metavar="PAGE", help="replace the tables of a page")
    tell.add_argument("--plot", type=Path, metavar="FILE", help="draw cost against size")
    return parser


def _run(options: argparse.Namespace) -> None:
    pythons = {sdk: sys.executable for sdk, module in MODULES.items() if find_spec(module)}
    if options.async_package:
        pythons["async package"] = options.async_package
    for missing in sorted(set(MODULES) - set(pythons)):
        _tell(f"left out, since it is not installed here: {missing}")
    turns = Turns(
        pythons, limit=1 if options.quick else options.turns, quick=options.quick, tell=_tell
    )
    chosen = [case for case in CASES if _is_chosen(case.name, options.case)]
    if not chosen:
        names = ", ".join(repr(case.name) for case in CASES)
        raise SystemExit(f"no case is called {options.case}; there are {names}")
    command = shlex.join(["nox", "-s", "bench", *_own_arguments(options)])
    measured = Results(results.about(command, pythons), {})
    for number, case in enumerate(chosen, start=1):
        _tell(f"{number}/{len(chosen)} {case.name}")
        measured.cases[case.name] = turns.take(case)
        if options.json:  # after each: a run that is stopped has measured something
            results.write(options.json, measured)
    report.show(measured)


def _report(options: argparse.Namespace) -> None:
    found = results.together(*map(results.read, options.file))
    if options.write:
        report.update(options.write, found)
    if options.plot:
        draw(options.plot, found)
    if not options.write and not options.plot:
        report.show(found)


def _is_chosen(name: str, parts: list[str] | None) -> bool:
    return not parts or any(name.startswith(part) for part in parts)


def _own_arguments(options: argparse.Namespace) -> list[str]:
    """Return what the session is given to measure the same."""
    arguments = ["--", "--json", options.json.name] if options.json else ["--"]
    for part in options.case or ():
        arguments += ["--case", part]
    if options.turns:
        arguments += ["--turns", str(options.turns)]
    return [*arguments, "--quick"] if options.quick else arguments


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
