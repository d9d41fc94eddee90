"""Where a run keeps its executions: in the file that was asked for, or in one for this time."""

import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(slots=True)
class Place:
    """A store's path; what is `temporary` is removed afterwards unless `keep` is set."""

    path: Path
    temporary: bool
    keep: bool = False

    def command_to_go_on(self) -> str:
        """Return the command that takes up what was interrupted here."""
        given = ["durable", *sys.argv[1:]]
        return shlex.join([*given, "--store", str(self.path)] if self.temporary else given)


@contextmanager
def place_of(path: Path | None) -> Iterator[Place]:
    """Give the place for a path, or a temporary one for None."""
    if path is not None:
        yield Place(path, temporary=False)
        return
    folder = Path(tempfile.mkdtemp(prefix="durable-"))
    place = Place(folder / "executions.db", temporary=True)
    try:
        yield place
    finally:
        if not place.keep:
            shutil.rmtree(folder, ignore_errors=True)
