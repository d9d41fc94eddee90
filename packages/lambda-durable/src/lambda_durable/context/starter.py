"""The type of `ctx.start` in `def` handlers: the context's words, each returning a future.

For type checkers alone: at run time the context's own words do the work.
"""

from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from typing import Any, Protocol, TypeVar, TypeVarTuple, overload

from ..abc import Duration, RetryStrategy, Serializer, WaitStrategy
from ..batches import BatchResult, Completion, NamedBranch, Nesting
from ..effects import DurableOperation
from ..errors import ChildContextError
from ..operations.arguments import NO_PAYLOAD, StepSemantics
from ..vocabulary import DurableFuture

T = TypeVar("T")
S = TypeVar("S")
Item = TypeVar("Item")
Ts = TypeVarTuple("Ts")
ContextT_co = TypeVar("ContextT_co", covariant=True)


class Starter(Protocol[ContextT_co]):
    """Each word starts its operation and returns a future; see the word of the context."""

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
    ) -> DurableFuture[T]: ...

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
    ) -> DurableFuture[T]: ...

    def wait(self, duration: Duration, /, *, name: str | None = None) -> DurableFuture[None]:
        """Start `ctx.wait`."""
        ...

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
    ) -> DurableFuture[T]: ...

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
    ) -> DurableFuture[Any]: ...

    def run_in_child_context(
        self,
        func: Callable[[ContextT_co, *Ts], T],
        /,
        *args: *Ts,
        name: str | None = None,
        subtype: str = "RunInChildContext",
        serializer: Serializer | str | None = None,
        map_error: Callable[[ChildContextError], Exception] | None = None,
        virtual: bool = False,
    ) -> DurableFuture[T]:
        """Start `ctx.run_in_child_context`."""
        ...

    def wait_for_condition(
        self,
        check: Callable[[S], Awaitable[S]] | Callable[[S], S],
        state: S,
        /,
        *,
        until: Callable[[S], bool],
        strategy: WaitStrategy[S] | str | None = None,
        name: str | None = None,
        serializer: Serializer | str | None = None,
    ) -> DurableFuture[S]:
        """Start `ctx.wait_for_condition`."""
        ...

    @overload
    def wait_for_callback(
        self,
        submit: Callable[[str, *Ts], Any],
        /,
        *args: *Ts,
        result_type: type[T],
        name: str | None = None,
        timeout: Duration | None = None,
        heartbeat_timeout: Duration | None = None,
        retry: RetryStrategy | str | None = None,
        serializer: Serializer | str | None = None,
    ) -> DurableFuture[T]: ...

    @overload
    def wait_for_callback(
        self,
        submit: Callable[[str, *Ts], Any],
        /,
        *args: *Ts,
        result_type: None = None,
        name: str | None = None,
        timeout: Duration | None = None,
        heartbeat_timeout: Duration | None = None,
        retry: RetryStrategy | str | None = None,
        serializer: Serializer | str | None = None,
    ) -> DurableFuture[Any]: ...

    def parallel(
        self,
        branches: Mapping[str, Callable[[ContextT_co], T]]
        | Iterable[Callable[[ContextT_co], T] | NamedBranch[T]],
        /,
        *,
        name: str | None = None,
        max_concurrency: int | None = None,
        completion: Completion | None = None,
        nesting: Nesting = "nested",
        serializer: Serializer | str | None = None,
        item_serializer: Serializer | str | None = None,
        summary: Callable[[BatchResult[T]], str] | None = None,
    ) -> DurableFuture[BatchResult[T]]:
        """Start `ctx.parallel`."""
        ...

    @overload
    def map(
        self,
        items: Iterable[Item],
        func: Callable[[ContextT_co, Item], T],
        /,
        *,
        name: str | None = None,
        item_namer: Callable[[Item, int], str] | None = None,
        max_concurrency: int | None = None,
        completion: Completion | None = None,
        nesting: Nesting = "nested",
        serializer: Serializer | str | None = None,
        item_serializer: Serializer | str | None = None,
        summary: Callable[[BatchResult[T]], str] | None = None,
    ) -> DurableFuture[BatchResult[T]]: ...

    @overload
    def map(
        self,
        items: Iterable[Item],
        func: Callable[[ContextT_co, Item, int], T],
        /,
        *,
        name: str | None = None,
        item_namer: Callable[[Item, int], str] | None = None,
        max_concurrency: int | None = None,
        completion: Completion | None = None,
        nesting: Nesting = "nested",
        serializer: Serializer | str | None = None,
        item_serializer: Serializer | str | None = None,
        summary: Callable[[BatchResult[T]], str] | None = None,
    ) -> DurableFuture[BatchResult[T]]: ...

    def with_retry(
        self,
        func: Callable[[ContextT_co, *Ts], T],
        /,
        *args: *Ts,
        retry: RetryStrategy | str | None = None,
        name: str | None = None,
        serializer: Serializer | str | None = None,
    ) -> DurableFuture[T]:
        """Start `ctx.with_retry`."""
        ...

    def run(self, operation: DurableOperation[T], /) -> DurableFuture[T]:
        """Start an operation of your own."""
        ...
