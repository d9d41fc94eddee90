"""The logs of functions as files of a folder: `FOLDER/<function>.log`."""

from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from ..errors import HostError


class LogFiles:
    """Appends lines to files, one for each function; each line is in its file when written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, TextIO] = {}
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise HostError(
                f"the folder for logs, {folder}, cannot be made: {error.strerror}"
            ) from error

    def path(self, function: str) -> Path:
        """Return where a function's log is."""
        return self._folder / f"{function}.log"

    def writer(self, function: str) -> Callable[[str], None]:
        """Return what appends a line to a function's log."""
        try:
            file = self.path(function).open("a", buffering=1, encoding="utf-8", errors="replace")
        except OSError as error:
            raise HostError(
                f"the log {self.path(function)} cannot be written: {error.strerror}"
            ) from error
        self._files[function] = file

        def write(line: str) -> None:
            if not file.closed:
                file.write(f"{line}\n")

        return write

    def close(self) -> None:
        """Close all files; what is written afterwards is lost."""
        for file in self._files.values():
            file.close()
