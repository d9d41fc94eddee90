"""Runs a function in this process: fast, and with a debugger's breakpoints.

It cannot be killed: a function that has used up its time is left behind on its thread, with a
session that nobody listens to any more. Its logs go to this process's standard output.
"""

import json
import os
import sys
import threading
from typing import Any

from lambda_durable_kernel import Errored, Invocation, Outcome, Returned, Session

from ..calling import call
from ..errors import TargetError
from ..functions import LocalFunction
from ..lambda_context import LambdaContext
from ..loading import Loaded, load
from .base import Description


class InProcessHost:
    """Runs one function on threads of this process."""

    def __init__(self, function: LocalFunction) -> None:
        self._function = function
        self._loaded: Loaded | None = None
        self._waiting: set[threading.Event] = set()

    def load(self) -> Description:
        """Import the function and describe it; raise TargetError if that is not possible."""
        if not self._function.is_python:
            raise TargetError(
                f"function {self._function.name!r} is not Python code: it cannot run in this "
                "process; use --host process or --host docker"
            )
        os.environ.update(self._function.variables())
        # Layers come after the function's own folder, which `load` puts first.
        for layer in reversed(self._function.layers):
            sys.path[:0] = [str(layer / "python"), str(layer)]
        self._loaded = load(self._function.target)
        return Description(self._loaded.durable, self._loaded.handlers)

    def invoke(self, invocation: Invocation, session: Session) -> Outcome:
        """Run an invocation on a thread of its own, and stop waiting for it when its time is up."""
        answers: list[Outcome | BaseException] = []
        ended = threading.Event()

        def work() -> None:
            try:
                answers.append(self._outcome(invocation, session))
            except BaseException as error:  # noqa: BLE001 - raised where it is waited for
                answers.append(error)
            ended.set()

        self._waiting.add(ended)
        threading.Thread(target=work, name=f"function-{invocation.id}", daemon=True).start()
        seconds = invocation.deadline - invocation.started_at
        in_time = ended.wait(seconds)
        self._waiting.discard(ended)
        if not answers:
            return Errored.crashed() if in_time else Errored.timed_out(seconds)
        answer = answers[0]
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def close(self) -> None:
        """Stop waiting for what still runs; it cannot be ended."""
        for ended in list(self._waiting):
            ended.set()

    def _outcome(self, invocation: Invocation, session: Session) -> Outcome:
        loaded = self._loaded
        assert loaded is not None, "loaded before it is invoked"
        context = LambdaContext(**self._function.context(invocation))
        event: Any = invocation.event if invocation.durable else json.loads(invocation.event)
        try:
            response = call(loaded.function, event, context, session)
        except SystemExit as error:
            return Errored.crashed(
                f"RequestId: {invocation.id} Error: Runtime exited with error: exit status "
                f"{error.code or 0}"
            )
        if session.crash is not None:
            raise session.crash
        if "error" in response:
            return Errored.responded(response["error"])
        return Returned(response["output"])
