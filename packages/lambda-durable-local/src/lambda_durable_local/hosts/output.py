"""What a function's process prints, as whole lines."""

import os
from collections.abc import Callable


class Output:
    """Reads the pipe that a process prints into, without ever waiting for it."""

    def __init__(self, descriptor: int, on_line: Callable[[str], None]) -> None:
        os.set_blocking(descriptor, False)
        self.descriptor = descriptor
        self.open = True
        self._on_line = on_line
        self._rest = b""

    def drain(self) -> None:
        """Pass on the lines that are there."""
        while self.open:
            try:
                part = os.read(self.descriptor, 1 << 16)
            except BlockingIOError:
                return
            if not part:
                self.open = False
            *lines, self._rest = (self._rest + part).split(b"\n")
            for line in lines:
                self._on_line(_text(line))

    def finish(self) -> None:
        """Pass on what is left, a last line without an end included."""
        self.drain()
        if self._rest:
            self._on_line(_text(self._rest))
            self._rest = b""


def _text(line: bytes) -> str:
    return line.decode("utf-8", "replace").rstrip("\r")
