"""Snapshots: how an execution looked when somebody last looked, kept as a text file."""

from difflib import unified_diff
from pathlib import Path

from .drawing import draw
from .results import Result


class SnapshotError(AssertionError):
    """An execution looks different from its snapshot, or has none yet."""


def text_of(result: Result) -> str:
    """Return what a snapshot of an execution holds: its outcome and its operations.

    Durations are those of the virtual clock, so the text is the same in every run.
    """
    outcome = result.status
    if result.payload is not None:
        outcome += f"  {result.payload}"
    if result.error is not None:
        outcome += f"  {result.error}"
    return f"{outcome}\n\n{draw(result.operations)}\n"


def compare(result: Result, path: Path, *, update: bool) -> None:
    """Raise SnapshotError with the difference unless the file at `path` shows this execution.

    With `update` the file is written instead.
    """
    __tracebackhide__ = True  # pytest shows the line of the test
    found = text_of(result)
    if update:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(found, encoding="utf-8")
        return
    how = "run pytest with --durable-snapshot-update to keep what is found, and review the file"
    if not path.is_file():
        raise SnapshotError(f"there is no snapshot {path} yet; {how}\n\n{found}")
    expected = path.read_text(encoding="utf-8")
    if found != expected:
        lines = unified_diff(
            expected.splitlines(), found.splitlines(), "snapshot", "found", lineterm="", n=1_000
        )
        raise SnapshotError(f"the execution differs from {path}; {how}\n\n" + "\n".join(lines))
