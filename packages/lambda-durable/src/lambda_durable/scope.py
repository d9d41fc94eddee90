"""Where an operation stands: scopes hand out places, places match the history.

A scope is the inside of one context: the handler's, a child's, a branch's. A place is the position
of one operation in it, and all that a flow knows about where it is.
"""

from typing import Any

from .effects import DurableOperation
from .errors import MisuseError, NonDeterminismError, Unwinding
from .execution import Execution
from .identity import branch_id, operation_id
from .line import Line
from .mismatch import difference, explain
from .misuse import misuse
from .own_log import own_log
from .position import Position
from .protocol import CLOSED_STATUSES
from .replay_values import hear
from .running import RUNNING


class Scope:
    """The inside of one context: it counts the operations and knows whether they are replayed."""

    __slots__ = (
        "closed",
        "count",
        "deferred",
        "drawn",
        "execution",
        "line",
        "outer",
        "parent_id",
        "past",
        "path",
        "prefix",
        "replaying",
        "time",
        "unwinding",
        "within",
    )

    def __init__(
        self,
        execution: Execution,
        *,
        prefix: str | None = None,
        parent_id: str | None = None,
        path: str = "",
        line: Line | None = None,
        replaying: bool | None = None,
        past: bool = False,
        outer: "Scope | None" = None,
        within: "Scope | None" = None,
        time: float = 0.0,
    ) -> None:
        self.execution = execution
        self.prefix = prefix
        self.parent_id = parent_id
        self.path = path
        self.line = line or Line()
        self.count = 0
        self.drawn = 0
        self.time = time
        self.closed = False
        self.unwinding = False
        """True once what ends the branch was raised in its function."""
        self.past = past
        """True when its context has ended before, so that all in it is replay."""
        self.outer = outer
        """The scope around a virtual context, which has no record that tells whether it ended."""
        self.within = within
        """The scope around this one; what runs in here is orphaned when that one ends first."""
        self.deferred: list[Place] = []
        """Operations to be started beside the code once it reaches new ground."""
        if replaying is None:
            replaying = past or (self.is_begun(1) if prefix else len(execution.history) > 0)
        self.replaying = replaying

    @property
    def title(self) -> str:
        """What this scope is called in messages."""
        return f"child context {self.path!r}" if self.path else "the handler"

    def reserve(self, operation: DurableOperation[Any]) -> "Place":
        """Return the place of the next operation; this fixes its id.

        Called synchronously by every durable call. Raises what ends the branch if it is ending,
        MisuseError where no durable call is possible, and ends the execution with a
        NonDeterminismError when the history holds another operation at this place.
        """
        self.check_usable(operation)
        place = self.next(operation)
        if self.deferred and not place.replayed:
            self._release()
        return place

    def reserve_apart(self, operation: DurableOperation[Any]) -> "Place":
        """Return the next place, on a line of its own; the operation is started beside the code.

        One that did not end before waits, on replay, until it is awaited or the code reaches new
        ground: it may have lost a race that is decided further on.
        """
        self.check_usable(operation)
        place = self.next(operation).apart()
        place.owner = self
        if not place.replayed and not self.past:
            self.deferred.append(place)
            self._release()
        return place

    def next(self, operation: DurableOperation[Any]) -> "Place":
        """Return the place of the next operation, for a flow that carries it out itself."""
        self.count += 1
        return self.occupy(operation, operation_id(self.prefix, self.count))

    def occupy(self, operation: DurableOperation[Any], id: str) -> "Place":
        """Return the place with the id given, once the history agrees with it."""
        place = Place(self, operation, id)
        record = place.record
        if record is None:
            if not getattr(operation, "virtual", False):
                self.replaying = False
        else:
            is_open = record["Status"] not in CLOSED_STATUSES and operation.type != "CONTEXT"
            if is_open and not self.is_begun(self.count + 1):
                self.replaying = False  # it goes on from here
            wrong = difference(record, place.info)
            if wrong:
                error = NonDeterminismError(explain(record, place.info, place.title, wrong))
                raise self.execution.abort(error)
            self.execution.observers.going_on(record)
        return place

    def ending(self) -> Unwinding | None:
        """Return what every durable call here has to raise, None while all is well."""
        ending: Unwinding | None = self.execution.ending
        line: Line | None = self.line
        while ending is None and line is not None:
            ending, line = line.suspension, line.parent
        return ending

    def is_orphaned(self) -> bool:
        """Return whether this context, or one around it, has ended, so that nothing counts here."""
        scope: Scope | None = self
        while scope is not None and not scope.closed:
            scope = scope.within
        return scope is not None

    def check_going_on(self) -> None:
        """Raise what ends the branch, if it is ending."""
        ending = self.ending()
        if ending is not None:
            raise ending

    def concluded(self) -> None:
        """Note that the context's function ended; raise what ends the branch, if it is ending.

        Its outcome does not count then; it may have caught what it was to let pass.
        """
        self.closed = True
        ending = self.ending()
        if ending is not None:
            if self.unwinding:
                own_log().warning(
                    "%s caught what ends its invocation (%s) and went on; its outcome is not "
                    "used. Let BaseException pass: write `except Exception`",
                    self.title,
                    ending,
                )
            raise ending

    def passed(self, place: "Place") -> None:
        """Note that an operation's outcome was handed over; what follows may be new ground."""
        hear(self, place.record)
        if self.replaying and place.number == self.count:
            self.replaying = self.past or self.is_begun(self.count + 1)
        if self.deferred:
            self._release()

    def is_begun(self, number: int) -> bool:
        """Return whether operation `number` was begun before, or what follows a virtual scope."""
        id, records = operation_id(self.prefix, number), self.execution.history.records
        if id in records or operation_id(id, 1) in records:  # or the first one of a virtual context
            return True
        if self.outer is None or not self.outer.count:  # a branch is not one of those counted
            return False
        return self.outer.is_begun(self.outer.count + 1)

    def _release(self) -> None:
        """Start what was deferred, if nothing that was begun before comes after this."""
        if not self.past and not self.is_begun(self.count + 1):
            deferred, self.deferred = self.deferred, []
            for place in deferred:
                if place.scope.line.held:
                    self.execution.runtime.begin(place)

    def check_usable(self, operation: DurableOperation[Any]) -> None:
        """Raise what ends the line if it is ending, and MisuseError where no call is possible."""
        current = RUNNING.get()
        if current is not None and current.scope.execution is self.execution:
            self.check_going_on()  # first of all: an abandoned branch, after the end, is no misuse
            if current.scope is self and current.call.kind != "attempt" and not self.closed:
                return
        name = operation.name
        call = f"durable operation {name!r}" if name else f"a durable {operation.type} operation"
        raise MisuseError(misuse(call, self, closed=self.closed))


