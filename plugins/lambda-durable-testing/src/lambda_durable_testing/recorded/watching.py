"""What one replay does: which records it asks for and where from, and where it would do something.

Nothing is done for real. An effect that would save an update or run a step's body is new ground,
and its flow rests there; the rest of the handler goes on as it would in an invocation.
"""

import copy
import sys
from collections.abc import Callable, Mapping
from types import FrameType
from typing import Any, TypeVar

from lambda_durable.effects import (
    Call,
    Checkpoint,
    DurableOperation,
    Effect,
    Suspend,
)
from lambda_durable.effects import Enter as EnterEffect
from lambda_durable.errors import Abort
from lambda_durable.events import OperationInfo
from lambda_durable.execution import Execution
from lambda_durable.protocol import Operation, OperationUpdate
from lambda_durable.scope import Place, Scope

from .forwarding import Forwarded
from .reading import Payloads

T = TypeVar("T")

_BETWEEN = frozenset({"asyncio", "concurrent", "contextlib", "contextvars", "functools"})


class Watch:
    """The notes that are taken during one replay."""

    def __init__(self, payloads: Payloads, closable: frozenset[str] = frozenset()) -> None:
        self.payloads = payloads
        self.closable = closable
        """Contexts that may be closed although the recording does not hold how they ended."""
        self.asked: dict[str, str] = {}
        """The operations that the code asked for, by id, with the line that did."""
        self.entered: set[str] = set()
        """Contexts whose inside ran."""
        self.rested: set[str | None] = set()
        """Contexts whose code waits; what was begun beside a race that is decided is cut off."""
        self.ground: dict[str, OperationInfo] = {}
        """Operations that the code asked for and that the state does not hold."""
        self.ends: dict[str, OperationUpdate] = {}
        """Contexts that the code came to the end of, with the update that would close them."""
        self.refused_in: OperationInfo | None = None
        """The operation whose flow found that the code does not repeat the history."""
        self.execution: Execution | None = None

    def attach(self, execution: Execution) -> None:
        """Take notes of what is asked of an execution's history from now on."""
        self.execution = execution
        execution.history.records = _Asked(execution.history.records, self._note)

    def guarded(self, operation: DurableOperation[T]) -> "Guarded[T]":
        """Return the operation so that it does nothing, and its serializer so that it is seen."""
        return Guarded(self._with_seen_serializers(operation), self)

    def stops(self, effect: Effect[Any], here: Place) -> bool:
        """Return whether a flow must rest instead of performing an effect; note why."""
        if isinstance(effect, Checkpoint) and effect.update is not None:
            self._note_update(effect.update, here)
            return True
        if isinstance(effect, Call):
            # Reading a payload is part of a replay, also when it takes I/O; writing is not.
            return effect.info.attempt is not None or effect.function.__name__ != "loads"
        if isinstance(effect, EnterEffect) and effect.info.operation is not None:
            self.entered.add(effect.info.operation.id)
        return False

    def note_rest(self, here: Place) -> None:
        """Note that the code around a flow waits for it."""
        scope: Scope | None = here.scope
        while scope is not None:
            self.rested.add(scope.parent_id)
            scope = scope.within

    def closed_anyway(self, effect: Effect[Any], here: Place) -> Operation | None:
        """Return the record of a context that is closed as the service would do it, if it may."""
        update = effect.update if isinstance(effect, Checkpoint) else None
        if update is None or update["Id"] not in self.closable:
            return None
        record: Operation = here.execution.history.records[update["Id"]].copy()
        succeeded = update["Action"] == "SUCCEED"
        record["Status"] = "SUCCEEDED" if succeeded else "FAILED"
        record["ContextDetails"] = (
            {"Result": update.get("Payload")} if succeeded else {"Error": update.get("Error")}
        )
        here.execution.history.merge([record])
        return record

    def _note_update(self, update: OperationUpdate, here: Place) -> None:
        id = update["Id"]
        if update["Type"] == "CONTEXT" and update["Action"] != "START":
            self.ends[id] = update
        elif id not in here.execution.history.records:
            self.ground[id] = OperationInfo(
                here.execution.arn,
                id,
                update.get("ParentId"),
                update["Type"],
                update.get("SubType"),
                update.get("Name"),
            )

    def _note(self, id: str) -> None:
        if id not in self.asked:
            self.asked[id] = _line(sys._getframe(2))  # noqa: SLF001 - documented; inspect reads source files

    def _with_seen_serializers(self, operation: DurableOperation[T]) -> DurableOperation[T]:
        """Return the operation with the serializer objects that it carries watched."""
        seen = operation
        for name in ("serializer", "item_serializer"):
            serializer: Any = getattr(operation, name, None)
            if hasattr(serializer, "dumps") and not self.payloads.is_seen(serializer):
                seen = copy.copy(operation) if seen is operation else seen
                try:
                    setattr(seen, name, self.payloads.seen(serializer))
                except AttributeError:  # it cannot be changed: then only what fails is noticed
                    continue
        return seen


class Guarded(Forwarded[T]):
    """An operation whose flow rests where it would do something."""

    def __init__(self, operation: DurableOperation[T], watch: Watch) -> None:
        super().__init__(operation)
        self._watch = watch

    async def flow(self, here: Place, /) -> T:
        """Carry the operation out as far as its records go."""
        if self.type == "CONTEXT" and self.subtype in ("Map", "Parallel"):
            self._watch.entered.add(here.id)
        try:
            return await super().flow(here)
        except Abort:
            self._watch.refused_in = self._watch.refused_in or here.info
            raise

    async def replied(self, effect: Effect[Any], here: Place) -> Any:
        """Return the reply to an effect, unless the flow must rest."""
        closed = self._watch.closed_anyway(effect, here)
        if closed is not None:
            return closed
        if isinstance(effect, Suspend):  # time does not pass, so nothing is worth waiting for
            self._watch.note_rest(here)
            return await Suspend(on=effect.on)
        if self._watch.stops(effect, here):
            self._watch.note_rest(here)
            return await Suspend()
        return await effect


class _Asked(dict[str, Operation]):
    """Records that tell which of them were asked for."""

    def __init__(self, records: Mapping[str, Operation], note: Callable[[str], None]) -> None:
        super().__init__(records)
        self._note = note

    def get(self, id: str, default: Any = None, /) -> Any:
        self._note(id)
        return super().get(id, default)


def _line(frame: FrameType | None) -> str:
    """Return file, line and function of the innermost frame that is not the SDK's."""
    while frame is not None:
        package = str(frame.f_globals.get("__name__", "")).partition(".")[0]
        if package not in _BETWEEN and not package.startswith("lambda_durable"):
            return f"{frame.f_code.co_filename}:{frame.f_lineno} in {frame.f_code.co_name}"
        frame = frame.f_back
    return "an unknown line"
