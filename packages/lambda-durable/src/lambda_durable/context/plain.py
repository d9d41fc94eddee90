"""The context of `def` handlers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeVar, TypeVarTuple, overload

from .. import operations
from ..operations.arguments import NO_PAYLOAD
from .plain_futures import PlainFutures

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from ..abc import Duration, RetryStrategy, Serializer, WaitStrategy
    from ..effects import DurableOperation
    from ..errors import ChildContextError
    from ..operations.arguments import StepSemantics
    from .runtime import Runtime
    from .starter import Starter

T = TypeVar("T")
S = TypeVar("S")
Ts = TypeVarTuple("Ts")


class DurableContext(PlainFutures):
    """What a `def` handler is given: the durable operations, and facts of the execution.

    It is good for one invocation and for the function it was passed to.
    """

    __slots__ = ()
    _runtime: Runtime

    @property
    def start(self) -> Starter[Self]:
        """The same words, each of which starts its operation and returns a future at once.

        `future = ctx.start.step(f, x)`, later `future.result()`. What a future's operation runs
        has a thread of its own. On replay, one that did not end before is only started again when
        it is awaited, or when the handler reaches new ground.
        """
        return _Starting(self._scope, self._runtime)  # type: ignore[return-value]  # see below

    @overload
    def step(
        self,
        func: Callable[[*Ts], Coroutine[Any, Any, T]],
        /,
        *args: *Ts,
        name: str | None = None,
        retry: RetryStrategy | str | None = None,
        serializer: Serializer | str | None = None,
        semantics: StepSemantics = "at-least-once",
    ) -> T: ...

    @overload
    def step(
        self,
        func: Callable[[*Ts], T],
        /,
        *args: *Ts,
        name: str | None = None,
        retry: RetryStrategy | str | None = None,
        serializer: Serializer | str | None = None,
        semantics: StepSemantics = "at-least-once",
    ) -> T: ...

    def step(  # type: ignore[misc]  # mypy compares a TypeVarTuple with *args: Any
        self,
        func: Callable[..., Any],
        /,
        *args: Any,
        name: str | None = None,
        retry: RetryStrategy | str | None = None,
        serializer: Serializer | str | None = None,
        semantics: StepSemantics = "at-least-once",
    ) -> Any:
        """Run `func(*args)` until it succeeds once, keep its result, and return it.

        On replay the kept result is returned and `func` does not run. The name is the function's
        unless given. `retry` and `serializer` are names or objects; without them the handler's
        and then the plugins' defaults apply (core alone: no retry, plain JSON). With the
        semantics "at-least-once" an attempt that a crash interrupted is run again; with
        "at-most-once" it counts as failed with a StepInterruptedError, and `retry` decides.

        The result must fit in 1 MiB (PayloadTooLargeError). A step that is not, or no longer,
        retried raises StepError, on its first run and on replay alike; the original exception is
        its `cause`.
        """
        step: operations.Step[Any] = operations.Step(
            func, args, name=name, retry=retry, serializer=serializer, semantics=semantics
        )
        return self.run(step)

    def wait(self, duration: Duration, /, *, name: str | None = None) -> None:
        """Wait without using compute: the invocation ends and a later one goes on from here.

        `duration` is a timedelta or seconds, rounded up to whole seconds; the service takes 1 s
        to 366 days (31,622,400 s). Once elapsed, it returns at once on replay.
        """
        return self.run(operations.Wait(duration, name=name))

    @overload
    def invoke(
        self,
        function: str,
        payload: Any = NO_PAYLOAD,
        /,
        *,
        result_type: type[T],
        name: str | None = None,
        tenant_id: str | None = None,
        serializer: Serializer | str | None = None,
    ) -> T: ...

    @overload
    def invoke(
        self,
        function: str,
        payload: Any = NO_PAYLOAD,
        /,
        *,
        result_type: None = None,
        name: str | None = None,
        tenant_id: str | None = None,
        serializer: Serializer | str | None = None,
    ) -> Any: ...

    def invoke(
        self,
        function: str,
        payload: Any = NO_PAYLOAD,
        /,
        *,
        result_type: Any = None,
        name: str | None = None,
        tenant_id: str | None = None,
        serializer: Serializer | str | None = None,
    ) -> Any:
        """Invoke another Lambda function, durable or not, and return its result.

        `function` is a name with a qualifier, or an ARN, in the same account and region. Payload
        and result are plain JSON of at most 1 MiB each; without a payload the target gets `{}`.
        `result_type` gives the result its static type, and hands it to the serializer that is
        responsible for that type. No compute is used while the other function runs; on replay
        the kept result is returned. Raises InvokeError, InvokeTimeoutError or InvokeStoppedError.
        """
        invoke: operations.Invoke[Any] = operations.Invoke(
            function,
            payload,
            name=name,
            tenant_id=tenant_id,
            result_type=Any if result_type is None else result_type,
            serializer=serializer,
        )
        return self.run(invoke)

    def run_in_child_context(
        self,
        func: Callable[[DurableContext, *Ts], T],
        /,
        *args: *Ts,
        name: str | None = None,
        subtype: str = "RunInChildContext",
        serializer: Serializer | str | None = None,
        map_error: Callable[[ChildContextError], Exception] | None = None,
        virtual: bool = False,
    ) -> T:
        """Run `func(context, *args)` with a context of its own and keep its result as one.

        On replay the kept result is returned and `func` does not run. A result over 256 KiB is
        not kept: `func` runs again on replay, its operations answered from their records. An
        exception of `func` is raised as ChildContextError, or as what `map_error` makes of that.
        With `virtual=True` no operation is written for the context itself: it costs nothing, its
        function runs on every replay, and its exceptions pass unchanged.
        """
        child: operations.ChildContext[T] = operations.ChildContext(
            func,
            args,
            name=name,
            subtype=subtype,
            serializer=serializer,
            map_error=map_error,
            virtual=virtual,
        )
        return self.run(child)

    def wait_for_condition(
        self,
        check: Callable[[S], S],
        state: S,
        /,
        *,
        until: Callable[[S], bool],
        strategy: WaitStrategy[S] | str | None = None,
        name: str | None = None,
        serializer: Serializer | str | None = None,
    ) -> S:
        """Call `check(state)` until `until(new_state)` is true, and return that state.

        The first call gets `state`, each later one what the last returned; the state is kept
        between the checks and no compute is used while waiting. `strategy` (a name, or a function
        of state, attempt and elapsed seconds) gives the pause after each check, or None to give
        up; the default is 5 s, growing by half to 5 minutes, for 60 checks. Giving up, or an
        exception of `check`, raises ConditionNotMetError, whose `state` is the last one seen.
        """
        condition = operations.Condition(
            check, state, until=until, strategy=strategy, name=name, serializer=serializer
        )
        return self.run(condition)

    def run(self, operation: DurableOperation[T], /) -> T:
        """Run a durable operation of your own, and return its result.

        See `lambda_durable.scope.DurableOperation` for what it must have; every word of this
        context is made of the same.
        """
        return self._runtime.run(operation, self._scope.reserve(operation))


class _Starting(DurableContext):
    """A context whose words start their operations: all of them go through `run`."""

    __slots__ = ()

    def run(self, operation: DurableOperation[Any], /) -> Any:  # a future, whatever the word says
        """Start the operation and return its future."""
        from ..futures import begun  # most handlers start nothing

        return begun(self._scope, operation)
