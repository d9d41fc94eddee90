"""Runs a function as Lambda does: in execution environments that are reused, over the Runtime API.

A function in an environment reaches the service over HTTP, as it would reach AWS.
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable

from lambda_durable_kernel import Errored, Invocation, Outcome, Session
from lambda_durable_kernel.names import function_arn

from ..errors import HostError
from ..functions import LocalFunction
from ..runtime_api.messages import Request
from .base import Description
from .environment import Environment, GoneError
from .launches import CommandLauncher, Launcher, Service
from .platform_log import PlatformLog
from .pool import Environments, Key
from .python import PythonLauncher

_ENVELOPE_BYTES = 100
"""What Lambda adds to the size of a result for the largest response."""


def process_launcher(
    function: LocalFunction, service: Service, *, python: str = sys.executable
) -> Launcher:
    """Return what starts a function's environments as processes of this machine."""
    if not function.is_python:
        return CommandLauncher(function, service)
    return PythonLauncher(function, service, python)


class EnvironmentHost:
    """Runs one function; its log goes line by line to `on_line`, from one thread.

    At most `function.concurrency` invocations run at once; further ones wait, and their time
    begins when they run. An environment is never used for two tenants.
    """

    def __init__(
        self,
        function: LocalFunction,
        environments: Environments,
        launcher: Launcher,
        *,
        on_line: Callable[[str], None] = lambda line: None,
    ) -> None:
        self._function = function
        self._environments = environments
        self._launcher = launcher
        self._log = PlatformLog(function, on_line)
        self._places = asyncio.Semaphore(function.concurrency)
        self._running: set[Environment] = set()
        self._tasks: set[asyncio.Task[Outcome]] = set()
        self._closed = False

    def load(self) -> Description:
        """Check that environments can be started; raise TargetError or HostError if they cannot.

        A Python function that does not say whether it is durable is imported to find out; another
        one is taken to be.
        """
        return Description(self._launcher.check(), [])

    def invoke(self, invocation: Invocation, session: Session) -> Outcome:
        """Run an invocation in an environment that is free, or in a new one."""
        return self._environments.run(self._invoke(invocation))

    def close(self) -> None:
        """End all environments; invocations that run in them have crashed."""
        self._environments.run(self._end())

    async def _invoke(self, invocation: Invocation) -> Outcome:
        task: asyncio.Task[Outcome] | None = asyncio.current_task()
        assert task is not None, "the event loop runs it in a task"
        self._tasks.add(task)
        try:
            async with self._places:
                while True:
                    try:
                        return await self._invoke_in(await self._take(invocation), invocation)
                    except GoneError:
                        continue
                    except OSError as error:
                        return _no_process(invocation, error)
        finally:
            self._tasks.discard(task)

    async def _invoke_in(self, environment: Environment, invocation: Invocation) -> Outcome:
        self._running.add(environment)
        if self._closed:
            environment.kill()
        try:
            return await environment.invoke(
                self._request(invocation), invocation.deadline - invocation.started_at
            )
        finally:
            self._running.discard(environment)
            if environment.usable and not self._closed:
                await self._environments.keep(self._key(invocation), environment)
            else:
                await environment.end()

    async def _take(self, invocation: Invocation) -> Environment:
        if self._closed:
            raise HostError("the host is closed")
        kept = self._environments.take(self._key(invocation))
        if kept is not None:
            return kept
        limit = self._function.settings.quotas.execution_payload_bytes + _ENVELOPE_BYTES
        return await Environment.start(self._launcher, self._log, limit)

    def _key(self, invocation: Invocation) -> Key:
        return self, invocation.tenant_id

    def _request(self, invocation: Invocation) -> Request:
        event = json.dumps(invocation.event) if invocation.durable else invocation.event
        function = self._function
        return Request(
            id=invocation.id,
            function_arn=function_arn(function.settings, function.spec(durable=invocation.durable)),
            event=event.encode(),
            # A runtime looks at the real clock, whatever the service's own says.
            deadline=time.time() + invocation.deadline - invocation.started_at,
            tenant_id=invocation.tenant_id,
            trace_header=invocation.trace_header,
        )

    async def _end(self) -> None:
        self._closed = True
        for environment in self._running:
            environment.kill()  # ended by the invocation that runs in it
        if self._tasks:
            await asyncio.wait(self._tasks)
        await self._environments.end_idle(self)


def _no_process(invocation: Invocation, error: OSError) -> Errored:
    message = f"RequestId: {invocation.id} Error: {error}"
    return Errored.responded({"errorType": "Runtime.InvalidEntrypoint", "errorMessage": message})
