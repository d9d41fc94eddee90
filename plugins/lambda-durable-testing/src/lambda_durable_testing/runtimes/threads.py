"""The runtime of `def` handlers with one branch at a time, in an order that a test chooses."""

import threading
from collections.abc import Callable
from typing import Any

from lambda_durable.abc import Service
from lambda_durable.effects import Call, Checkpoint, Enter
from lambda_durable.execution import Execution
from lambda_durable.runtimes.branches import Branches
from lambda_durable.runtimes.deadline import Deadline
from lambda_durable.runtimes.linger import Linger
from lambda_durable.runtimes.sending import Sender
from lambda_durable.runtimes.threads import ThreadRuntime
from lambda_durable.runtimes.workers import Job, Workers
from lambda_durable.scope import Place

from .driver import Driver
from .instructions import passing_between_instructions
from .turns import TurnCondition, Turns


class RepeatableThreadRuntime(ThreadRuntime):
    """Core's runtime; its branches have threads of their own and take turns on them.

    A turn can pass to another branch before and after every body, before every checkpoint and
    wherever one waits.
    """

    def __init__(self, execution: Execution, service: Service, driver: Driver) -> None:
        super().__init__(execution, service)
        self._driver = driver
        self._deadline = Deadline(execution.lambda_context, execution.clock)
        self._turns = Turns(driver.choose)
        self._sender = _PromptSender(execution, service)
        self._branches = _TurnBranches(execution, self._sender.refresh, self._turns)
        self._sender.on_news = self._branches.news

    def _checkpoint(self, effect: Checkpoint, place: Place) -> None:
        self._turns.gate()
        super()._checkpoint(effect, place)

    def _call(self, effect: Call[Any], place: Place) -> Any:
        self._turns.gate()
        place.scope.check_going_on()
        driven = self._driver.body(effect, place, is_async=False)
        if driven is None:
            raise place.scope.line.suspend(place.path)
        if self._driver.fine:
            with passing_between_instructions(self._turns):
                value = super()._call(driven, place)
        else:
            value = super()._call(driven, place)
        self._turns.gate()
        return value

    def _enter(self, effect: Enter[Any], place: Place) -> Any:
        self._turns.gate()
        if not self._driver.fine:
            return super()._enter(effect, place)
        with passing_between_instructions(self._turns):
            return super()._enter(effect, place)


class _PromptSender(Sender):
    """Sends what nobody waits for with what somebody waits for, however long that takes."""

    def __init__(self, execution: Execution, service: Service) -> None:
        super().__init__(execution, service)
        self._linger = _NoLinger(self._flush)


class _NoLinger(Linger):
    def queued(self) -> None:
        """Nothing is late where time stands still."""


class _TurnBranches(Branches):
    """Branches whose threads take turns."""

    def __init__(self, execution: Execution, refresh: Callable[[], None], turns: Turns) -> None:
        super().__init__(execution, refresh)
        self._turns = turns
        self._changed = TurnCondition(self._lock, turns)
        self._workers = _TurnWorkers(self._lock, turns)

    def stop(self) -> None:
        """Leave the branches behind, and let nobody have a turn any more."""
        super().stop()
        self._turns.close()


class _TurnWorkers(Workers):
    """Threads that are made when the turn of their job comes."""

    def __init__(self, lock: threading.Lock, turns: Turns) -> None:
        super().__init__(lock)
        self._turns = turns

    def put(self, job: Job, depth: int, *, is_awaited: bool = False) -> None:
        """Have a job done when its turn comes."""
        self._turns.add(job, depth)
