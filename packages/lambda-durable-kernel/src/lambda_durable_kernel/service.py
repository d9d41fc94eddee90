"""The service: what can be asked of it, each request one transaction on the store.

It does no I/O but the store's, never waits and never looks at a clock: every request says what
time it is. Whoever drives it asks `due` for the invocations to make, tells it with `begin` and
`finish` that they were made, and comes back at `next_event_at` at the latest.
"""

import uuid
from collections.abc import Callable, Collection, Sequence
from itertools import islice
from typing import Any

from lambda_durable.protocol import (
    CheckpointResponse,
    ErrorObject,
    ExecutionStatus,
    Operation,
    OperationUpdate,
    StatePage,
)

from . import (
    callbacks,
    closing,
    driving,
    invocations,
    paging,
    pauses,
    queries,
    retention,
    starts,
)
from .checkpoint import checkpoint
from .errors import InvalidParameterValueError
from .executions import Executions
from .model import Change, Event, ExecutionQuery, FunctionSpec, Invocation, milliseconds
from .names import find_function
from .outcomes import Outcome
from .queue import Task
from .settings import Settings
from .store import MemoryStore, Store


class DurableService:
    """Durable executions on a store; any thread may call any method.

    Times are seconds since 1970. A request that is refused raises a `ServiceFault` and changes
    nothing; one that is answered is in the store. All open executions are read when it is made.
    `on_change` is told of every change after it was saved; it must not call the service.
    """

    def __init__(
        self,
        store: Store | None = None,
        settings: Settings | None = None,
        *,
        new_id: Callable[[], str] = lambda: str(uuid.uuid4()),
        on_change: Callable[[Sequence[Change]], None] | None = None,
    ) -> None:
        self.store: Store = store if store is not None else MemoryStore()
        self.settings = settings if settings is not None else Settings()
        self._executions = Executions(self.store, self.settings, new_id, on_change)
        self._agenda = self._executions.agenda
        self._lock = self._executions.lock
        self._transaction = self._executions.transaction

    # Functions and executions

    def register(self, function: FunctionSpec) -> None:
        """Make a function known, or known anew; executions keep what they started with."""
        with self._lock:
            self._executions.functions[function.name] = function

    def function(self, name: str, qualifier: str | None = None) -> FunctionSpec:
        """Return the function and version that a name or ARN means; refuse an unknown one."""
        with self._lock:
            return find_function(self._executions.functions, self.settings, name, qualifier)

    def start(
        self,
        function: str,
        payload: str | None = None,
        *,
        now: float,
        qualifier: str | None = None,
        name: str | None = None,
        tenant_id: str | None = None,
        trace_header: str | None = None,
    ) -> str:
        """Start an execution of a durable function and return its ARN.

        The payload is JSON text. A name that was used for the same function and payload gives
        the execution that it started; with another payload it is refused.
        """
        with self._transaction(now) as tx:
            payload = "{}" if payload is None else payload
            spec = starts.check(tx, function, qualifier, payload, name)
            if name is not None:
                known = self.store.find(spec.name, name)
                if known is not None:
                    return starts.same(self._executions.row(known), payload)
            execution = starts.start(
                tx, spec, payload, name=name, tenant_id=tenant_id, trace_header=trace_header
            )
            return execution.start.arn

    def stop(self, arn: str, *, now: float, error: ErrorObject | None = None) -> dict[str, Any]:
        """End an open execution as STOPPED; return what StopDurableExecution answers."""
        with self._transaction(now) as tx:
            execution = tx.find(arn)
            if execution is not None:
                closing.stop(tx, execution, error)
                return {"StopTimestamp": milliseconds(now)}
            progress = self._executions.row(arn).progress
            if progress.status == ExecutionStatus.STOPPED and progress.ended_at is not None:
                return {"StopTimestamp": milliseconds(progress.ended_at)}
            msg = f"Cannot stop an execution that is {progress.status}."
            raise InvalidParameterValueError(msg)

    def pause(
        self,
        arn: str,
        *,
        now: float,
        reason: str | None = None,
        timeout_paused: bool = True,
        client_token: str | None = None,
    ) -> None:
        """Make no further invocations; one that runs ends at its next checkpoint.

        With the client token of a pause that was answered, nothing happens; so for `resume`.
        """
        with self._transaction(now) as tx:
            if not pauses.was_paused(self._executions.progress(tx, arn), client_token, now):
                execution = self._executions.require_open(tx, arn)
                pauses.pause(
                    tx, execution, reason, timeout_paused=timeout_paused, client_token=client_token
                )

    def resume(
        self, arn: str, *, now: float, reason: str | None = None, client_token: str | None = None
    ) -> None:
        """End a pause."""
        with self._transaction(now) as tx:
            if not pauses.was_resumed(self._executions.progress(tx, arn), client_token, now):
                pauses.resume(tx, self._executions.require_open(tx, arn), reason, client_token)

    def delete(self, arn: str, *, now: float) -> dict[str, Any]:
        """Have a closed execution forgotten; return what DeleteDurableExecution answers.

        It is DELETING until the service next advances.
        """
        with self._lock:
            return retention.delete(self._executions, arn, now)

    # What a running handler calls

    def checkpoint(
        self,
        arn: str,
        token: str,
        updates: Sequence[OperationUpdate],
        *,
        now: float,
        client_token: str | None = None,
    ) -> CheckpointResponse:
        """Save the updates, all or none, and answer with what the handler has not seen."""
        with self._transaction(now) as tx:
            execution = self._executions.running(tx.find(arn), arn)
            return checkpoint(tx, execution, token, updates, client_token)

    def get_state(
        self, arn: str, token: str, marker: str = "", *, max_items: int | None = None
    ) -> StatePage:
        """Return the operations from a marker on, without those no handler needs."""
        with self._lock:
            execution = self._executions.running(self._executions.find(arn), arn)
            invocations.check_token(execution, token)
            limit = queries.page_limit(max_items)
            return paging.state(execution, marker, self.settings.quotas, limit)

    # Callbacks

    def succeed_callback(self, callback_id: str, result: str | None, *, now: float) -> None:
        """Complete a callback with a result, the text as it was sent."""
        with self._executions.callback(callback_id, now) as (tx, execution, id):
            callbacks.succeed(tx, execution, id, result)

    def fail_callback(self, callback_id: str, error: ErrorObject | None, *, now: float) -> None:
        """Complete a callback with an error."""
        with self._executions.callback(callback_id, now) as (tx, execution, id):
            callbacks.fail(tx, execution, id, error)

    def heartbeat_callback(self, callback_id: str, *, now: float) -> None:
        """Start a callback's heartbeat time-out anew."""
        with self._executions.callback(callback_id, now) as (tx, execution, id):
            callbacks.heartbeat(tx, execution, id)

    # What the driver calls

    def due(
        self, now: float, limit: int | None = None, *, busy: Collection[str] = ()
    ) -> list[Task]:
        """Fire due timers and return the invocations to make now, the longest due first.

        Those of functions that are `busy` are left out, and stay due.
        """
        with self._lock:
            self.advance(now)
            return list(islice(self._agenda.ready.without(busy), limit))

    def begin(self, task: Task, *, now: float) -> Invocation | None:
        """Return the invocation to make for a task, None if it is no longer due."""
        with self._lock:
            return driving.begin(self._executions, task, now)

    def finish(self, invocation_id: str, outcome: Outcome, *, now: float) -> bool:
        """End an invocation; False if nobody waits for it any more."""
        with self._lock:
            return driving.finish(self._executions, invocation_id, outcome, now)

    def recover(self, now: float) -> int:
        """Give up all invocations that run, to be made again; return how many there were.

        To be called after a start on a used store, when the functions' processes are gone.
        """
        with self._lock:
            return driving.recover(self._executions, now)

    def next_event_at(self) -> float | None:
        """Return when the next timer is due, None if there is none."""
        with self._lock:
            return self._agenda.alarms.next_at()

    def next_forgotten_at(self) -> float | None:
        """Return when the next closed execution is to be forgotten, None if there is none."""
        with self._lock:
            return self._executions.forget_at

    def advance(self, now: float) -> None:
        """Fire the timers that are due, and forget some of what was kept long enough.

        While `next_forgotten_at` is over, there is more to forget.
        """
        with self._lock:
            driving.advance(self._executions, now)

    # Questions

    def describe(self, arn: str, *, include_data: bool = True) -> dict[str, Any]:
        """Return what GetDurableExecution answers; timestamps are milliseconds."""
        with self._lock:
            return queries.describe(self._executions.row(arn), include_data=include_data)

    def operations(self, arn: str) -> list[Operation]:
        """Return all operations in start order, also those that no handler needs any more."""
        with self._lock:
            self._executions.row(arn)
            return [operation.record for operation in self.store.operations(arn)]

    def events(self, arn: str) -> list[Event]:
        """Return the whole history, oldest first."""
        with self._lock:
            self._executions.row(arn)
            return list(self.store.events(arn, 0, None, reverse=False))

    def history(
        self,
        arn: str,
        *,
        include_data: bool = True,
        reverse: bool = False,
        marker: str | None = None,
        max_items: int | None = None,
    ) -> dict[str, Any]:
        """Return what GetDurableExecutionHistory answers; timestamps are milliseconds."""
        with self._lock:
            self._executions.row(arn)
            return queries.history_page(
                self.store,
                arn,
                include_data=include_data,
                reverse=reverse,
                marker=marker,
                max_items=max_items,
            )

    def list(self, query: ExecutionQuery, marker: str | None = None) -> dict[str, Any]:
        """Return what ListDurableExecutionsByFunction answers; timestamps are milliseconds."""
        with self._lock:
            return queries.list_page(self.store, query, marker)
