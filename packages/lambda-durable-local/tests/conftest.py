"""How the tests run commands: in this process, or as a process that can be interrupted."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from lambda_durable_local.command_line import main

FUNCTIONS = Path(__file__).parent / "functions"
Durable = Callable[..., Result]
ReportOf = Callable[..., dict[str, Any]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each test time to start its processes, on a machine that has much else to do."""
    for item in items:
        if item.path.parent == FUNCTIONS.parent and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(300))


@pytest.fixture(autouse=True)
def _width_of_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Print as into a file; pytest-xdist says how wide its own output is."""
    monkeypatch.delenv("COLUMNS", raising=False)


@pytest.fixture
def durable() -> Durable:
    """Return a function that runs a `durable` command; input is its standard input."""

    def run(*arguments: object, input: str | bytes | None = None) -> Result:
        result = CliRunner().invoke(main, [str(each) for each in arguments], input=input)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


@pytest.fixture
def report(durable: Durable) -> ReportOf:
    """Return a function that runs `durable run --json` and returns its report."""

    def run(*arguments: object) -> dict[str, Any]:
        result = durable("run", "--json", *arguments)
        assert result.exit_code in (0, 1), result.output
        told: dict[str, Any] = json.loads(result.stdout)
        return told

    return run


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """Return a function that starts a `durable` command and does not wait for its end."""
    started: list[subprocess.Popen[str]] = []

    def run(*arguments: object) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-m", "lambda_durable_local", *(str(each) for each in arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # A shell's job in the background ignores Ctrl-C, and so would what it starts.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture(params=["in_def", "in_async"])
def flavour(request: pytest.FixtureRequest) -> Path:
    """Return a file with functions, in each flavour."""
    return FUNCTIONS / f"{request.param}.py"


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """Return the file in which bodies note that they ran, if NOTES is set to it."""
    return tmp_path / "notes"
