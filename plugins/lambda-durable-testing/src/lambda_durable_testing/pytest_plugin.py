"""The pytest plugin; pytest loads it by itself once the distribution is installed.

Fixtures: `durable_runner`, `durable_clock`, `durable_snapshot`. Marker: `durable(...)`. A test that
fails shows the executions that it ran. `--durable-determinism` replays each of them elsewhere.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from lambda_durable import DurableError

from .listening import LISTENER
from .snapshots import SnapshotError, compare

if TYPE_CHECKING:
    from .abc import Runner
    from .listening import Shown
    from .local import Clock
    from .results import Result
    from .started import LocalExecution

_SHOWN = 3
_MARKER = (
    "durable(timeout=, execution_timeout=, start_at=, settings=, log_level=, patience=, "
    "determinism=): options of the runners that the test makes with `durable_runner`; with "
    "determinism=True executions are also replayed with another clock, randomness and hashes"
)


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Add the options, those of recorded executions included."""
    pluginmanager.import_plugin("lambda_durable_testing.recorded.pytest_support")
    group = parser.getgroup("durable", "durable functions")
    group.addoption(
        "--durable-snapshot-update",
        action="store_true",
        help="write the snapshots of executions anew",
    )
    group.addoption(
        "--durable-determinism",
        action="store_true",
        help="replay each execution of a test with another clock, randomness and hashes",
    )
    group.addoption(
        "--durable-endpoint",
        metavar="URL",
        help="have `durable_runner` run deployed functions, at this endpoint of the Lambda API or "
        "on `aws`; a function has the name of its handler, or the function= that the test gives",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line("markers", _MARKER)


class _Executions:
    """The last executions of a test."""

    def __init__(self, *, determinism: bool) -> None:
        self.last: deque[Shown] = deque(maxlen=_SHOWN)
        self._determinism = determinism

    def started(self, execution: Shown) -> None:
        """Keep an execution to be shown, wherever the test then leaves it."""
        self.last.append(execution)

    def finished(self, execution: LocalExecution) -> None:
        """Check an execution for determinism, if that is asked for."""
        if self._determinism:
            from .determinism.checking import check_execution

            check_execution(execution)


_executions = pytest.StashKey[_Executions]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Listen to the executions of a test."""
    asked = item.config.getoption("durable_determinism") or _marked(item).get("determinism", False)
    executions = item.stash[_executions] = _Executions(determinism=asked)
    token = LISTENER.set(executions)
    try:
        return (yield)
    finally:
        LISTENER.reset(token)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show the last executions of a test that failed, unless its message does."""
    report = yield
    executions = item.stash.get(_executions, None)
    if call.when == "call" and call.excinfo is not None and executions is not None:
        for execution in executions.last:
            title, drawn = f"Durable execution of {execution.name}", _drawn(execution)
            if not _shows(call.excinfo.value, drawn):
                report.sections.append((title, drawn))
    if call.excinfo is not None and isinstance(call.excinfo.value, DurableError):
        _shorten_summary(report)
    return report


def _drawn(execution: Shown) -> str:
    try:
        return str(execution.result())
    except Exception as error:  # noqa: BLE001 - a service that is gone must not hide the failure
        return f"it cannot be shown: {type(error).__name__}: {error}"


def _shows(error: BaseException, drawn: str) -> bool:
    """Return whether a message shows the execution already."""
    return drawn in str(error) or isinstance(error, SnapshotError)


def _shorten_summary(report: pytest.TestReport) -> None:
    """Say in one line of the closing summary what is shown in full above; in CI it is not cut."""
    crash = getattr(report.longrepr, "reprcrash", None)
    if crash is not None:
        crash.message = crash.message.partition("\n")[0]


class _Runners:
    """Makes the runners of a test: in this process, or of deployed functions."""

    def __init__(self, request: pytest.FixtureRequest) -> None:
        self._endpoint: str | None = request.config.getoption("durable_endpoint")
        self._options = _marked(request.node)
        self._options.pop("determinism", None)
        self.clocks: list[Clock] = []

    def __call__(self, handler: Any, *, function: str | None = None, **options: Any) -> Any:
        if self._endpoint is not None:
            from .cloud import CloudRunner

            endpoint = None if self._endpoint == "aws" else self._endpoint
            given = {**self._options, **options}
            waits = {"patience": given["patience"]} if "patience" in given else {}
            return CloudRunner(function or handler.__name__, endpoint_url=endpoint, **waits)
        from .local import LocalRunner

        given = {**self._options, "name": function, **options}
        given.pop("patience", None)
        runner = LocalRunner(handler, **given)
        self.clocks.append(runner.clock)
        return runner


@pytest.fixture
def durable_runner(request: pytest.FixtureRequest) -> Callable[..., Runner]:
    """Make runners: `durable_runner(handler)` in this process, on a virtual clock.

    With `--durable-endpoint` the same test runs against the deployed function of that name.
    """
    return _Runners(request)


@pytest.fixture
def durable_clock(durable_runner: _Runners) -> Callable[[], Clock]:
    """Return the virtual clock of the runner that the test made last: `durable_clock().now`."""

    def clock() -> Clock:
        if not durable_runner.clocks:
            pytest.fail("durable_clock() is the clock of a runner: call durable_runner(handler)")
        return durable_runner.clocks[-1]

    return clock


@pytest.fixture
def durable_snapshot(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Compare an execution with how it looked before: `durable_snapshot(result)`.

    The snapshot is a text file in `snapshots/`, beside the test, that is meant to be reviewed.
    """
    update: bool = request.config.getoption("durable_snapshot_update")
    count = 0

    def check(result: Result, name: str | None = None) -> None:
        __tracebackhide__ = True  # pytest shows the line of the test
        nonlocal count
        count += 1
        own = name or (request.node.name if count == 1 else f"{request.node.name}-{count}")
        compare(result, _file(request.node.path, own), update=update)

    return check


def _file(test: Path, name: str) -> Path:
    safe = "".join(each if each.isalnum() or each in "-_" else "-" for each in name).strip("-")
    return test.parent / "snapshots" / test.stem / f"{safe}.txt"


def _marked(item: pytest.Item) -> dict[str, Any]:
    """Return the options of the markers on a test, the nearest last."""
    options: dict[str, Any] = {}
    for marker in reversed(list(item.iter_markers("durable"))):
        options.update(marker.kwargs)
    return options
