"""Operations that were started and are awaited later: in which order, and by whom."""

from collections.abc import Coroutine, Generator, Sequence
from typing import Any

from .effects import DurableOperation, Group, NextSettled, Spawn
from .errors import InvalidInputError
from .scope import Place, Scope


class Future:
    """What `ctx.start` returns, in both flavours; see `lambda_durable.vocabulary`."""

    __slots__ = ("place",)

    def __init__(self, place: Place) -> None:
        self.place = place

    def result(self) -> Any:
        """Wait for the operation and return its result, or raise its error."""
        return self.place.await_with(Awaiting(self.place))

    def __await__(self) -> Generator[Any, Any, Any]:
        """Wait for the operation, in an `async def` handler."""
        result: Generator[Any, Any, Any] = self.result().__await__()
        return result


class Awaiting:
    """Waits for an operation that is driven apart; it has no place of its own at the service."""

    def __init__(self, awaited: Place) -> None:
        self.type = awaited.operation.type
        self.subtype = awaited.operation.subtype
        self.name = awaited.operation.name
        self._awaited = awaited

    async def flow(self, here: Place, /) -> Any:
        """Answer from the record, or wait until the operation has ended."""
        awaited = self._awaited
        if awaited.replayed:
            return await awaited.carried_out()
        awaited.scope.line.held = True  # it may have been let go when it lost a race
        group = Group()
        await Spawn(group, 0, awaited)
        while True:
            settled = await NextSettled(group)
            if settled is not None and settled.status == "SUCCEEDED":
                return settled.value
            if settled is not None and settled.error is not None:
                raise settled.error


def begun(scope: Scope, operation: DurableOperation[Any]) -> Future:
    """Start an operation beside the code that calls, and return its future."""
    place = scope.reserve_apart(operation)
    return Future(place)


def places(futures: Sequence[Any]) -> list[Place]:
    """Return the places of what is to be combined: futures, callbacks, calls not yet awaited.

    The calls are closed, since it is the combinator that drives their operations.
    """
    return [_place(future) for future in futures]


def _place(future: Any) -> Place:
    place = getattr(future, "place", None)
    if isinstance(place, Place):
        return place
    if isinstance(future, Coroutine):
        import inspect  # only un-awaited calls need it

        waiting = (
            inspect.iscoroutine(future) and inspect.getcoroutinestate(future) == "CORO_CREATED"
        )
        found = inspect.getcoroutinelocals(future).get("place") if waiting else None
        if isinstance(found, Place):
            future.close()
            return found.apart()
    raise InvalidInputError(
        f"expected what ctx.start returned, a callback, or (in an `async def` handler) a durable "
        f"call that was not awaited yet, not {future!r:.80}; wrap code of your own as "
        "ctx.run_in_child_context(func)"
    )
