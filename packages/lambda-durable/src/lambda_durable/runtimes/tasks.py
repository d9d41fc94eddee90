"""The runtime of `async def` handlers: flows run in the tasks that await them.

It owns its event loop and is asked before each sleep of it. Then it sends what is queued; and when
flows are parked, none is driven and nothing can run, the invocation is over.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import copy_context
from typing import Any, TypeVar

from ..abc import Service
from ..context.awaited import AsyncDurableContext
from ..effects import (
    Call,
    Checkpoint,
    DurableOperation,
    Effect,
    Enter,
    Flow,
    NextSettled,
    Settled,
    Spawn,
    Suspend,
)
from ..errors import MisuseError, Suspension, Unwinding
from ..events import Call as CallInfo
from ..execution import Execution
from ..fatal import fatal
from ..own_log import own_log
from ..protocol import Operation, OperationUpdate
from ..running import Surroundings
from ..scope import Place, Scope
from .deadline import Deadline
from .driven import Driven
from .groups import Groups
from .kinds import is_async
from .loop import is_inside_a_loop, kept_loop
from .outbox import Outbox
from .parking import Parking
from .threadpool import Raised, ThreadPools

T = TypeVar("T")

_INSIDE_A_LOOP = (
    "an `async def` handler was invoked inside a running event loop, but needs one of its own; "
    "invoke it from ordinary code, or with `await asyncio.to_thread(handler, event, context)`"
)

_SPAWNED_AT_ONCE = 50
"""Then they have their turn before more branches are begun, which would only take memory."""

_CANCELLATIONS = 10
_CLEAN_UP_SECONDS = 1.0


class TaskRuntime:
    """Drives the flows of one invocation."""

    def __init__(self, execution: Execution, service: Service) -> None:
        if is_inside_a_loop():
            raise MisuseError(_INSIDE_A_LOOP)
        self._execution = execution
        self._deadline = Deadline(execution.lambda_context)
        self._kept = kept_loop()
        self._groups = Groups(self.run)
        self._parking = Parking(execution.clock, self._groups.rested, self._groups.held_back)
        self._pools = ThreadPools()
        self._outbox = Outbox(execution, service, self._kept, self._pools.send, self._parking.wake)
        self._driven = Driven()
        execution.runtime = self
        self._main: asyncio.Task[Any] | None = None
        self._cancellations = 0
        self._perform: dict[type[Effect[Any]], Callable[[Any, Place], Awaitable[Any]]] = {
            Checkpoint: self._checkpoint,
            Call: self._call,
            Enter: self._enter,
            Spawn: self._spawn,
            NextSettled: self._next_settled,
        }

    def main(self, function: Callable[..., Any], event: Any, scope: Scope) -> Any:
        """Run the handler and return what it returns; raise Unwinding if it did not get there."""
        call = CallInfo("handler", self._execution.arn, None, None, scope.replaying)
        context = AsyncDurableContext(scope, self)
        return self._run_loop(self._entered(call, function, (event, context), scope))

    def save(self, update: OperationUpdate) -> None:
        """Save an update of the execution itself."""
        self._run_loop(self._outbox.commit(update))

    async def run(self, operation: DurableOperation[T], place: Place, /) -> T:
        """Drive an operation's flow to its end."""
        try:
            value = await self._until_done(operation, place)
        except (Unwinding, asyncio.CancelledError, GeneratorExit):
            place.scope.unwinding = True
            raise
        except BaseException as error:
            ending = fatal(self._execution, error)
            if ending is not None:
                raise ending from error
            place.settled()
            raise
        place.settled()
        return value

    def begin(self, place: Place, /) -> None:
        """Drive the operation at `place` in a task of its own."""
        self._groups.begin(place)

    async def _until_done(self, operation: DurableOperation[T], place: Place) -> T:
        while True:
            try:
                done, value = await self._drive(operation.flow(place), place)
            finally:
                self._groups.abandon(place)
            if done:
                result: T = value
                return result
            await self._parking.park(place, value.until, value.on or place.id)

    async def _drive(self, flow: Flow[Any], place: Place) -> tuple[bool, Any]:
        """Return (True, the flow's result) or, once it suspends, (False, that effect)."""
        reply: Any = None
        error: BaseException | None = None
        while True:
            try:
                effect = flow.send(reply) if error is None else flow.throw(error)
            except StopIteration as stop:
                return True, stop.value
            reply = error = None
            if isinstance(effect, Suspend):
                flow.close()
                return False, effect
            try:
                reply = await self._perform[type(effect)](effect, place)
            except BaseException as raised:  # noqa: BLE001 - it is raised inside the flow
                error = raised
            if isinstance(reply, Raised):
                error = reply.error

    async def _checkpoint(self, effect: Checkpoint, place: Place) -> Operation | None:
        place.scope.check_going_on()
        if place.scope.is_orphaned():  # nobody awaits it any more, and the service would refuse it
            raise asyncio.CancelledError
        update = effect.update
        while self._deadline.forbids(update):
            await self._rest_late(place)
        if effect.durable:
            with self._driven.on(place.scope.line):
                await self._outbox.commit(update)
            place.scope.check_going_on()
        else:
            self._outbox.put(update)
        return self._execution.history.get(update["Id"]) if update is not None else None

    async def _rest_late(self, place: Place) -> None:
        """Rest until the next invocation, once what still runs has ended."""
        timer, update = self._deadline.timer(self._execution)
        if update is not None:
            await self._outbox.commit(update)
        await self._parking.park(place, None, timer)

    async def _call(self, effect: Call[Any], place: Place) -> Any:
        function, arguments = effect.function, effect.arguments
        try:
            with self._driven.on(place.scope.line), Surroundings(effect.info, place.scope):
                if is_async(function):
                    return await function(*arguments)
                # Ordinary functions block, and others may run meanwhile.
                value = await self._pools.run(copy_context().run, function, *arguments)
                return await value if hasattr(value, "__await__") else value
        except asyncio.CancelledError as error:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            # Nobody cancelled the task, so this is how the body failed.
            return Raised(RuntimeError(f"the body was cancelled from inside: {error!r}"))

    async def _enter(self, effect: Enter[Any], place: Place) -> Any:
        arguments = (AsyncDurableContext(effect.scope, self), *effect.arguments)
        return await self._entered(effect.info, effect.function, arguments, effect.scope)

    async def _entered(
        self, call: CallInfo, function: Callable[..., Any], arguments: tuple[Any, ...], scope: Scope
    ) -> Any:
        scope.closed = False
        try:
            with Surroundings(call, scope):
                pending = function(*arguments)
                if not hasattr(pending, "__await__"):
                    raise MisuseError(_not_async(function, scope))
                value = await pending
        except Exception:
            scope.concluded()
            raise
        except BaseException:
            scope.closed = True
            raise
        finally:
            self._groups.abandon(scope)
        scope.concluded()
        return value

    async def _spawn(self, effect: Spawn, place: Place) -> None:
        while self._deadline.forbids_branch(effect):
            await self._rest_late(place)
        self._groups.spawn(place, effect, place.scope.line)
        if effect.index % _SPAWNED_AT_ONCE == _SPAWNED_AT_ONCE - 1:
            with self._driven.on(place.scope.line):
                await asyncio.sleep(0)  # they queue what they have
                await self._outbox.room()
            place.scope.check_going_on()

    async def _next_settled(self, effect: NextSettled, place: Place) -> Settled | None:
        left = None if effect.until is None else effect.until - self._execution.clock()
        return await self._groups.next_settled(effect.group, left, place.scope.line)

    # --- The loop ---------------------------------------------------------------------------

    def _run_loop(self, work: Any) -> Any:
        loop, selector = self._kept.loop, self._kept.selector
        before = asyncio.all_tasks(loop)
        self._main = loop.create_task(work)
        selector.listener = self._before_sleep
        try:
            return loop.run_until_complete(self._main)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException:
            if self._execution.ending is not None:
                raise self._execution.ending from None
            raise
        finally:
            selector.listener = None
            self._clean_up(asyncio.all_tasks(loop) - before)

    def _before_sleep(self, timeout: float | None) -> float | None:
        """Decide how long the loop sleeps, given how long it would; see `loop.py`."""
        if timeout == 0:
            return self._outbox.before_sleep(timeout)
        if not self._outbox.is_expecting and not self._driven.is_held():
            if self._parking.is_held() and self._groups.let_go():
                return 0
            if timeout is None and self._execution.queue and self._execution.ending is None:
                self._outbox.hurry()
            elif timeout is None and self._is_over():
                return 0
        if self._parking:
            if self._groups.tell_suspended():
                return 0
            if self._parking.due():
                self._outbox.refresh()
            timeout = self._parking.left(timeout)
        return self._outbox.before_sleep(timeout)

    def _is_over(self) -> bool:
        """End the invocation if all that is left are parked flows; nothing else can happen."""
        ended = self._execution.ending is not None
        if not ended:
            if not self._parking or self._groups.tell_suspended():
                return bool(self._parking)
            self._execution.end(Suspension("everything waits"))
        self._cancellations += 1
        if self._cancellations > _CANCELLATIONS:  # it catches each one and waits again
            self._kept.loop.stop()
        elif self._main is not None:
            self._main.cancel()
        return True

    def _clean_up(self, left: "set[asyncio.Task[Any]]") -> None:
        for task in left:
            if not task.cancelling():  # else it cleans up already
                task.cancel()
        for _ in range(2):
            if left:
                waiting = asyncio.wait(left, timeout=_CLEAN_UP_SECONDS)
                _, left = self._kept.loop.run_until_complete(waiting)
            for task in left:
                task.cancel()
        if left:  # they would run on in the next invocation
            own_log().warning("tasks do not end when they are cancelled: %s", left)
            self._kept.forget()
        self._pools.close()


def _not_async(function: Callable[..., Any], scope: Scope) -> str:
    name = getattr(function, "__name__", repr(function))
    return (
        f"{name!r} runs in {scope.title} of an `async def` handler and returned something that "
        "cannot be awaited; make it `async def`, so that it can await its durable calls"
    )
