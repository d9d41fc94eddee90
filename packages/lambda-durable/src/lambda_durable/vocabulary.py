"""The types of what plugins' words return, for type checkers: futures, callbacks and sagas."""

from collections.abc import Callable, Coroutine, Generator
from typing import Any, Protocol, TypeVar, TypeVarTuple

from .abc import RetryStrategy

T_co = TypeVar("T_co", covariant=True)
Ts = TypeVarTuple("Ts")


class DurableFuture(Protocol[T_co]):
    """An operation that was started and is awaited later, in a `def` handler."""

    def result(self) -> T_co:
        """Wait for the operation and return its result, or raise its error; as often as wanted."""
        ...


class AsyncDurableFuture(Protocol[T_co]):
    """An operation that was started and is awaited later, in an `async def` handler."""

    def result(self) -> Coroutine[object, object, T_co]:
        """Wait for the operation and return its result, or raise its error; as often as wanted."""
        ...

    def __await__(self) -> Generator[Any, Any, T_co]:
        """Wait for the operation, as `result` does."""
        ...


class Callback(DurableFuture[T_co], Protocol[T_co]):
    """A callback that was created: its id is given away, its result comes from outside."""

    @property
    def callback_id(self) -> str:
        """The id under which the other side completes it; the same in every invocation."""
        ...


class AsyncCallback(AsyncDurableFuture[T_co], Protocol[T_co]):
    """A callback of an `async def` handler; see `Callback`."""

    @property
    def callback_id(self) -> str:
        """The id under which the other side completes it; the same in every invocation."""
        ...


class Saga(Protocol):
    """The compensations and cleanups of a block, to be run at its true end."""

    def add_compensation(
        self,
        func: Callable[[*Ts], Any],
        /,
        *args: *Ts,
        name: str | None = None,
        retry: RetryStrategy | str | None = None,
    ) -> None:
        """Have `func(*args)` run as a step if the block fails; the last one added runs first."""
        ...

    def add_cleanup(
        self,
        func: Callable[[*Ts], Any],
        /,
        *args: *Ts,
        name: str | None = None,
        retry: RetryStrategy | str | None = None,
    ) -> None:
        """Have `func(*args)` run as a step when the block ends, however it does."""
        ...
