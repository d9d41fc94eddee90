"""One replay: the handler runs against a state of its execution, and nothing is done for real."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from lambda_durable import DurableHandler
from lambda_durable.abc import Service
from lambda_durable.effects import DurableOperation
from lambda_durable.errors import Abort, MisuseError, NonDeterminismError
from lambda_durable.events import OperationInfo
from lambda_durable.execution import Execution
from lambda_durable.invocation import invoke
from lambda_durable.plugins import Plugins
from lambda_durable.protocol import CheckpointResponse, Operation, OperationUpdate, StatePage
from lambda_durable.runtimes.threads import ThreadRuntime
from lambda_durable.scope import Place, Scope

from .reading import Payloads
from .watching import Watch

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of a replay."""

    watch: Watch
    status: str
    """SUCCEEDED, FAILED or PENDING, as the service is told; ERROR if the invocation failed."""
    error: str | None
    """Type and message of what the handler, or the invocation, failed with."""
    refusal: NonDeterminismError | None
    """Set if the code asked for something else than the state holds."""
    asked: OperationInfo | None
    """What the code asked for then, if it is known."""


def replay_once(
    handler: DurableHandler[Any, Any],
    arn: str,
    execution: Operation,
    operations: Sequence[Operation],
    *,
    at: int,
    payloads: Payloads,
    closable: frozenset[str] = frozenset(),
) -> Replayed:
    """Run the handler against operations as an invocation at the time `at` would.

    No step's body runs and nothing is saved. The clock stands still.
    """
    watch = Watch(payloads, closable)
    settings = handler._settings  # noqa: SLF001 - the decorator's defaults, told by nothing else
    if settings.serializer is not None and not isinstance(settings.serializer, str):
        settings = settings._replace(serializer=payloads.seen(settings.serializer))
    event = {
        "DurableExecutionArn": arn,
        "CheckpointToken": "replay",
        "InitialExecutionState": {"Operations": [execution, *operations], "NextMarker": ""},
    }
    status, error = "ERROR", None
    try:
        output = invoke(
            handler.function,
            event,
            None,
            plugins=_Quiet(handler.plugins, payloads),
            settings=settings,
            service=_Nowhere(at / 1000),
            make_runtime=_make_runtime(handler, watch),
        )
    except Exception as raised:  # noqa: BLE001 - what fails the invocation is what is asked for
        error = f"{type(raised).__name__}: {raised}"
    else:
        status = output["Status"]
        kept = output.get("Error")
        if kept is not None:
            error = f"{kept.get('ErrorType')}: {kept.get('ErrorMessage')}"
    refusal, asked = _refusal(watch)
    return Replayed(watch, status, error, refusal, asked)


def _refusal(watch: Watch) -> tuple[NonDeterminismError | None, OperationInfo | None]:
    """Return why core refused to go on, and the operation that the code asked for instead."""
    ending = watch.execution.ending if watch.execution is not None else None
    if not isinstance(ending, Abort) or not isinstance(ending.reason, NonDeterminismError):
        return None, None
    traceback = ending.__traceback__
    while traceback is not None:
        # The error is text for people; the place that it is about is where it was raised.
        if traceback.tb_frame.f_code is Scope.occupy.__code__:
            place = traceback.tb_frame.f_locals["place"]
            return ending.reason, place.info
        traceback = traceback.tb_next
    return ending.reason, None


class _Quiet(Plugins):
    """The handler's plugins, without those who only observe, and with serializers watched."""

    def __init__(self, plugins: Plugins, payloads: Payloads) -> None:  # nothing is registered anew
        self.__dict__.update(plugins.__dict__)
        self.observed = plugins.observed & {"durable_around_call"}
        self._plugins = plugins
        self._payloads = payloads

    def serializer(self, name: str) -> Any:
        """Return a serializer by its name, watched."""
        return self._payloads.seen(self._plugins.serializer(name))

    def serializer_for(self, type: Any) -> Any:
        """Return the serializer of a type, watched."""
        return self._payloads.seen(self._plugins.serializer_for(type))


class _Nowhere:
    """A service at which nothing ever changes."""

    def __init__(self, now: float) -> None:
        self._now = now

    def clock(self) -> float:
        return self._now

    def checkpoint(
        self, execution_arn: str, token: str, updates: Sequence[OperationUpdate]
    ) -> CheckpointResponse:
        """Answer a refresh, or the result of an execution that is too large for its response."""
        unexpected = [update for update in updates if update["Type"] != "EXECUTION"]
        if unexpected:
            raise MisuseError(f"a replay may not save anything, but was to save {unexpected}")
        return {"CheckpointToken": token, "NewExecutionState": {"Operations": []}}

    def get_state(self, execution_arn: str, token: str, marker: str) -> StatePage:
        raise MisuseError("a replay has one page of operations only")


class _ThreadReplay(ThreadRuntime):
    """The runtime of `def` handlers, with every operation guarded."""

    def __init__(self, execution: Execution, service: Service, watch: Watch) -> None:
        super().__init__(execution, service)
        self._watch = watch
        watch.attach(execution)

    def run(self, operation: DurableOperation[T], place: Place, /) -> T:
        """Drive a guarded operation's flow to its end."""
        return super().run(self._watch.guarded(operation), place)


def _make_runtime(
    handler: DurableHandler[Any, Any], watch: Watch
) -> Callable[[Execution, Service], Any]:
    if not handler.is_async:
        return lambda execution, service: _ThreadReplay(execution, service, watch)
    from .replaying_async import TaskReplay  # brings asyncio, which `def` handlers do without

    return lambda execution, service: TaskReplay(execution, service, watch)
