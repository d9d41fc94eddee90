"""The six effects: the only things that a flow ever awaits.

A flow is a coroutine that decides what happens next and does nothing itself. Each effect is a
request to the runtime that drives the flow; its reply is the value of the `await`. Awaiting
anything else in a flow is an error.
"""

from collections.abc import Callable, Coroutine, Generator
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, NoReturn, Protocol, TypeAlias, TypeVar

from .events import Call as CallInfo
from .protocol import Operation, OperationUpdate

if TYPE_CHECKING:
    from typing import Literal

R_co = TypeVar("R_co", covariant=True)
T = TypeVar("T")

Flow: TypeAlias = Coroutine["Effect[Any]", Any, T]
"""A running flow: what `async def flow(self, here)` returns when it is called."""


class Effect(Generic[R_co]):
    """A request to the runtime, awaited in a flow; the reply has the type `R_co`."""

    __slots__ = ()

    def __await__(self) -> Generator["Effect[Any]", Any, R_co]:
        """Hand this effect to the runtime and return its reply."""
        reply: R_co = yield self
        return reply


class DurableOperation(Protocol[R_co]):
    """An operation: what it is on the wire, and the flow that carries it out.

    Any object with these members can be run with `ctx.run(operation)`, in both flavours. Its flow
    awaits effects only; it may be run again from its start at any time and must then come to the
    same result from its record.
    """

    @property
    def type(self) -> str:
        """The operation's type, one of the service's."""
        ...

    @property
    def subtype(self) -> str | None:
        """The operation's subtype: 1-32 letters, digits, `-` and `_`."""
        ...

    @property
    def name(self) -> str | None:
        """The operation's name: 1-256 printable ASCII characters, or None."""
        ...

    def flow(self, here: Any, /) -> Flow[R_co]:
        """Return a new flow that carries the operation out at `here`, a `Place`."""
        ...


class Checkpoint(Effect[Operation | None]):
    """Save an update. Reply: the operation as the service now sees it.

    With `durable=False` nothing is waited for: the update travels with the next one that is
    durable, or when a body runs long, and the reply is what is known already. Without an update
    it is a refresh: the service is asked for what has changed.
    """

    __slots__ = ("durable", "update")

    def __init__(self, update: OperationUpdate | None, *, durable: bool = True) -> None:
        self.update = update
        self.durable = durable


class Call(Effect[T]):
    """Run user code. Reply: what it returned, awaited if need be; what it raised is raised."""

    __slots__ = ("arguments", "function", "info")

    def __init__(
        self, info: CallInfo, function: Callable[..., Any], arguments: tuple[Any, ...] = ()
    ) -> None:
        self.info = info
        self.function = function
        self.arguments = arguments


class Enter(Effect[T]):
    """Run user code with a context of its own, made for `scope`, as its first argument."""

    __slots__ = ("arguments", "function", "info", "scope")

    def __init__(
        self,
        info: CallInfo,
        function: Callable[..., Any],
        scope: Any,
        arguments: tuple[Any, ...] = (),
    ) -> None:
        self.info = info
        self.function = function
        self.scope = scope
        self.arguments = arguments


class Group:
    """Branches that are driven side by side; made by a flow, filled by its runtime.

    With `limited`, a branch that was suspended and has news is told as RESUMABLE and goes on when
    it is spawned again, so that the flow decides how many run at a time. Otherwise it goes on by
    itself.
    """

    __slots__ = ("limited", "state")

    def __init__(self, *, limited: bool = False) -> None:
        self.limited = limited
        self.state: Any = None


class Settled(NamedTuple):
    """How a branch came to rest, or that it can go on."""

    branch: int
    """The index it was spawned with."""
    status: "Literal['SUCCEEDED', 'FAILED', 'SUSPENDED', 'RESUMABLE']"
    """SUSPENDED and RESUMABLE are told in limited groups only."""
    value: Any = None
    error: Exception | None = None


class Spawn(Effect[None]):
    """Drive an operation beside this one, as branch `index` of `group`. Reply: nothing, at once.

    `place` comes from `here.branch(index, operation)`. A branch that is RESUMABLE is spawned again,
    at the same place, to go on. One that another flow has spawned is not driven twice: the group is
    told of it too. Branches that still run when the flow that spawned them first is over are left
    behind: durable calls in them do nothing any more.
    """

    __slots__ = ("group", "index", "place")

    def __init__(self, group: Group, index: int, place: Any) -> None:
        self.group = group
        self.index = index
        self.place = place


class NextSettled(Effect[Settled | None]):
    """Wait for the next branch of `group` that comes to rest, or None once `until` has passed.

    `until` is in seconds since 1970. While all branches of the group rest, this flow rests with
    them: the invocation may end here.
    """

    __slots__ = ("group", "until")

    def __init__(self, group: Group, until: float | None = None) -> None:
        self.group = group
        self.until = until


class Suspend(Effect[NoReturn]):
    """Rest until the service has news of an operation, at the earliest at `until`.

    `until` is in seconds since 1970; `on` is the id of the operation meant, if it is not the
    flow's own. Nothing is replied: either the invocation ends, or the flow is run again from its
    start with the news in its record.
    """

    __slots__ = ("on", "until")

    def __init__(self, until: float | None = None, *, on: str | None = None) -> None:
        self.until = until
        self.on = on
