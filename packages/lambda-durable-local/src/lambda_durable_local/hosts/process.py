"""Runs a function in processes of its own, as Lambda does: each serves one invocation at a time.

A process is kept for the next invocation. When it dies, its invocation has crashed, and the next
one gets a new process. When its time is up, it is killed.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lambda_durable.errors import ServiceError
from lambda_durable_kernel import Errored, Invocation, Outcome, Returned, Session

from ..errors import HostError, TargetError
from ..functions import LocalFunction
from .base import Description
from .child import Child

_LOAD_SECONDS = 60.0


class ProcessHost:
    """Runs one function; what its processes print is passed on line by line to `on_line`."""

    def __init__(
        self,
        function: LocalFunction,
        *,
        python: str = sys.executable,
        on_line: Callable[[str], None] = lambda line: None,
    ) -> None:
        self._function = function
        self._python = python
        self._on_line = on_line
        self._idle: list[Child] = []
        self._all: set[Child] = set()
        self._lock = threading.Lock()
        self._closed = False

    def load(self) -> Description:
        """Start a process, which imports the function; raise TargetError if it cannot."""
        child, description = self._start()
        self._idle.append(child)
        return description

    def invoke(self, invocation: Invocation, session: Session) -> Outcome:
        """Run an invocation in a process that is free, or in a new one.

        Its time counts from when the process is ready for it.
        """
        try:
            child = self._take()
        except TargetError as error:
            return _import_error(error)
        seconds = invocation.deadline - invocation.started_at
        try:
            outcome = self._converse(child, invocation, session, time.monotonic() + seconds)
        except TimeoutError:
            child.kill()
            outcome = Errored.timed_out(seconds)
        except BaseException:
            self._drop(child)
            raise
        self._give_back(child)
        return outcome

    def close(self) -> None:
        """End all processes; invocations that run in them have crashed."""
        with self._lock:
            self._closed = True
            busy = [child for child in self._all if child not in self._idle]
            idle, self._idle = self._idle, []
        for child in busy:
            child.kill()  # given back by the thread that it talks to
        for child in idle:
            self._drop(child)

    def _converse(
        self, child: Child, invocation: Invocation, session: Session, until: float
    ) -> Outcome:
        event: Any = invocation.event if invocation.durable else json.loads(invocation.event)
        message: dict[str, Any] | None = {
            "event": event,
            "context": self._function.context(invocation),
            "ahead": session.clock() - time.time(),
        }
        while message is not None and child.send(message, until):
            asked = child.receive(until)
            if asked is None:
                break
            if "output" in asked:
                return Returned(asked["output"])
            if "error" in asked:
                return Errored.responded(asked["error"])
            message = self._answer(child, asked, session)
        return Errored.crashed(f"RequestId: {invocation.id} Error: {child.ending()}")

    def _answer(
        self, child: Child, asked: dict[str, Any], session: Session
    ) -> dict[str, Any] | None:
        """Return the service's answer; None if the process was killed instead of answered."""
        ask = session.checkpoint if asked["ask"] == "checkpoint" else session.get_state
        try:
            return {"answer": ask(*asked["arguments"])}
        except ServiceError as error:
            fault = {
                "message": str(error),
                "code": error.code,
                "status": error.status,
                "retryable": error.retryable,
            }
            return {"fault": fault}
        except BaseException:
            child.kill()
            if session.crash is None:
                raise
            return None

    def _take(self) -> Child:
        with self._lock:
            while self._idle:
                child = self._idle.pop()
                if child.alive:
                    return child
                child.close()
                self._all.discard(child)
        return self._start()[0]

    def _start(self) -> tuple[Child, Description]:
        module = "lambda_durable_local.bootstrap"
        target = self._function.target
        try:
            child = Child(
                [self._python, "-m", module, target.text],
                os.environ | {"PYTHONUNBUFFERED": "1"} | self._function.variables(),
                Path.cwd(),
                self._on_line,
            )
        except OSError as error:
            raise HostError(f"cannot run {self._python}: {error.strerror}") from error
        with self._lock:
            self._all.add(child)
            closed = self._closed
        try:
            if closed:
                raise HostError("the host is closed")
            return child, self._greeting(child)
        except BaseException:
            self._drop(child)
            raise

    def _greeting(self, child: Child) -> Description:
        try:
            greeting = child.receive(time.monotonic() + _LOAD_SECONDS)
        except TimeoutError:
            raise TargetError(
                f"TARGET {self._function.target.text!r} took more than {_LOAD_SECONDS:.0f} s to "
                "import; move slow work out of the module and into the handler"
            ) from None
        if greeting is None:
            hint = ""
            if self._python != sys.executable:
                hint = f"; is lambda-durable-local installed for {self._python}?"
            raise TargetError(
                f"the process of {self._function.target.text!r} ended before it could take an "
                f"invocation: {child.ending()}{hint}"
            )
        if "failed" in greeting:
            raise TargetError(greeting["failed"], greeting["details"])
        return Description(greeting["durable"], greeting["handlers"])

    def _give_back(self, child: Child) -> None:
        with self._lock:
            keep = child.alive and not self._closed
            if keep:
                self._idle.append(child)
        if not keep:
            self._drop(child)

    def _drop(self, child: Child) -> None:
        child.close()
        with self._lock:
            self._all.discard(child)


def _import_error(error: TargetError) -> Errored:
    return Errored.responded(
        {
            "errorType": "Runtime.ImportModuleError",
            "errorMessage": error.message,
            "stackTrace": error.details,
        }
    )
