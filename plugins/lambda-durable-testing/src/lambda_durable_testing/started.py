"""An execution of the local runner: it goes on only as far as a test lets it."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any, Final, Protocol, TypeVar

from lambda_durable import DurableHandler
from lambda_durable.abc import Duration
from lambda_durable.errors import InvalidInputError
from lambda_durable.failures import type_name
from lambda_durable.protocol import ErrorObject
from lambda_durable_kernel import Simulation
from lambda_durable_kernel.blocked import why_blocked

from .errors import ExecutionBlockedError, TestStopped
from .listening import LISTENER, Listener
from .operations import Operation, Operations
from .results import Result
from .sending import json_text
from .spans import seconds
from .watching import CALM, Conditions

INVOCATION_LIMIT: Final = 10_000
"""After so many invocations an execution is taken to be one that never ends."""

T = TypeVar("T")


class Starter(Protocol):
    """What an execution needs of the runner that started it."""

    name: str
    handler: DurableHandler[Any, Any]
    conditions: Conditions
    simulation: Simulation

    def result(self, arn: str) -> Result:
        """Return an execution as it is now."""
        ...

    def check_replacements(self) -> None:
        """Raise if the name of a replaced step seems to be misspelt."""
        ...


class LocalExecution:
    """An execution that was started; made by `LocalRunner.start`."""

    def __init__(self, runner: Starter, arn: str) -> None:
        self._runner = runner
        self._simulation = runner.simulation
        self.arn = arn
        self.name = runner.name
        """The name of the handler, or the one that it was given."""
        listener = self._listener()
        if listener is not None:
            listener.started(self)

    @property
    def operations(self) -> Operations:
        """The operations as they are now."""
        return Operations.tree(self._simulation.service.operations(self.arn))

    @property
    def is_closed(self) -> bool:
        """Whether the execution has ended."""
        return self._simulation.is_closed(self.arn)

    def result(self) -> Result:
        """Return the execution as it is now, without letting it go on."""
        return self._runner.result(self.arn)

    def advance(self, duration: Duration = 0.0) -> None:
        """Let time pass, and all that is due in it happen; 0 makes the invocations due now."""
        __tracebackhide__ = True  # pytest shows the line of the test
        span = seconds(duration)
        self._watched(lambda: self._simulation.advance(span))

    def advance_to_next(self) -> bool:
        """Make one invocation, or let time pass until something happens; False if nothing does."""
        __tracebackhide__ = True  # pytest shows the line of the test
        return self._watched(self._simulation.step)

    def callback(self, name: str | None = None) -> LocalCallback:
        """Let the execution go on until a callback of that name is open, and return it.

        Without a name, the only one that is open. A LookupError shows the operations if the
        execution ends or stands still before.
        """
        __tracebackhide__ = True  # pytest shows the line of the test
        while True:
            self._watched(self._simulation.settle)
            found = self._open_callbacks(name)
            if len(found) == 1:
                return LocalCallback(self, found[0])
            if found or self.is_closed or not self._watched(self._simulation.step):
                raise LookupError(self._why_no_callback(name, found))

    def finish(self) -> Result:
        """Let the execution go on to its end.

        Raises ExecutionBlockedError if it never ends, and UnknownStepError if the name of a
        replaced step seems to be misspelt.
        """
        __tracebackhide__ = True  # pytest shows the line of the test
        while not self.is_closed:
            if not self._watched(self._simulation.step):
                reason = why_blocked(self._simulation.service, self.arn)
                raise ExecutionBlockedError(f"{reason}\n\n{self.result()}")
            if self._simulation.outcome(self.arn).invocations > INVOCATION_LIMIT:
                raise ExecutionBlockedError(
                    f"the execution has not ended after {INVOCATION_LIMIT} invocations\n\n"
                    f"{self.result()}"
                )
        self._runner.check_replacements()
        listener = self._listener()
        if listener is not None:
            listener.finished(self)
        return self.result()

    def stop(self, error: BaseException | str | None = None) -> None:
        """Stop the execution, as StopDurableExecution does."""
        told = None if error is None else error_object(error)
        self._simulation.service.stop(self.arn, now=self._simulation.now, error=told)

    @property
    def runner(self) -> Starter:
        """The runner that started it."""
        return self._runner

    def _listener(self) -> Listener | None:
        return LISTENER.get() if self._runner.conditions is CALM else None

    def _open_callbacks(self, name: str | None) -> list[Operation]:
        return [
            each
            for each in self.operations.all()
            if each.type == "CALLBACK"
            and each.status == "STARTED"
            and (name is None or name in callback_names(each))
        ]

    def _why_no_callback(self, name: str | None, found: list[Operation]) -> str:
        called = "" if name is None else f" called {name!r}"
        if found:
            paths = ", ".join(repr(each.path) for each in found)
            return f"{len(found)} callbacks{called} are open, not one: {paths}; give a name or path"
        state = "has ended" if self.is_closed else "waits for something else"
        return f"the execution {state} and has no open callback{called}\n\n{self.result()}"

    def _watched(self, act: Callable[[], T]) -> T:
        """Let the simulation go on; raise what stopped the test inside of it."""
        __tracebackhide__ = True
        try:
            return act()
        except TestStopped as stopped:
            raise stopped.error from None


class LocalCallback:
    """An open callback, to be completed as an outside system would."""

    def __init__(self, execution: LocalExecution, operation: Operation) -> None:
        assert operation.callback_id is not None, "a callback has an id"
        self._execution = execution
        self._simulation = execution.runner.simulation
        self.name = operation.name
        self.id = operation.callback_id
        """The id that the handler gives away."""

    def succeed(self, value: object = None, *, payload: str | None = None) -> None:
        """Complete it with a value, sent as JSON, or with a payload that is sent as it is."""
        __tracebackhide__ = True  # pytest shows the line of the test
        if payload is not None and value is not None:
            raise InvalidInputError("a callback is completed with a value or a payload, not both")
        self._simulation.succeed_callback(
            self.id, json_text("a result of a callback", value) if payload is None else payload
        )
        self._execution.advance()

    def fail(self, error: BaseException | str, *, type: str | None = None) -> None:
        """Complete it with a failure: an exception, or a message and the type it is to have."""
        __tracebackhide__ = True  # pytest shows the line of the test
        told = error_object(error)
        if type is not None:
            told["ErrorType"] = type
        self._simulation.fail_callback(self.id, told)
        self._execution.advance()

    def heartbeat(self) -> None:
        """Start its heartbeat time-out anew."""
        self._simulation.heartbeat_callback(self.id)


def callback_names(operation: Operation) -> set[str]:
    """Return what a callback may be called: by its name, its path, or that of its wait."""
    names = {operation.name or "", operation.path}
    parent = operation.parent
    if parent is not None and parent.subtype == "WaitForCallback":
        names |= {parent.name or "", parent.path}
    return names - {""}


def error_object(error: BaseException | str) -> ErrorObject:
    """Return an error as the outside would send it."""
    if isinstance(error, str):
        return {"ErrorMessage": error}
    stack = traceback.extract_tb(error.__traceback__)
    told: ErrorObject = {"ErrorType": type_name(type(error)), "ErrorMessage": str(error)}
    if stack:
        told["StackTrace"] = [f"{each.filename}:{each.lineno} in {each.name}" for each in stack]
    return told
