"""One invocation's view of its execution: token, history, queued updates, and how it ends.

It does no I/O. A runtime takes batches from it, sends them and gives the answers back.
"""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, Protocol

from .batching import Batch, UpdateQueue
from .errors import Abort, ServiceError, Suspension, Unwinding
from .history import History
from .observers import Observers
from .plugins import Plugins
from .protocol import CLOSED_STATUSES, Operation, OperationUpdate
from .quotas import Usage
from .settings import Settings

_NOTHING_SET = Settings()


class Runtime(Protocol):
    """What drives the flows of an execution, as far as scopes need it."""

    def run(self, operation: Any, place: Any, /) -> Any:
        """Drive an operation's flow to its end."""
        ...

    def begin(self, place: Any, /) -> None:
        """Drive the operation at `place` beside the code that runs."""
        ...


class Answer(NamedTuple):
    """What a checkpoint brought: the next token, None if it was withheld, and what changed."""

    token: str | None
    changed: list[Operation]


class Execution:
    """The state that all contexts of one invocation share."""

    def __init__(
        self,
        *,
        arn: str,
        token: str,
        operations: Iterable[Operation],
        plugins: Plugins,
        clock: Callable[[], float],
        settings: Settings = _NOTHING_SET,
        lambda_context: Any = None,
    ) -> None:
        self.arn = arn
        self.token = token
        self.history = History(operations)
        self.queue = UpdateQueue()
        self._usage = Usage(self.history)
        self.plugins = plugins
        self.observers = Observers(arn, plugins, self.history)
        self.clock = clock
        self.settings = settings
        self.lambda_context = lambda_context
        self.runtime: Runtime
        """Set by the runtime that drives its flows."""
        self.ending: Unwinding | None = None
        """Set once the whole invocation must come to its end; every durable call raises it."""
        self.closed = False
        """True after the invocation; its contexts are of no more use."""

    def put(self, update: OperationUpdate | None) -> int:
        """Queue an update, or a refresh, and return its ticket."""
        if update is not None:
            self.observers.starting(update)
        return self.queue.put(update)

    def accept(self, batch: Batch, answer: Answer) -> None:
        """Take in the answer to a request."""
        self._usage.wrote(batch.updates)
        self.observers.take(batch, answer.changed)
        self._usage.check(self.arn)
        self.queue.settle(batch)
        if answer.token is not None:
            self.token = answer.token
            self._check_saved(batch)
        elif not any(update["Type"] == "EXECUTION" for update in batch.updates):
            # The updates were saved, but this invocation may not go on (the execution is paused).
            self.end(Suspension("the service withdrew this invocation's checkpoint token"))

    def end(self, ending: Unwinding) -> Unwinding:
        """End the invocation; the first reason given stays. Returns what to raise."""
        if self.ending is None:
            self.ending = ending
        return self.ending

    def abort(self, reason: BaseException) -> Unwinding:
        """End the invocation because of `reason`. Returns what to raise."""
        return self.end(Abort(reason))

    def _check_saved(self, batch: Batch) -> None:
        """End the invocation if an answer does not report what was written: going on would loop."""
        for update in batch.updates:
            record = self.history.get(update["Id"])
            closing = update["Action"] in ("SUCCEED", "FAIL")
            if record is None or (closing and record["Status"] not in CLOSED_STATUSES):
                found = "nothing" if record is None else f"status {record['Status']}"
                message = (
                    f"the service answered a checkpoint that has {update['Action']} for "
                    f"{update['Type']} {update.get('Name') or update['Id']!r} with {found} of it; "
                    f"execution {self.arn}"
                )
                self.abort(ServiceError(message, code="InvalidAnswer", status=None, retryable=True))
                return
