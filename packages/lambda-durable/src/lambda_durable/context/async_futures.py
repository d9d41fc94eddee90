"""Combining futures, in `async def` handlers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

from .async_vocabulary import AsyncVocabulary

if TYPE_CHECKING:
    from collections.abc import Awaitable, Coroutine

    from ..batches import BatchResult

T = TypeVar("T")
A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")


class AsyncFutures(AsyncVocabulary):
    """Futures and their combinators."""

    __slots__ = ()

    @overload
    def all(
        self, a: Awaitable[A], b: Awaitable[B], /, *, name: str | None = None
    ) -> Coroutine[object, object, tuple[A, B]]: ...

    @overload
    def all(
        self, a: Awaitable[A], b: Awaitable[B], c: Awaitable[C], /, *, name: str | None = None
    ) -> Coroutine[object, object, tuple[A, B, C]]: ...

    @overload
    def all(
        self,
        a: Awaitable[A],
        b: Awaitable[B],
        c: Awaitable[C],
        d: Awaitable[D],
        /,
        *,
        name: str | None = None,
    ) -> Coroutine[object, object, tuple[A, B, C, D]]: ...

    @overload
    def all(
        self, *futures: Awaitable[T], name: str | None = None
    ) -> Coroutine[object, object, tuple[T, ...]]: ...

    def all(self, *futures: Any, name: str | None = None) -> Any:
        """Wait until all have succeeded and return their results, or raise the first error.

        Which failure came first is kept: every replay raises the same.

        Takes durable calls that were not awaited yet, and what `ctx.start` returned.
        Needs the plugin `lambda-durable[concurrency]`.
        """
        return self._combine("all", futures, name)

    @overload
    def any(
        self, a: Awaitable[A], b: Awaitable[B], /, *, name: str | None = None
    ) -> Coroutine[object, object, A | B]: ...

    @overload
    def any(
        self, a: Awaitable[A], b: Awaitable[B], c: Awaitable[C], /, *, name: str | None = None
    ) -> Coroutine[object, object, A | B | C]: ...

    @overload
    def any(
        self,
        a: Awaitable[A],
        b: Awaitable[B],
        c: Awaitable[C],
        d: Awaitable[D],
        /,
        *,
        name: str | None = None,
    ) -> Coroutine[object, object, A | B | C | D]: ...

    @overload
    def any(
        self, *futures: Awaitable[T], name: str | None = None
    ) -> Coroutine[object, object, T]: ...

    def any(self, *futures: Any, name: str | None = None) -> Any:
        """Wait until one has succeeded and return its result.

        Which one it was is kept: every replay returns the same. If all fail, AllFailedError of
        `lambda_durable_concurrency` has their errors.

        Takes durable calls that were not awaited yet, and what `ctx.start` returned.
        Needs the plugin `lambda-durable[concurrency]`.
        """
        return self._combine("any", futures, name)

    @overload
    def race(
        self, a: Awaitable[A], b: Awaitable[B], /, *, name: str | None = None
    ) -> Coroutine[object, object, A | B]: ...

    @overload
    def race(
        self, a: Awaitable[A], b: Awaitable[B], c: Awaitable[C], /, *, name: str | None = None
    ) -> Coroutine[object, object, A | B | C]: ...

    @overload
    def race(
        self,
        a: Awaitable[A],
        b: Awaitable[B],
        c: Awaitable[C],
        d: Awaitable[D],
        /,
        *,
        name: str | None = None,
    ) -> Coroutine[object, object, A | B | C | D]: ...

    @overload
    def race(
        self, *futures: Awaitable[T], name: str | None = None
    ) -> Coroutine[object, object, T]: ...

    def race(self, *futures: Any, name: str | None = None) -> Any:
        """Wait until one has ended, and return its result or raise its error.

        Which one it was is kept: every replay has the same winner. The others do not hold the
        invocation.

        Takes durable calls that were not awaited yet, and what `ctx.start` returned.
        Needs the plugin `lambda-durable[concurrency]`.
        """
        return self._combine("race", futures, name)

    def settled(
        self, *futures: Awaitable[T], name: str | None = None
    ) -> Coroutine[object, object, BatchResult[T]]:
        """Wait until all have ended, however they did, and return how; raises none of their errors.

        Takes durable calls that were not awaited yet, and what `ctx.start` returned.
        Needs the plugin `lambda-durable[concurrency]`.
        """
        return self._combine("settled", futures, name)  # type: ignore[no-any-return]  # the hook's operation gives it
