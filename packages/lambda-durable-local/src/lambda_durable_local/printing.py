"""Takes what functions print in this process, line by line."""

import io
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout


@contextmanager
def printing_to(on_line: Callable[[str], None]) -> Iterator[None]:
    """Give all that is printed and logged to `on_line`, until the block ends."""
    lines = _Lines(on_line)
    handler = logging.StreamHandler(lines)
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        with redirect_stdout(lines), redirect_stderr(lines):
            yield
    finally:
        lines.finish()
        root.removeHandler(handler)
        root.setLevel(level)


class _Lines(io.TextIOBase):
    def __init__(self, on_line: Callable[[str], None]) -> None:
        self._on_line = on_line
        self._rest = ""

    def writable(self) -> bool:
        return True

    def write(self, text: str, /) -> int:
        *lines, self._rest = (self._rest + text).split("\n")
        for line in lines:
            self._on_line(line)
        return len(text)

    def finish(self) -> None:
        if self._rest:
            self._on_line(self._rest)
            self._rest = ""
