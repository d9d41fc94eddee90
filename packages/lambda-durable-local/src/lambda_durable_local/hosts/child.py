"""A function's process: started, talked to, and ended."""

import os
import selectors
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from .exits import exit_reason
from .frames import Frames
from .output import Output

_LOOK_SECONDS = 0.5
"""How often a silent process is looked at: its end shows at once, unless it left children."""

_END_SECONDS = 2.0
"""How long a process that has said its last may take to end."""


class Child:
    """One process, for as long as it lives; its standard output and error go to `on_line`."""

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        folder: Path,
        on_line: Callable[[str], None],
    ) -> None:
        ours, theirs = socket.socketpair()
        life_read, self._life = os.pipe()
        log_read, log_write = os.pipe()
        try:
            self._process = subprocess.Popen(  # noqa: S603 - running the user's code is the purpose
                [*command, str(theirs.fileno()), str(life_read)],
                stdin=subprocess.DEVNULL,
                stdout=log_write,
                stderr=log_write,
                pass_fds=(theirs.fileno(), life_read),
                env=dict(environment),
                cwd=folder,
                # Ctrl-C in the terminal is the command's, which ends the process itself.
                start_new_session=True,
            )
        except BaseException:
            ours.close()
            os.close(self._life)
            os.close(log_read)
            raise
        finally:
            theirs.close()
            os.close(life_read)
            os.close(log_write)
        self._frames = Frames(ours)
        self._output = Output(log_read, on_line)
        self._selector = selectors.DefaultSelector()
        self._selector.register(ours, selectors.EVENT_READ)
        self._selector.register(log_read, selectors.EVENT_READ)

    @property
    def alive(self) -> bool:
        """Whether the process has not ended."""
        return self._process.poll() is None

    def send(self, message: dict[str, Any], until: float) -> bool:
        """Send a message; False if the process has ended. `until` is monotonic."""
        self._frames.socket.settimeout(_left(until))
        try:
            self._frames.send(message)
        except TimeoutError:
            raise
        except OSError:
            return False
        return True

    def receive(self, until: float) -> dict[str, Any] | None:
        """Return the next message, None if the process has ended; raise TimeoutError then.

        Lines that were printed before the message was sent are passed on before it is returned.
        """
        while True:
            ready = self._selector.select(min(_left(until), _LOOK_SECONDS))
            self._output.drain()
            if not self._output.open and self._output.descriptor in self._selector.get_map():
                self._selector.unregister(self._output.descriptor)
            if any(key.fileobj is self._frames.socket for key, _ in ready):
                self._frames.socket.settimeout(_left(until))
                return self._frames.receive()
            if not ready and not self.alive:
                return None

    def kill(self) -> None:
        """End the process and all it started with SIGKILL."""
        if self.alive:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def ending(self) -> str:
        """Wait for the end of the process and return how it ended, in Lambda's words."""
        try:
            code = self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:  # it only closed its side of the connection
            self.kill()
            code = self._process.wait()
        return exit_reason(code)

    def close(self) -> None:
        """End the process if it has not ended, and give back what it held."""
        self.kill()
        self._process.wait()
        self._selector.close()
        self._output.finish()
        os.close(self._output.descriptor)
        os.close(self._life)
        self._frames.socket.close()


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
