"""The words of `async def` handlers that plugins supply, each through one hook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeVar, TypeVarTuple, overload

from .base import ContextBase

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Mapping
    from contextlib import AbstractAsyncContextManager

    from ..abc import Duration, RetryStrategy, Serializer
    from ..batches import BatchResult, Completion, NamedBranch, Nesting
    from ..vocabulary import AsyncCallback, Saga

Item = TypeVar("Item")
T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class AsyncVocabulary(ContextBase):
    """Callbacks, batches, retried blocks and sagas."""

    __slots__ = ()

    @overload
    def create_callback(
        self,
        name: str | None = None,
        *,
        result_type: type[T],
        timeout: Duration | None = None,
        heartbeat_timeout: Duration | None = None,
        serializer: Serializer | str | None = None,
    ) -> Coroutine[object, object, AsyncCallback[T]]: ...

    @overload
    def create_callback(
        self,
        name: str | None = None,
        *,
        result_type: None = None,
        timeout: Duration | None = None,
        heartbeat_timeout: Duration | None = None,
        serializer: Serializer | str | None = None,
    ) -> Coroutine[object, object, AsyncCallback[Any]]: ...

    def create_callback(
        self,
        name: str | None = None,
        *,
        result_type: Any = None,
        timeout: Duration | None = None,
        heartbeat_timeout: Duration | None = None,
        serializer: Serializer | str | None = None,
    ) -> Any:
        """Create a callback: give its `callback_id` away, and await its `result()` later.

        The time-outs are a timedelta or seconds, rounded up to whole seconds; without one the
        callback stays open as long as the execution. Each heartbeat starts `heartbeat_timeout`
        anew. What the other side sends is read as JSON, and as text if it is none; with
        `result_type=str` as text, else by the serializer for that type. `result()` uses no
        compute while it waits, and raises one of the errors of `lambda_durable_callbacks`, on its
        first run and on replay alike. Needs the plugin `lambda-durable[callbacks]`.
        """
        return self._word(
            "durable_create_callback",
            name=name,
            timeout=timeout,
            heartbeat_timeout=heartbeat_timeout,
            result_type=result_type,
            serializer=serializer,
        )

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
    ) -> Coroutine[object, object, T]: ...

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
    ) -> Coroutine[object, object, Any]: ...

    def wait_for_callback(  # type: ignore[misc]  # mypy compares a TypeVarTuple with *args: Any
        self,
        submit: Callable[..., Any],
        /,
        *args: Any,
        result_type: Any = None,
        name: str | None = None,
        timeout: Duration | None = None,
        heartbeat_timeout: Duration | None = None,
        retry: RetryStrategy | str | None = None,
        serializer: Serializer | str | None = None,
    ) -> Any:
        """Create a callback, run `submit(callback_id, *args)` as a step, return what comes back.

        Callback and step stand in a child context. `retry` is for the submitter; it runs until
        it succeeds once and not on replay. Time-outs, result and errors are as in
        `create_callback`; a submitter that fails for good raises CallbackSubmitterError. Needs
        the plugin `lambda-durable[callbacks]`.
        """
        return self._word(
            "durable_wait_for_callback",
            submit=submit,
            args=args,
            name=name,
            timeout=timeout,
            heartbeat_timeout=heartbeat_timeout,
            retry=retry,
            result_type=result_type,
            serializer=serializer,
        )

    def parallel(
        self,
        branches: Mapping[str, Callable[[Self], Coroutine[Any, Any, T]]]
        | Iterable[Callable[[Self], Coroutine[Any, Any, T]] | NamedBranch[T]],
        /,
        *,
        name: str | None = None,
        max_concurrency: int | None = None,
        completion: Completion | None = None,
        nesting: Nesting = "nested",
        serializer: Serializer | str | None = None,
        item_serializer: Serializer | str | None = None,
        summary: Callable[[BatchResult[T]], str] | None = None,
    ) -> Coroutine[object, object, BatchResult[T]]:
        """Run functions side by side, each with a context of its own, and return how each ended.

        `branches` are functions of the context, `NamedBranch`es, or a mapping of names to
        functions. At most `max_concurrency` run at a time (None: no limit); one that waits frees
        its place. `completion` is a policy of `lambda_durable_concurrency`, or a function of the
        progress; by default the first failure ends the batch. What still runs then is left
        behind. A failed branch does not raise: see `BatchResult`. With `nesting="flat"` branches
        are no contexts at the service, which halves the operations. On replay a finished batch
        is returned as it was; over 256 KiB its results come from its branches, or with
        `summary`, a text for those who read the history, beside them. Needs the plugin
        `lambda-durable[concurrency]`.
        """
        return self._word(  # type: ignore[no-any-return]  # the hook's operation gives it
            "durable_parallel",
            branches=branches,
            name=name,
            max_concurrency=max_concurrency,
            completion=completion,
            nesting=nesting,
            serializer=serializer,
            item_serializer=item_serializer,
            summary=summary,
        )

    @overload
    def map(
        self,
        items: Iterable[Item],
        func: Callable[[Self, Item], Coroutine[Any, Any, T]],
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
    ) -> Coroutine[object, object, BatchResult[T]]: ...

    @overload
    def map(
        self,
        items: Iterable[Item],
        func: Callable[[Self, Item, int], Coroutine[Any, Any, T]],
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
    ) -> Coroutine[object, object, BatchResult[T]]: ...

    def map(
        self,
        items: Iterable[Any],
        func: Callable[..., Any],
        /,
        *,
        name: str | None = None,
        item_namer: Callable[[Any, int], str] | None = None,
        max_concurrency: int | None = None,
        completion: Completion | None = None,
        nesting: Nesting = "nested",
        serializer: Serializer | str | None = None,
        item_serializer: Serializer | str | None = None,
        summary: Callable[[BatchResult[Any]], str] | None = None,
    ) -> Any:
        """Call `func(context, item)`, or `func(context, item, index)`, for all items.

        The index is passed if the function requires a third argument or has one named `index`.
        `item_namer(item, index)` names the items' contexts. `items` may be any iterable; it is
        read once per invocation and must give the same on replay. All else is as in `parallel`.
        """
        return self._word(
            "durable_map",
            items=items,
            func=func,
            name=name,
            item_namer=item_namer,
            max_concurrency=max_concurrency,
            completion=completion,
            nesting=nesting,
            serializer=serializer,
            item_serializer=item_serializer,
            summary=summary,
        )

    def with_retry(
        self,
        func: Callable[[Self, *Ts], Coroutine[Any, Any, T]],
        /,
        *args: *Ts,
        retry: RetryStrategy | str | None = None,
        name: str | None = None,
        serializer: Serializer | str | None = None,
    ) -> Coroutine[object, object, T]:
        """Run `func(context, *args)`, several durable operations as one block, until it succeeds.

        Each attempt is new operations in one child context, with a durable wait between them.
        Without `retry` the handler's and then the plugins' default applies. Errors that say the
        program is wrong, and what ends the invocation, are never retried. When it is given up,
        ChildContextError is raised, on its first run and on replay alike; the last exception is
        its `cause`. Needs the plugin `lambda-durable[retry]`.
        """
        return self._word(  # type: ignore[no-any-return]  # the hook's operation gives it
            "durable_with_retry",
            func=func,
            args=args,
            retry=retry,
            name=name,
            serializer=serializer,
        )

    def saga(
        self, *, name: str | None = None, retry: RetryStrategy | str | None = None
    ) -> AbstractAsyncContextManager[Saga]:
        """Open a block whose compensations run, in reverse, when it fails.

        Each compensation and cleanup is a step of this context, named after its function, with
        the `retry` given here or with it. A suspension runs none of them. The block's exception
        is raised again once they ran; compensations that failed themselves are added to it as
        notes and raised together as SagaError. Needs the plugin `lambda-durable[concurrency]`.
        """
        return self._manager(  # type: ignore[no-any-return]  # the hook's own manager
            "durable_saga", name=name, retry=retry
        )
