"""An execution of a deployed function, watched from outside."""

from datetime import timedelta
from typing import Any

from lambda_durable.abc import Duration
from lambda_durable.errors import InvalidInputError
from lambda_durable.protocol import CLOSED_STATUSES

from ..errors import ExecutionBlockedError
from ..listening import LISTENER
from ..operations import Failure, Operation, Operations
from ..recorded.recording import Event, history_of, plain
from ..recorded.states import rebuilt
from ..results import Result
from ..sending import json_text
from ..spans import seconds
from ..started import callback_names, error_object
from .logs import LogSource
from .patience import Patience


class CloudExecution:
    """An execution that was started; made by `CloudRunner.start`."""

    def __init__(
        self,
        client: Any,
        arn: str,
        patience: Patience,
        logs: LogSource | None = None,
        name: str = "",
    ) -> None:
        self._client = client
        self._patience = patience
        self._logs = logs
        self.arn = arn
        self.name = name
        """The name of the function."""
        listener = LISTENER.get()
        if listener is not None:
            listener.started(self)

    @property
    def operations(self) -> Operations:
        """The operations as they are now, also those inside contexts that have ended."""
        return _operations(history_of(self._client, self.arn))

    @property
    def is_closed(self) -> bool:
        """Whether the execution has ended."""
        return self._described(with_data=False)["Status"] in CLOSED_STATUSES

    def result(self) -> Result:
        """Return the execution as it is now."""
        description = self._described(with_data=True)
        history = history_of(self._client, self.arn)
        started, ended = description["StartTimestamp"], description.get("EndTimestamp")
        return Result(
            arn=self.arn,
            status=description["Status"],
            payload=description.get("Result"),
            error=Failure.read(description.get("Error")),
            invocations=sum(each["EventType"] == "InvocationCompleted" for each in history),
            duration=None if ended is None else timedelta(milliseconds=ended - started),
            operations=_operations(history),
            history=history,
            logs=() if self._logs is None else tuple(self._logs.records(self.arn, started / 1000)),
        )

    def advance(self, duration: Duration = 0.0) -> None:
        """Let real time pass, and then the invocation that runs come to its end.

        Refuses a time that is longer than the runner's patience: nobody can move AWS's clock.
        """
        __tracebackhide__ = True  # pytest shows the line of the test
        span = seconds(duration)
        if span > self._patience.seconds:
            raise InvalidInputError(
                f"advance({duration!r}) would wait for {span:g} real seconds, longer than "
                f"patience={self._patience.seconds:g}; test that with the local runner, or give "
                "the function shorter waits"
            )
        for left in self._patience.looks(span):
            if left <= 0 or self.is_closed:
                break
        for _ in self._patience.looks():
            if self._rests():
                return
        raise ExecutionBlockedError(f"an invocation does not end\n\n{self.result()}")

    def callback(self, name: str | None = None) -> "CloudCallback":
        """Wait until a callback of that name is open, and return it.

        Without a name, the only one that is open. A LookupError shows the operations if the
        execution ends before, or if it takes longer than the runner's patience.
        """
        __tracebackhide__ = True  # pytest shows the line of the test
        for left in self._patience.looks():
            closed = self.is_closed
            found = self._open_callbacks(name)
            if len(found) == 1:
                return CloudCallback(self._client, found[0])
            if found or closed or left <= 0:
                raise LookupError(self._why_no_callback(name, found, closed=closed))
        raise AssertionError("the last look is at the end of the time")

    def finish(self) -> Result:
        """Wait for the end; ExecutionBlockedError if it takes longer than the runner's patience."""
        __tracebackhide__ = True  # pytest shows the line of the test
        for _ in self._patience.looks():
            if self.is_closed:
                return self.result()
        raise ExecutionBlockedError(
            f"the execution has not ended after {self._patience.seconds:g} s\n\n{self.result()}"
        )

    def stop(self, error: BaseException | str | None = None) -> None:
        """Stop the execution, as StopDurableExecution does."""
        told = {} if error is None else {"Error": error_object(error)}
        self._client.stop_durable_execution(DurableExecutionArn=self.arn, **told)

    def _described(self, *, with_data: bool) -> dict[str, Any]:
        answer = self._client.get_durable_execution(
            DurableExecutionArn=self.arn, IncludeExecutionData=with_data
        )
        described: dict[str, Any] = plain(answer)
        return described

    def _rests(self) -> bool:
        """Return whether no invocation runs, as far as the history shows."""
        last = self._client.get_durable_execution_history(
            DurableExecutionArn=self.arn, IncludeExecutionData=False, ReverseOrder=True, MaxItems=1
        )["Events"][0]
        return str(last["EventType"]) == "InvocationCompleted" or self.is_closed

    def _open_callbacks(self, name: str | None) -> list[Operation]:
        return [
            each
            for each in self.operations.all()
            if each.type == "CALLBACK"
            and each.status == "STARTED"
            and (name is None or name in callback_names(each))
        ]

    def _why_no_callback(self, name: str | None, found: list[Operation], *, closed: bool) -> str:
        called = "" if name is None else f" called {name!r}"
        if found:
            paths = ", ".join(repr(each.path) for each in found)
            return f"{len(found)} callbacks{called} are open, not one: {paths}; give a name or path"
        waited = f"has gone on for {self._patience.seconds:g} s"
        state = "has ended" if closed else waited
        return f"the execution {state} and has no open callback{called}\n\n{self.result()}"


class CloudCallback:
    """An open callback, completed through the API."""

    def __init__(self, client: Any, operation: Operation) -> None:
        assert operation.callback_id is not None, "a callback has an id"
        self._client = client
        self.name: str | None = operation.name
        self.id: str = operation.callback_id
        """The id that the handler gives away."""

    def succeed(self, value: object = None, *, payload: str | None = None) -> None:
        """Complete it with a value, sent as JSON, or with a payload that is sent as it is."""
        __tracebackhide__ = True  # pytest shows the line of the test
        if payload is not None and value is not None:
            raise InvalidInputError("a callback is completed with a value or a payload, not both")
        text = json_text("a result of a callback", value) if payload is None else payload
        self._client.send_durable_execution_callback_success(
            CallbackId=self.id, Result=text.encode()
        )

    def fail(self, error: BaseException | str, *, type: str | None = None) -> None:
        """Complete it with a failure: an exception, or a message and the type it is to have."""
        told = error_object(error)
        if type is not None:
            told["ErrorType"] = type
        self._client.send_durable_execution_callback_failure(CallbackId=self.id, Error=told)

    def heartbeat(self) -> None:
        """Start its heartbeat time-out anew."""
        self._client.send_durable_execution_callback_heartbeat(CallbackId=self.id)


def _operations(history: list[Event]) -> Operations:
    return Operations.tree(rebuilt(history).values())
