"""The executions that are open, in memory, and the transactions that change them."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from .agenda import Agenda
from .errors import (
    CallbackTimeoutError,
    InvalidParameterValueError,
    ResourceConflictError,
    ResourceNotFoundError,
    ServiceFault,
)
from .execution import Execution
from .model import Change, ExecutionRow, FunctionSpec, Progress
from .settings import Settings
from .store import Store
from .tokens import check_callback, read_callback_id
from .transaction import Transaction


class Executions:
    """What is open, what is due, and the way to change it: saved first, then visible.

    All open executions are read when it is made. `lock` must be held by whoever reads.
    """

    def __init__(
        self,
        store: Store,
        settings: Settings,
        new_id: Callable[[], str],
        on_change: Callable[[Sequence[Change]], None] | None,
    ) -> None:
        self.store = store
        self.settings = settings
        self.functions: dict[str, FunctionSpec] = {}
        self.agenda = Agenda()
        self.lock = threading.RLock()
        self._new_id = new_id
        self._on_change = on_change
        self._open: dict[str, Execution] = {}
        following = store.expiring(1)
        self.forget_at = following[0][0] if following else None
        """When the next closed execution is to be forgotten."""
        for arn in store.open_executions():
            execution = self.find(arn)
            if execution is not None:
                self.agenda.adopt(execution)

    @contextmanager
    def transaction(self, now: float) -> Iterator[Transaction]:
        """Hold the lock, and save what was changed when the block ends without an error."""
        with self.lock:
            tx = Transaction(now, self.settings, self.functions, self._new_id, self.find)
            try:
                yield tx
                changes = tx.changes()
                if changes:
                    self.store.save(changes)
            except ServiceFault:
                raise
            except BaseException:
                # What is in memory may be ahead of the store: read it again when it is needed.
                for execution in tx.executions:
                    self._open.pop(execution.start.arn, None)
                raise
            self._adopt(tx, changes)

    def find(self, arn: str) -> Execution | None:
        """Return an open execution, None if it has ended or never was."""
        execution = self._open.get(arn)
        if execution is None:
            row = self.store.execution(arn)
            if row is None or row.progress.closed:
                return None
            execution = Execution(row.start, row.progress.copy(), self.store.operations(arn))
            self._open[arn] = execution
        return execution

    def row(self, arn: str) -> ExecutionRow:
        """Return an execution as it is stored, open or closed; refuse an unknown one."""
        row = self.store.execution(arn)
        if row is None:
            msg = f"Durable execution not found: {arn}"
            raise ResourceNotFoundError(msg)
        return row

    def progress(self, tx: Transaction, arn: str) -> Progress:
        """Return how far an execution has come, open or closed; refuse an unknown one."""
        execution = tx.find(arn)
        return execution.progress if execution is not None else self.row(arn).progress

    def save_closed(self, change: Change) -> None:
        """Save a change of an execution that is not open, and tell of it."""
        self.store.save([change])
        self._expect_to_forget(change.progress)
        if self._on_change is not None:
            self._on_change([change])

    def require_open(self, tx: Transaction, arn: str) -> Execution:
        """Return an execution to be changed; refuse one that has ended."""
        execution = tx.find(arn)
        if execution is None:
            msg = f"The execution is {self.row(arn).progress.status}."
            raise ResourceConflictError(msg)
        return execution

    def running(self, execution: Execution | None, arn: str) -> Execution:
        """Return an execution whose handler may ask; one that is closed has no valid token."""
        if execution is None:
            known = self.store.execution(arn) is not None
            msg = "Invalid checkpoint token" if known else f"Invalid durable execution ARN: {arn}"
            raise InvalidParameterValueError(msg)
        return execution

    @contextmanager
    def callback(
        self, callback_id: str, now: float
    ) -> Iterator[tuple[Transaction, Execution, str]]:
        """Hold a transaction on the execution of a callback, and the id of its operation."""
        arn, id, proof = read_callback_id(callback_id)
        with self.transaction(now) as tx:
            execution = tx.find(arn)
            start = execution.start if execution is not None else self.row(arn).start
            check_callback(start, id, proof)
            if execution is None:
                msg = "The callback's execution has ended."
                raise CallbackTimeoutError(msg)
            yield tx, execution, id

    def _adopt(self, tx: Transaction, changes: Sequence[Change]) -> None:
        for execution, change in zip(tx.executions, changes, strict=True):
            arn = execution.start.arn
            if execution.progress.closed:
                self.agenda.drop(execution)
                self._expect_to_forget(execution.progress)
                self._open.pop(arn, None)
            else:
                self._open[arn] = execution
                self.agenda.update(execution, change.operations, tx.now)
        if self._on_change is not None and changes:
            self._on_change(changes)

    def _expect_to_forget(self, progress: Progress) -> None:
        at = progress.forget_at
        if at is not None and (self.forget_at is None or at < self.forget_at):
            self.forget_at = at
