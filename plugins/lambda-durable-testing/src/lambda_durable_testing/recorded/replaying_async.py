"""The runtime that replays `async def` handlers."""

from typing import TypeVar

from lambda_durable.abc import Service
from lambda_durable.effects import DurableOperation
from lambda_durable.execution import Execution
from lambda_durable.runtimes.tasks import TaskRuntime
from lambda_durable.scope import Place

from .watching import Watch

T = TypeVar("T")


class TaskReplay(TaskRuntime):
    """The runtime of `async def` handlers, with every operation guarded."""

    def __init__(self, execution: Execution, service: Service, watch: Watch) -> None:
        super().__init__(execution, service)
        self._watch = watch
        watch.attach(execution)

    async def run(self, operation: DurableOperation[T], place: Place, /) -> T:
        """Drive a guarded operation's flow to its end."""
        return await super().run(self._watch.guarded(operation), place)
