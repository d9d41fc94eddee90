"""The operations of an execution as a tree, to be looked up by name, by path or by index."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches
from typing import Any, Final, overload

from lambda_durable.protocol import ErrorObject
from lambda_durable.protocol import Operation as Record

SEPARATOR: Final = " > "
"""Stands between the names of a path, as in the messages of the SDK."""

_DETAILS: Final = {
    "STEP": "StepDetails",
    "WAIT": "WaitDetails",
    "CONTEXT": "ContextDetails",
    "CALLBACK": "CallbackDetails",
    "CHAINED_INVOKE": "ChainedInvokeDetails",
}


@dataclass(frozen=True, slots=True)
class Failure:
    """An error as the service keeps it; every part may be missing."""

    type: str | None
    message: str | None
    data: str | None = None
    stack: tuple[str, ...] = ()

    @classmethod
    def read(cls, error: ErrorObject | None) -> Failure | None:
        """Return the failure that an error object describes, None for None."""
        if error is None:
            return None
        stack = tuple(error.get("StackTrace") or ())
        return cls(error.get("ErrorType"), error.get("ErrorMessage"), error.get("ErrorData"), stack)

    def __str__(self) -> str:
        return ": ".join(part for part in (self.type, self.message) if part) or "no reason given"


@dataclass(frozen=True, slots=True, repr=False)
class Operation:
    """One operation, and those inside it."""

    record: Record
    """The operation as the service reports it."""
    parent: Operation | None
    children: Operations

    def __repr__(self) -> str:
        return f"<{self.type} {self.path!r} {self.status}>"

    @property
    def id(self) -> str:
        """The operation's id; it stands for its position and is the same in every execution."""
        return self.record["Id"]

    @property
    def name(self) -> str | None:
        """The operation's name, if it has one."""
        return self.record.get("Name")

    @property
    def title(self) -> str:
        """The name, or the subtype of an operation without one."""
        return self.name or f"({self.subtype or self.type})"

    @property
    def type(self) -> str:
        """STEP, WAIT, CALLBACK, CHAINED_INVOKE or CONTEXT."""
        return self.record["Type"]

    @property
    def subtype(self) -> str | None:
        """What kind of its type it is: Map, MapIteration, WaitForCondition, ..."""
        return self.record.get("SubType")

    @property
    def status(self) -> str:
        """STARTED, PENDING, READY, SUCCEEDED, FAILED, CANCELLED, TIMED_OUT or STOPPED."""
        return self.record["Status"]

    @property
    def attempts(self) -> int:
        """How many attempts of a step have ended; 0 for other operations."""
        attempts: int = self._details.get("Attempt", 0)
        return attempts

    @property
    def payload(self) -> str | None:
        """The result as it was written."""
        return self._details.get("Result")

    @property
    def result(self) -> Any:
        """The result read as plain JSON; one that is not JSON is the text itself."""
        return read_json(self.payload)

    @property
    def error(self) -> Failure | None:
        """Why the operation failed; for a step between attempts, why the last one did."""
        return Failure.read(self._details.get("Error"))

    @property
    def callback_id(self) -> str | None:
        """The id by which a callback is completed."""
        return self._details.get("CallbackId")

    @property
    def duration(self) -> timedelta | None:
        """The time from start to end, None while the operation goes on."""
        start, end = self.record.get("StartTimestamp"), self.record.get("EndTimestamp")
        return None if start is None or end is None else timedelta(milliseconds=end - start)

    @property
    def path(self) -> str:
        """The names from the handler down to this operation, with `>` between them."""
        return self.title if self.parent is None else self.parent.path + SEPARATOR + self.title

    @property
    def _details(self) -> dict[str, Any]:
        found: Any = self.record.get(_DETAILS.get(self.type, "")) or {}
        details: dict[str, Any] = found
        return details


class Operations:
    """Operations beside each other, in the order in which they were started.

    `operations["charge"]` is the one of that name, at any depth, `operations["pay > charge"]` the
    one at that path and `operations[0]` the first one here. `named()` finds several.
    """

    __slots__ = ("_here",)

    def __init__(self, here: Iterable[Operation] = ()) -> None:
        self._here = list(here)

    @classmethod
    def tree(cls, records: Iterable[Record]) -> Operations:
        """Return the tree of records in start order; the EXECUTION record is left out."""
        top, found = cls(), dict[str, Operation]()
        for record in records:
            if record["Type"] == "EXECUTION":
                continue
            parent = found.get(record.get("ParentId") or "")
            operation = found[record["Id"]] = Operation(record, parent, cls())
            (top if parent is None else parent.children)._here.append(operation)  # noqa: SLF001 - it is being made
        return top

    @overload
    def __getitem__(self, key: int | str) -> Operation: ...
    @overload
    def __getitem__(self, key: slice) -> Operations: ...
    def __getitem__(self, key: int | str | slice) -> Operation | Operations:
        __tracebackhide__ = True  # pytest shows the line of the test
        if isinstance(key, slice):
            return Operations(self._here[key])
        if isinstance(key, int):
            return self._here[key]
        found = self.named(key)
        if len(found) != 1:
            raise LookupError(self._why_not_one(key, found))
        return found[0]

    def __iter__(self) -> Iterator[Operation]:
        return iter(self._here)

    def __len__(self) -> int:
        return len(self._here)

    def __contains__(self, key: object) -> bool:
        return bool(self.named(key)) if isinstance(key, str) else key in self._here

    def __repr__(self) -> str:
        return f"Operations({[each.title for each in self._here]})"

    def all(self) -> Iterator[Operation]:
        """Yield all operations at any depth, each before those inside it."""
        for operation in self._here:
            yield operation
            yield from operation.children.all()

    def named(self, name: str) -> list[Operation]:
        """Return the operations with a name, or at a path, at any depth."""
        if SEPARATOR in name:
            return [each for each in self.all() if each.path == name]
        return [each for each in self.all() if each.name == name]

    def _why_not_one(self, key: str, found: list[Operation]) -> str:
        if found:
            paths = ", ".join(repr(each.path) for each in found[:5])
            return (
                f"{len(found)} operations are called {key!r}, not one: {paths}; give a path, or "
                f"take them all with named({key!r})"
            )
        known = [each.path if SEPARATOR in key else each.title for each in self.all()]
        near = get_close_matches(key, known, n=3, cutoff=0.5) or list(dict.fromkeys(known))[:10]
        return f"no operation is called {key!r}; there is " + (", ".join(near) or "none at all")


def read_json(text: str | None) -> Any:
    """Return the value of a payload, the text itself if it is not JSON, None if there is none."""
    if text is None:
        return None
    try:
        return json.loads(text)
    except ValueError:
        return text
