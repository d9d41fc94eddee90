"""Operations that stand in for others and see each effect on its way to the runtime."""

from abc import abstractmethod
from typing import Any, Generic, TypeVar

from lambda_durable.effects import DurableOperation, Effect
from lambda_durable.scope import Place

T = TypeVar("T")


class Forwarded(Generic[T]):
    """An operation whose flow is another's; `replied` decides what becomes of its effects."""

    def __init__(self, operation: DurableOperation[T]) -> None:
        self.operation = operation

    def __getattr__(self, name: str) -> Any:
        return getattr(self.operation, name)

    @property
    def type(self) -> str:
        """The operation's type."""
        return self.operation.type

    @property
    def subtype(self) -> str | None:
        """The operation's subtype."""
        return self.operation.subtype

    @property
    def name(self) -> str | None:
        """The operation's name."""
        return self.operation.name

    @abstractmethod
    async def replied(self, effect: Effect[Any], here: Place) -> Any:
        """Return the reply to an effect, by awaiting it or otherwise."""
        raise NotImplementedError

    async def flow(self, here: Place, /) -> T:
        """Carry the operation out, effect by effect."""
        flow = self.operation.flow(here)
        reply: Any = None
        error: BaseException | None = None
        while True:
            try:
                effect = flow.send(reply) if error is None else flow.throw(error)
            except StopIteration as stop:
                value: T = stop.value
                return value
            reply = error = None
            try:
                reply = await self.replied(effect, here)
            except BaseException as raised:  # noqa: BLE001 - it is raised inside the flow
                error = raised
