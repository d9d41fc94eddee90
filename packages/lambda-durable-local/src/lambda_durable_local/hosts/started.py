"""A process that was started for an execution environment, until it is ended.

All of it runs on one event loop; nothing here may be called from another thread.
"""

import asyncio
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from .launches import LIFE, Launch
from .output import Output


class StartedProcess:
    """What was started, its output on the way to `on_line`, and its exit code to come."""

    def __init__(
        self, launch: Launch, process: asyncio.subprocess.Process, output: Output, life: int
    ) -> None:
        self._launch = launch
        self._process = process
        self._output = output
        self._life = life
        self._closed = False
        self.exited: asyncio.Task[int] = asyncio.create_task(self._exit_code())
        asyncio.get_running_loop().add_reader(output.descriptor, self._readable)

    @classmethod
    async def start(cls, launch: Launch, on_line: Callable[[str], None]) -> "StartedProcess":
        """Start a process; raise OSError if there is no such program."""
        life_read, life = os.pipe()
        log_read, log_write = os.pipe()
        try:
            process = await asyncio.create_subprocess_exec(
                *(str(life_read) if each == LIFE else each for each in launch.command),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log_write,
                stderr=log_write,
                pass_fds=(life_read,),
                env=launch.environment,
                cwd=launch.folder,
                # Ctrl-C in the terminal is the service's, which ends the process itself.
                start_new_session=True,
            )
        except BaseException:
            os.close(life)
            os.close(log_read)
            raise
        finally:
            os.close(life_read)
            os.close(log_write)
        return cls(launch, process, Output(log_read, on_line), life)

    @property
    def alive(self) -> bool:
        """Whether the process has not ended."""
        return not self.exited.done()

    def read(self) -> None:
        """Pass on the lines that it has printed by now."""
        if not self._closed:
            self._output.drain()

    def peak_memory_mb(self) -> int | None:
        """Return the most memory it has had, None where that cannot be known."""
        if self._launch.ending:
            return None  # it is not this process that the function runs in
        with suppress(OSError, IndexError, ValueError):
            status = Path(f"/proc/{self._process.pid}/status").read_text(encoding="ascii")
            return int(status.partition("VmHWM:")[2].split()[0]) // 1024
        return None

    def kill(self) -> None:
        """End the process and all it started with SIGKILL."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    async def end(self) -> None:
        """End the process if it has not ended, and give back what it held."""
        if self._closed:
            return
        self.kill()
        if self._launch.ending:
            await self._run_ending()
        await self.exited
        self.read()
        self._closed = True
        asyncio.get_running_loop().remove_reader(self._output.descriptor)
        self._output.finish()
        os.close(self._output.descriptor)
        os.close(self._life)

    async def _exit_code(self) -> int:
        """Wait for the end, and return a code that is negative for a signal."""
        code = await self._process.wait()
        return 128 - code if self._launch.signals_as_codes and code > 128 else code

    async def _run_ending(self) -> None:
        ending = await asyncio.create_subprocess_exec(
            *self._launch.ending,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        await ending.wait()

    def _readable(self) -> None:
        self._output.drain()
        if not self._output.open:
            asyncio.get_running_loop().remove_reader(self._output.descriptor)
