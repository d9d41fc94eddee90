"""Recordings as tests: `pytest --durable-recordings=FOLDER` replays each one as a test of its own.

    [tool.pytest.ini_options]
    durable_recordings = ["tests/recordings"]
    durable_handler = "orders.app:handler"

The handler is the one that is named there, or else the one that the recording names.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options; each can stand in the ini file too."""
    group = parser.getgroup("durable", "durable functions")
    group.addoption(
        "--durable-recordings",
        action="append",
        default=[],
        metavar="FOLDER",
        help="replay the recorded executions in this folder, each as a test",
    )
    group.addoption(
        "--durable-handler",
        metavar="MODULE:NAME",
        help="the handler that recordings are replayed against",
    )
    parser.addini("durable_recordings", "folders of recorded executions", "paths", default=[])
    parser.addini("durable_handler", "the handler that recordings are replayed against", default="")


def pytest_configure(config: pytest.Config) -> None:
    """Have the folders that the command line names collected, whatever else is."""
    named = [config.invocation_params.dir / each for each in config.getoption("durable_recordings")]
    for folder in named:
        if not folder.exists():
            msg = f"--durable-recordings={folder}: there is no such folder"
            raise pytest.UsageError(msg)
        if not any(_is_in(folder, Path(arg.partition("::")[0])) for arg in config.args):
            config.args.append(str(folder))


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect recordings in the folders that are named."""
    if file_path.suffix != ".json":
        return None
    config = parent.config
    folders = [*config.getini("durable_recordings"), *config.getoption("durable_recordings")]
    if any(_is_in(file_path, config.invocation_params.dir / folder) for folder in folders):
        return RecordingFile.from_parent(parent, path=file_path)
    return None


class RecordingFile(pytest.File):
    """A file with a recorded execution."""

    def collect(self) -> Iterable[RecordingItem]:
        """Yield the one test that it is."""
        yield RecordingItem.from_parent(self, name="replay")


class RecordingItem(pytest.Item):
    """The test that a handler repeats a recording."""

    def runtest(self) -> None:
        """Replay the recording in all its states."""
        from .folders import handler_at
        from .recording import Recording
        from .replay import replay

        recording = Recording.load(self.path)
        config = self.config
        named = config.getoption("durable_handler") or config.getini("durable_handler")
        replay(handler_at(named or recording.handler, self.path), recording).check()

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Show what differs; where it was noticed in here helps nobody."""
        from lambda_durable.errors import DurableError

        from .replay import RecordingMismatchError

        if isinstance(excinfo.value, RecordingMismatchError | DurableError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return what the test is called in reports."""
        return self.path, None, f"replay of {self.path.name}"


def _is_in(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())