class Place(Position):
    """The position of one operation, and what its flow may do there."""

    __slots__ = ()
    scope: Scope  # type: ignore[mutable-override]  # it is made with one, and keeps it

    def inner_scope(self, *, virtual: bool = False) -> Scope:
        """Return the scope of a context inside this operation.

        A virtual one has no operation of its own: what runs in it reports the nearest real
        context as its parent.
        """
        parent_id, outer = (self.scope.parent_id, self.scope) if virtual else (self.id, None)
        return self._inside(parent_id, line=self.scope.line, outer=outer)

    def branch(self, index: int, operation: DurableOperation[Any]) -> "Place":
        """Return the place of branch `index`, from 0, of this operation."""
        scope = self._inside(self.id, line=Line(self.scope.line), replaying=self.scope.replaying)
        return scope.occupy(operation, branch_id(self.id, index))

    def apart(self, operation: DurableOperation[Any] | None = None) -> "Place":
        """Return this place on a line of its own, or the same place for another flow.

        Its end is not heard around it: the code there has it when it is awaited, not before.
        """
        scope = self.scope
        own = Scope(
            scope.execution,
            prefix=scope.prefix,
            parent_id=scope.parent_id,
            path=scope.path,
            line=Line(scope.line),
            replaying=scope.replaying,
            past=scope.past,
            within=scope,
            time=scope.time,
        )
        own.count = self.number
        return Place(own, operation or self.operation, self.id)

    def _inside(self, parent_id: str | None, **options: Any) -> Scope:
        return Scope(
            self.scope.execution,
            prefix=self.id,
            parent_id=parent_id,
            path=self.path,
            past=self.replayed or self.scope.past,
            within=self.scope,
            time=self.time,
            **options,
        )

    def let_go(self) -> None:
        """Note that the invocation need not go on for the sake of this operation."""
        self.scope.line.held = False

    async def carried_out(self) -> Any:
        """Carry the operation out as a part of the flow that calls, and return its result."""
        try:
            value = await self.operation.flow(self)
        except Exception:
            self.settled()
            raise
        self.settled()
        return value

    def await_with(self, operation: DurableOperation[Any]) -> Any:
        """Run a further flow at this place, for the code that runs here, wherever that is.

        It starts nothing at the service. Returns what the flow does, or a coroutine in an `async
        def` handler.
        """
        current = RUNNING.get()
        scope = current.scope if current is not None else self.scope
        if self.scope.is_orphaned() or not isinstance(scope, Scope):
            name = operation.name
            call = f"the result of {name!r}" if name else f"the result of a {operation.type}"
            raise MisuseError(misuse(call, self.scope, closed=True))
        scope.check_usable(operation)
        place = Place(scope, operation, self.id)
        return self.execution.runtime.run(operation, place)

    def settled(self) -> None:
        """Note that the operation's outcome is handed to the handler now."""
        self.scope.passed(self)
