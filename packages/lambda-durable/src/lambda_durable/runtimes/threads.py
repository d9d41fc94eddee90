"""The runtime of `def` handlers: flows run on the thread that calls, the service is called there.

There is no other thread until branches run side by side or a body outlives a short linger.
"""

from collections.abc import Callable
from contextvars import copy_context
from inspect import iscoroutine
from threading import Lock
from typing import Any, TypeVar

from ..abc import Service
from ..context.plain import DurableContext
from ..effects import (
    Call,
    Checkpoint,
    DurableOperation,
    Effect,
    Enter,
    NextSettled,
    Settled,
    Spawn,
    Suspend,
)
from ..errors import MisuseError, Suspension, Unwinding
from ..events import Call as CallInfo
from ..execution import Execution
from ..fatal import fatal
from ..protocol import OperationUpdate
from ..running import Surroundings
from ..scope import Place, Scope
from .branches import Branches
from .deadline import Deadline
from .kinds import is_cancellation
from .sending import Sender

T = TypeVar("T")


class ThreadRuntime:
    """Drives the flows of one invocation."""

    def __init__(self, execution: Execution, service: Service) -> None:
        self._execution = execution
        self._deadline = Deadline(execution.lambda_context)
        self._late = Lock()
        self._sender = Sender(execution, service)
        self._branches = Branches(execution, self._sender.refresh)
        self._sender.on_news = self._branches.news
        execution.runtime = self
        self._perform: dict[type[Effect[Any]], Callable[[Any, Place], Any]] = {
            Checkpoint: self._checkpoint,
            Call: self._call,
            Enter: self._enter,
            Spawn: self._spawn,
            NextSettled: self._next_settled,
        }

    def main(self, function: Callable[..., Any], event: Any, scope: Scope) -> Any:
        """Run the handler and return what it returns; raise Unwinding if it did not get there."""
        call = CallInfo("handler", self._execution.arn, None, None, scope.replaying)
        try:
            return self._entered(call, function, (event, DurableContext(scope, self)), scope)
        finally:
            self._branches.stop()
            self._sender.stop()

    def save(self, update: OperationUpdate) -> None:
        """Save an update of the execution itself."""
        self._sender.put(update, durable=True)

    def run(self, operation: DurableOperation[T], place: Place, /) -> T:
        """Drive an operation's flow to its end."""
        try:
            value = self._until_done(operation, place)
        except Unwinding:
            place.scope.unwinding = True
            raise
        except BaseException as error:
            ending = fatal(self._execution, error)
            if ending is not None:
                raise ending from error
            place.settled()
            raise
        finally:
            self._branches.abandon(place)
        place.settled()
        return value

    def begin(self, place: Place, /) -> None:
        """Drive the operation at `place` on a thread of its own."""
        self._branches.begin(place, self._job(place))

    def _until_done(self, operation: DurableOperation[T], place: Place) -> T:
        history = self._execution.history
        while True:
            known = len(history.changes)
            flow = operation.flow(place)
            reply: Any = None
            error: BaseException | None = None
            has_spawned = False
            while True:
                try:
                    effect = flow.send(reply) if error is None else flow.throw(error)
                except StopIteration as stop:
                    value: T = stop.value
                    return value
                reply = error = None
                try:
                    if type(effect) is Spawn:
                        has_spawned = True
                    elif has_spawned and type(effect) is not NextSettled:
                        has_spawned = False
                        self._branches.catch_up()
                    if type(effect) is Suspend:
                        self._rest(effect, place, known)
                        break
                    reply = self._perform[type(effect)](effect, place)
                    if type(effect) is Checkpoint and effect.update is not None:
                        known = len(history.changes)
                        reply = history.get(effect.update["Id"])
                except BaseException as raised:  # noqa: BLE001 - it is raised inside the flow
                    error = raised
            flow.close()

    def _checkpoint(self, effect: Checkpoint, place: Place) -> None:
        place.scope.check_going_on()
        update = effect.update
        while self._deadline.forbids(update):
            self._rest_late(place)
        # Again, with the queue held: its context may just be closing, with an update of its own.
        self._sender.put(update, durable=effect.durable, check=place.scope.check_going_on)

    def _call(self, effect: Call[Any], place: Place) -> Any:
        with Surroundings(effect.info, place.scope):
            try:
                return _finished(effect.function(*effect.arguments))
            except BaseException as error:
                if is_cancellation(error):  # of a loop that the body ran
                    message = f"the body was cancelled from inside: {error!r}"
                    raise RuntimeError(message) from error
                raise

    def _enter(self, effect: Enter[Any], place: Place) -> Any:
        arguments = (DurableContext(effect.scope, self), *effect.arguments)
        return self._entered(effect.info, effect.function, arguments, effect.scope)

    def _entered(
        self, call: CallInfo, function: Callable[..., Any], arguments: tuple[Any, ...], scope: Scope
    ) -> Any:
        scope.closed = False
        try:
            with Surroundings(call, scope):
                value = function(*arguments)
                if iscoroutine(value):
                    value.close()
                    raise MisuseError(_is_async(function, scope))
        except Exception:
            scope.concluded()
            raise
        except BaseException:
            scope.closed = True
            raise
        finally:
            self._branches.abandon(scope)
        scope.concluded()
        return value

    def _spawn(self, effect: Spawn, place: Place) -> None:
        while self._deadline.forbids_branch(effect):
            self._rest_late(place)
        self._branches.spawn(place, effect, self._job(effect.place))

    def _job(self, place: Place) -> Callable[[], Settled]:
        context = copy_context()

        def job() -> Settled:
            try:
                value = context.run(self.run, place.operation, place)
            except Suspension:
                if self._execution.ending is not None:
                    raise
                return Settled(0, "SUSPENDED")
            except Exception as error:  # noqa: BLE001 - whoever waits for it decides
                return Settled(0, "FAILED", error=error)
            return Settled(0, "SUCCEEDED", value)

        return job

    def _next_settled(self, effect: NextSettled, place: Place) -> Settled | None:
        return self._branches.next_settled(effect.group.state, effect.until, place)

    def _rest(self, effect: Suspend, place: Place, known: int) -> None:
        """Return when there is news for the flow, which is then run again from its start.

        `known` of the changes were in when it last looked: another branch's answer may have come
        while it made up its mind.
        """
        id, history = effect.on or place.id, self._execution.history
        with self._sender.answers:
            seen, reported = history.records.get(id), history.changes[known:]
        if id not in reported:
            self._branches.rest(place, effect.until, {id: seen})

    def _rest_late(self, place: Place) -> None:
        """Rest until the next invocation, once what still runs has ended."""
        with self._late:
            timer, update = self._deadline.timer(self._execution)
            if update is not None:
                self._sender.put(update, durable=True)
        self._branches.rest(place, None, {timer: self._execution.history.records.get(timer)})


def _finished(value: Any) -> Any:
    """Return the value of user code; a coroutine is run to its end, on this thread's own loop."""
    if not iscoroutine(value):
        return value
    from .loop import is_inside_a_loop, kept_loop  # only steps that are `async def` need asyncio

    if is_inside_a_loop():
        value.close()
        raise MisuseError(
            "a step that is `async def` was run by a `def` handler inside a running event loop; "
            "invoke the handler from ordinary code, or with `await asyncio.to_thread(...)`"
        )
    return kept_loop().loop.run_until_complete(value)


def _is_async(function: Callable[..., Any], scope: Scope) -> str:
    name = getattr(function, "__name__", repr(function))
    return (
        f"{name!r} runs in {scope.title} of a `def` handler and is `async def`; make it `def`, or "
        "make the handler `async def` too"
    )
