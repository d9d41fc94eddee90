"""One execution environment: a process with a runtime in it, and the Runtime API that feeds it.

All of it runs on one event loop; nothing here may be called from another thread.
"""

import asyncio
import time
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any

from lambda_durable_kernel import Errored, Outcome, Returned

from ..runtime_api.messages import Failure, Request
from ..runtime_api.server import RuntimeApi
from .exits import exit_reason
from .launches import Launcher
from .platform_log import PlatformLog, Report, Status
from .started import StartedProcess

_INIT_SECONDS = 120.0
"""How long a runtime may take to ask for its first invocation, on a slow machine too."""


class GoneError(Exception):
    """The process ended between two invocations, so that the next one did not begin."""


@dataclass(frozen=True, slots=True)
class _Ending:
    outcome: Outcome
    status: Status
    message: str | None = None


class Environment:
    """Runs one invocation at a time, until its process ends."""

    def __init__(self, api: RuntimeApi, process: StartedProcess, log: PlatformLog) -> None:
        self._api = api
        self._process = process
        self._log = log
        self._started_at = time.monotonic()
        self._used = False
        self._failed = False

    @classmethod
    async def start(
        cls, launcher: Launcher, log: PlatformLog, response_limit: int
    ) -> "Environment":
        """Start the process; raise OSError if there is no such program."""
        api = RuntimeApi(response_limit)
        launch = launcher.launch(await api.open())

        def on_line(line: str) -> None:
            # A runtime separates the lines of one record, a stack trace, in this way.
            for part in line.split("\r"):
                log.write(part)

        try:
            return cls(api, await StartedProcess.start(launch, on_line), log)
        except BaseException:
            await api.close()
            raise

    @property
    def usable(self) -> bool:
        """Whether another invocation can begin."""
        return self._process.alive and not self._failed

    async def invoke(self, request: Request, seconds: float) -> Outcome:
        """Run an invocation to its end; raise GoneError if the process has ended before it began.

        Its time counts from when the runtime is ready for it.
        """
        first = not self._used
        if not first and not self.usable:
            raise GoneError
        self._used = True
        ended = await self._initialise(request) if first else None
        self._process.read()
        self._log.started(request.id)
        began = time.monotonic()
        if ended is None:
            ended = await self._answer(request, seconds, first=first)
        self._process.read()
        self._log.ended(request.id, self._report(ended, began, self._started_at if first else None))
        return ended.outcome

    def kill(self) -> None:
        """End the process; the invocation that runs in it has crashed."""
        self._process.kill()

    async def end(self) -> None:
        """End the process if it has not ended, and give back what it held."""
        await self._process.end()
        await self._api.close()

    async def _initialise(self, request: Request) -> _Ending | None:
        """Wait until the runtime is ready; return how the invocation ends if it never is."""
        asked = asyncio.ensure_future(self._api.initialised())
        await self._wait(asked, _INIT_SECONDS)
        if asked.done():
            failed = asked.result()
            if failed is None:
                return None
            self._failed = True  # it ends by itself
            return _Ending(Errored.responded(failed.error), "error")
        asked.cancel()
        return await self._no_answer(request, _INIT_SECONDS)

    async def _answer(self, request: Request, seconds: float, *, first: bool) -> _Ending:
        answer = self._api.hand_over(request)
        await self._wait(answer, seconds)
        if answer.done():
            told = answer.result()
            if isinstance(told, Failure):
                return _Ending(Errored.responded(told.error), "failure")
            return _Ending(Returned(told.body), "success")
        if not first and not self._process.alive and not self._api.taken:
            raise GoneError
        return await self._no_answer(request, seconds)

    async def _no_answer(self, request: Request, seconds: float) -> _Ending:
        """Return how an invocation ended whose process did, or whose time is up."""
        if self._process.alive:
            self._process.kill()
            await self._process.exited
            outcome = Errored.timed_out(seconds)
            return _Ending(outcome, "timeout", outcome.error["ErrorMessage"])
        reason = f"Error: {exit_reason(self._process.exited.result())}"
        return _Ending(Errored.crashed(f"RequestId: {request.id} {reason}"), "error", reason)

    async def _wait(self, answer: "Awaitable[Any]", seconds: float) -> None:
        waited = {asyncio.ensure_future(answer), self._process.exited}
        await asyncio.wait(waited, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)

    def _report(self, ended: _Ending, began: float, started_at: float | None) -> Report:
        outcome = ended.outcome
        return Report(
            status=ended.status,
            duration=time.monotonic() - began,
            init_duration=None if started_at is None else began - started_at,
            memory_mb=self._process.peak_memory_mb(),
            error_type=outcome.error.get("ErrorType") if isinstance(outcome, Errored) else None,
            message=ended.message,
        )
