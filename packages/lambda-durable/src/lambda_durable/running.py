"""Which durable code runs here: a context variable that contexts, steps and loggers consult."""

from contextvars import ContextVar, Token
from types import TracebackType
from typing import Any, NamedTuple, Protocol

from .events import Call
from .execution import Execution
from .own_log import own_log


class RunningScope(Protocol):
    """What is asked of the scope that user code runs in."""

    closed: bool
    count: int
    drawn: int
    """How many random values were derived here."""
    execution: Execution
    parent_id: str | None
    path: str
    prefix: str | None
    replaying: bool
    time: float
    """When the latest operation ended whose outcome was handed over here, in seconds since 1970."""

    @property
    def outer(self) -> "RunningScope | None":
        """The scope around a virtual context."""
        ...

    @property
    def title(self) -> str:
        """What the scope is called in messages."""
        ...


class Running(NamedTuple):
    """The user code that runs here, and the scope it belongs to."""

    call: Call
    scope: RunningScope


RUNNING: ContextVar[Running | None] = ContextVar("lambda_durable_running", default=None)
"""Set while user code runs; it travels with branches and tasks."""


_ATTEMPT_HOOKS = frozenset({"durable_attempt_started", "durable_attempt_finished"})


class Surroundings:
    """Held open around user code: marks it as running, tells observers, enters plugins' contexts.

    What plugins raise is logged; they can neither stop the code nor swallow what it raises.
    """

    __slots__ = ("_began", "_entered", "_running", "_token")

    def __init__(self, call: Call, scope: RunningScope) -> None:
        self._running = Running(call, scope)
        self._began = 0.0
        self._entered: list[tuple[str, Any]] = []
        self._token: Token[Running | None] | None = None

    def __enter__(self) -> None:
        call, plugins = self._running.call, self._running.scope.execution.plugins
        self._token = RUNNING.set(self._running)
        if "durable_around_call" in plugins.observed:
            for name, manager in plugins.surroundings(call):
                try:
                    manager.__enter__()
                except Exception:  # noqa: BLE001 - a plugin may not stop the code
                    own_log().exception("plugin %s failed to enter its context", name)
                else:
                    self._entered.append((name, manager))
        if plugins.observed & _ATTEMPT_HOOKS:
            self._tell_started()

    def __exit__(
        self,
        type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        plugins = self._running.scope.execution.plugins
        if plugins.observed & _ATTEMPT_HOOKS:
            self._tell_finished(error)
        for name, manager in reversed(self._entered):
            try:
                manager.__exit__(type, error, traceback)
            except Exception:  # noqa: BLE001 - as above
                own_log().exception("plugin %s failed to leave its context", name)
        if self._token is not None:
            try:
                RUNNING.reset(self._token)
            except ValueError:  # an abandoned coroutine is closed elsewhere; nothing runs here
                RUNNING.set(None)

    def _tell_started(self) -> None:
        call, execution = self._running.call, self._running.scope.execution
        if call.operation is not None and call.attempt is not None:
            from .observations import AttemptStarted

            self._began = execution.clock()
            event = AttemptStarted(call.operation, call.attempt, self._began)
            execution.plugins.tell("durable_attempt_started", event)

    def _tell_finished(self, error: BaseException | None) -> None:
        call, execution = self._running.call, self._running.scope.execution
        if call.operation is not None and call.attempt is not None:
            from .observations import AttemptFinished

            ended = execution.clock()
            event = AttemptFinished(call.operation, call.attempt, error, self._began, ended)
            execution.plugins.tell("durable_attempt_finished", event)
