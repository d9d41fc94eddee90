"""Invocations of plain functions that nobody waits for: kept until they were made.

As Lambda does, one that fails is made again, twice at most, a minute and two minutes later. What
was being made when the service went down is made again when it starts.
"""

import json
import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from lambda_durable_kernel import Errored, Invocation, Outcome

from ..store.opening import open_database, readable_errors

_log = logging.getLogger(__name__)

_ATTEMPTS: Final = 3
_DELAY_SECONDS: Final = 60.0
_BUSY_SECONDS: Final = 60.0
"""How long it waits for the executions' own connection, which has the precedence."""


@dataclass(frozen=True, slots=True)
class Call:
    """An invocation to make at `due_at`, for the first time or again."""

    made: dict[str, Any]
    """The invocation's members."""
    due_at: float
    failures: int = 0

    @property
    def id(self) -> str:
        """The invocation's id, the same for each attempt."""
        return str(self.made["id"])

    def invocation(self, now: float) -> Invocation:
        """Return the invocation, its time beginning now."""
        asked = Invocation(**self.made)
        return replace(asked, started_at=now, deadline=now + asked.deadline - asked.started_at)


class Calls:
    """The invocations in a store's file; any thread may call any method."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection = open_database(path, read_only=False, busy_seconds=_BUSY_SECONDS)
        self._lock = threading.Lock()
        with self._lock, self._readable():
            rows = self._connection.execute("SELECT body FROM calls").fetchall()
        calls = [Call(**json.loads(body)) for (body,) in rows]
        self._waiting = {call.id: call for call in sorted(calls, key=lambda call: call.due_at)}

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    def add(self, invocation: Invocation) -> None:
        """Keep an invocation, to be made at once."""
        call = Call(asdict(invocation), invocation.started_at)
        with self._lock:
            self._write(call)
            self._waiting[call.id] = call

    def take(self, now: float, is_free: Callable[[str], bool]) -> Call | None:
        """Return the first call that is due, and whose function is free to run it."""
        with self._lock:
            for call in self._waiting.values():
                if call.due_at <= now and is_free(call.made["function"]):
                    return self._waiting.pop(call.id)
        return None

    def next_after(self, now: float) -> float | None:
        """Return when the next call becomes due that is not due now."""
        with self._lock:
            later = (call.due_at for call in self._waiting.values() if call.due_at > now)
            return min(later, default=None)

    def settle(self, call: Call, outcome: Outcome, now: float) -> None:
        """Forget a call that was made, or keep it for the next attempt."""
        failures = call.failures + 1
        with self._lock:
            if isinstance(outcome, Errored) and failures < _ATTEMPTS:
                again = Call(call.made, now + failures * _DELAY_SECONDS, failures)
                self._write(again)
                self._waiting[again.id] = again
                return
            with self._readable():
                self._connection.execute("DELETE FROM calls WHERE id = ?", (call.id,))
        if isinstance(outcome, Errored):
            _log.warning(
                "function %r failed %d times in an invocation that nobody waits for: %s",
                call.made["function"],
                failures,
                outcome.error.get("ErrorMessage"),
            )

    def _write(self, call: Call) -> None:
        with self._readable():
            self._connection.execute(
                "INSERT OR REPLACE INTO calls VALUES (?, ?)", (call.id, json.dumps(asdict(call)))
            )

    def _readable(self) -> AbstractContextManager[None]:
        return readable_errors(self._path)
