"""Combining futures, in `def` handlers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

from .plain_vocabulary import PlainVocabulary

if TYPE_CHECKING:
    from ..batches import BatchResult
    from ..vocabulary import DurableFuture

T = TypeVar("T")
A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")


class PlainFutures(PlainVocabulary):
    """Futures and their combinators."""

    __slots__ = ()

    @overload
    def all(
        self, a: DurableFuture[A], b: DurableFuture[B], /, *, name: str | None = None
    ) -> tuple[A, B]: ...

    @overload
    def all(
        self,
        a: DurableFuture[A],
        b: DurableFuture[B],
        c: DurableFuture[C],
        /,
        *,
        name: str | None = None,
    ) -> tuple[A, B, C]: ...

    @overload
    def all(
        self,
        a: DurableFuture[A],
        b: DurableFuture[B],
        c: DurableFuture[C],
        d: DurableFuture[D],
        /,
        *,
        name: str | None = None,
    ) -> tuple[A, B, C, D]: ...

    @overload
    def all(self, *futures: DurableFuture[T], name: str | None = None) -> tuple[T, ...]: ...

    def all(self, *futures: Any, name: str | None = None) -> Any:
        """Wait until all have succeeded and return their results, or raise the first error.

        Which failure came first is kept: every replay raises the same.

        Takes what `ctx.start` returned, and callbacks.
        Needs the plugin `lambda-durable[concurrency]`.
        """
        return self._combine("all", futures, name)

    @overload
    def any(
        self, a: DurableFuture[A], b: DurableFuture[B], /, *, name: str | None = None
    ) -> A | B: ...

    @overload
    def any(
        self,
        a: DurableFuture[A],
        b: DurableFuture[B],
        c: DurableFuture[C],
        /,
        *,
        name: str | None = None,
    ) -> A | B | C: ...

    @overload
    def any(
        self,
        a: DurableFuture[A],
        b: DurableFuture[B],
        c: DurableFuture[C],
        d: DurableFuture[D],
        /,
        *,
        name: str | None = None,
    ) -> A | B | C | D: ...

    @overload
    def any(self, *futures: DurableFuture[T], name: str | None = None) -> T: ...

    def any(self, *futures: Any, name: str | None = None) -> Any:
        """Wait until one has succeeded and return its result.

        Which one it was is kept: every replay returns the same. If all fail, AllFailedError of
        `lambda_durable_concurrency` has their errors.

        Takes what `ctx.start` returned, and callbacks.
        Needs the plugin `lambda-durable[concurrency]`.
        """
        return self._combine("any", futures, name)

    @overload
    def race(
        self, a: DurableFuture[A], b: DurableFuture[B], /, *, name: str | None = None
    ) -> A | B: ...

    @overload
    def race(
        self,
        a: DurableFuture[A],
        b: DurableFuture[B],
        c: DurableFuture[C],
        /,
        *,
        name: str | None = None,
    ) -> A | B | C: ...

    @overload
    def race(
        self,
        a: DurableFuture[A],
        b: DurableFuture[B],
        c: DurableFuture[C],
        d: DurableFuture[D],
        /,
        *,
        name: str | None = None,
    ) -> A | B | C | D: ...

    @overload
    def race(self, *futures: DurableFuture[T], name: str | None = None) -> T: ...

    def race(self, *futures: Any, name: str | None = None) -> Any:
        """Wait until one has ended, and return its result or raise its error.

        Which one it was is kept: every replay has the same winner. The others do not hold the
        invocation.

        Takes what `ctx.start` returned, and callbacks.
        Needs the plugin `lambda-durable[concurrency]`.
        """
        return self._combine("race", futures, name)

    def settled(self, *futures: DurableFuture[T], name: str | None = None) -> BatchResult[T]:
        """Wait until all have ended, however they did, and return how; raises none of their errors.

        Takes what `ctx.start` returned, and callbacks.
        Needs the plugin `lambda-durable[concurrency]`.
        """
        return self._combine("settled", futures, name)  # type: ignore[no-any-return]  # the hook's operation gives it
