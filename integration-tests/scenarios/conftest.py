"""Deploys the functions on the target that was asked for, and gives scenarios a way to run them."""

import itertools
import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import histories
import pytest
import targets
from deployed import FLAVOURS, functions, name_of
from executions import Execution, Runner
from targets.base import Deployment, Tell, UnavailableError

_SECONDS = 300
"""For one scenario, on a slow machine too; a deployment may take longer."""
_ONLY_FOR = {"test_containers.py": "docker", "test_harness.py": "process"}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the choice of a target, and each target's own options."""
    group = parser.getgroup("scenarios")
    group.addoption("--target", choices=targets.NAMES, default="process", help="where to run")
    group.addoption(
        "--where-possible", action="store_true", help="skip what the target cannot be had for"
    )
    group.addoption(
        "--save-histories", type=Path, metavar="DIR", help="write each history to a file"
    )
    group.addoption(
        "--compare-with",
        type=Path,
        metavar="DIR",
        help="fail where a history is another than the one that --save-histories wrote there",
    )
    for name in targets.NAMES:
        targets.module(name).add_options(parser.getgroup(f"target {name}"))


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out what is about another target."""
    target = _ONLY_FOR.get(collection_path.name)
    return True if target is not None and target != config.getoption("target") else None


def pytest_cmdline_main(config: pytest.Config) -> int | None:
    """Do what the target was asked for instead of running scenarios, and print what it tells."""
    instead = getattr(targets.module(config.getoption("target")), "instead", None)
    told = None if instead is None else instead(config, functions())
    if told is None:
        return None
    for line in told:
        print(line)
    return 0


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give scenarios more time than tests of one function have.

    When it is up a signal ends them, not the process: what was deployed is still removed.
    """
    for item in items:
        item.add_marker(pytest.mark.timeout(_SECONDS, method="signal", func_only=True))


@pytest.fixture(scope="session")
def deployment(pytestconfig: pytest.Config) -> Iterator[Deployment]:
    """Deploy all functions for as long as scenarios run."""
    target = targets.module(pytestconfig.getoption("target")).make(pytestconfig)
    with ExitStack() as stack:
        try:
            deployed = stack.enter_context(target.deploy(functions(), _teller(pytestconfig)))
        except UnavailableError as error:
            if pytestconfig.getoption("where_possible"):
                pytest.skip(str(error))
            pytest.exit(str(error), returncode=pytest.ExitCode.USAGE_ERROR)
        yield deployed


def _teller(config: pytest.Config) -> Tell:
    """Return what writes a line to the run's log at once: a deployment can take minutes."""
    reporter = config.pluginmanager.getplugin("terminalreporter")
    capturing = config.pluginmanager.getplugin("capturemanager")

    def tell(line: str) -> None:
        if reporter is None or capturing is None:  # in a process that pytest-xdist has started
            return
        with capturing.global_and_fixture_disabled():
            reporter.ensure_newline()
            reporter.write_line(line)

    return tell


@dataclass(frozen=True, slots=True)
class Scenario:
    """Runs functions of one flavour."""

    flavour: str
    deployment: Deployment
    runner: Runner
    save_as: Path | None
    compare_with: Path | None
    ended: Iterator[int]
    """Numbers the executions that have ended: a scenario may look at several."""

    def reference(self, function: str) -> str:
        """Return what a function of this flavour is invoked as."""
        return self.deployment.reference(name_of(self.flavour, function))

    def seconds(self, skipped: int, real: int) -> int:
        """Return how long to wait where waits take no time, and where they do."""
        return skipped if self.deployment.skips_time else real

    def run(self, function: str, event: Any = None) -> Execution:
        """Run a function of this flavour to its end."""
        return self._saved(self.runner.run(name_of(self.flavour, function), event))

    def start(self, function: str, event: Any = None) -> str:
        """Start an execution of a function of this flavour; return its ARN."""
        return self.runner.start(name_of(self.flavour, function), event)

    def until(self, arn: str, type: str, *, name: str | None = None) -> dict[str, Any]:
        """Wait for an event of an execution."""
        return self.runner.until(arn, type, name=name)

    def finish(self, arn: str) -> Execution:
        """Wait for the end of an execution."""
        return self._saved(self.runner.finish(arn))

    def kill(self, function: str) -> None:
        """Kill the environments of a function of this flavour."""
        self.deployment.kill(name_of(self.flavour, function))

    def _saved(self, execution: Execution) -> Execution:
        ending = f"-{next(self.ended)}.json"
        if self.save_as is not None:
            self.save_as.parent.mkdir(parents=True, exist_ok=True)
            content = {"outline": execution.outline, "events": execution.events}
            file = self.save_as.with_name(self.save_as.name + ending)
            file.write_text(json.dumps(content, indent=1, default=str), encoding="utf-8")
        if self.compare_with is not None:
            file = self.compare_with.with_name(self.compare_with.name + ending)
            histories.compare(file, execution.events)
        return execution


@pytest.fixture(params=FLAVOURS)
def scenario(
    request: pytest.FixtureRequest, deployment: Deployment, pytestconfig: pytest.Config
) -> Scenario:
    """Give what runs functions, once for each flavour."""
    file = request.node.name.replace("[", "-").rstrip("]")
    save_as, compare_with = (
        None if (folder := pytestconfig.getoption(option)) is None else folder / file
        for option in ("save_histories", "compare_with")
    )
    return Scenario(
        request.param, deployment, Runner(deployment), save_as, compare_with, itertools.count(1)
    )
