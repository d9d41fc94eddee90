"""A pytest plugin that fails a run in which one of our packages did not come from its wheel."""

import sys
import sysconfig
from pathlib import Path
from typing import Any

import pytest

PREFIX = "lambda_durable"


def strays() -> list[str]:
    """Return where our packages were imported from, other than this environment."""
    installed = Path(sysconfig.get_path("purelib")).resolve()
    found = {name: module for name, module in sys.modules.items() if name.startswith(PREFIX)}
    files = (getattr(module, "__file__", None) for name, module in found.items() if "." not in name)
    return [file for file in files if file and not Path(file).resolve().is_relative_to(installed)]


_of_workers: list[str] = []
"""What the processes found among which pytest-xdist has shared the tests."""


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Hear what a worker found."""
    _of_workers.extend(getattr(node, "workeroutput", {}).get("strays", ()))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Turn a good run into a failed one if it tested the checkout."""
    found = sorted({*strays(), *_of_workers})
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["strays"] = found
    elif found:
        session.exitstatus = pytest.ExitCode.INTERNAL_ERROR


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which packages were not the installed ones."""
    for file in sorted({*strays(), *_of_workers}):
        terminalreporter.write_line(f"imported from {file}, not from the installed wheel", red=True)
