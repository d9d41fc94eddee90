"""A callback: its id is given away, its result comes from outside."""

from collections.abc import Generator
from typing import Any

from lambda_durable.abc import Duration, Serializer
from lambda_durable.checks import checked_name, whole_seconds
from lambda_durable.effects import Checkpoint, Suspend
from lambda_durable.errors import InvalidInputError, ServiceError
from lambda_durable.payloads import Codec, load
from lambda_durable.protocol import (
    CLOSED_STATUSES,
    Limits,
    Operation,
    OperationSubType,
    OperationType,
    epoch_seconds,
)
from lambda_durable.scope import Place

from .failing import closed_callback
from .results import result_codec


class CreateCallback:
    """Opens a callback at the service; its result is the callback, whatever becomes of that."""

    type = OperationType.CALLBACK
    subtype = OperationSubType.CALLBACK

    def __init__(
        self,
        name: str | None = None,
        *,
        timeout: Duration | None = None,
        heartbeat_timeout: Duration | None = None,
        result_type: Any = None,
        serializer: Serializer | str | None = None,
    ) -> None:
        self.name = checked_name(name)
        self.timeout = _seconds(timeout, "timeout")
        self.heartbeat_timeout = _seconds(heartbeat_timeout, "heartbeat_timeout")
        if self.timeout is not None and (self.heartbeat_timeout or 0) > self.timeout:
            raise InvalidInputError(
                f"heartbeat_timeout={heartbeat_timeout!r} is longer than timeout={timeout!r}, so "
                "it would never be noticed; make it shorter, or leave it out"
            )
        self.result_type = result_type
        self.serializer = serializer

    async def flow(self, here: Place, /) -> "CreatedCallback":
        """Open the callback unless it exists, and return it."""
        codec = result_codec(here, self.serializer, self.result_type)  # a wrong name is told now
        record = here.record
        if record is None:
            record = await Checkpoint(here.update("START", self._members()))
        awaiting = AwaitCallback(self, codec, _callback_id(here, record))
        return CreatedCallback(here.apart(awaiting), awaiting)

    def _members(self) -> dict[str, Any]:
        options = {}
        if self.timeout is not None:
            options["TimeoutSeconds"] = self.timeout
        if self.heartbeat_timeout is not None:
            options["HeartbeatTimeoutSeconds"] = self.heartbeat_timeout
        return {"CallbackOptions": options}


class AwaitCallback:
    """Waits at the place of a callback that was opened; it writes nothing."""

    type = OperationType.CALLBACK
    subtype = OperationSubType.CALLBACK

    def __init__(self, created: CreateCallback, codec: Codec, callback_id: str) -> None:
        self.name = created.name
        self.callback_id = callback_id
        self._timeout = created.timeout
        self._codec = codec

    async def flow(self, here: Place, /) -> Any:
        """Return the result that the other side sent, or raise why there is none."""
        return await load(here, self._codec, await self.text(here))

    async def text(self, here: Place) -> str | None:
        """Return the result as the text that was sent, None if nothing was."""
        record = here.record
        if record is None or record["Status"] not in CLOSED_STATUSES:
            return await Suspend(self._times_out_at(record), on=here.id)
        if record["Status"] == "SUCCEEDED":
            sent: str | None = (record.get("CallbackDetails") or {}).get("Result")
            return sent
        raise closed_callback(here, record, self.callback_id)

    def _times_out_at(self, record: Operation | None) -> float | None:
        # Worth a look then, if the invocation still goes on for the sake of something else.
        started = epoch_seconds(record.get("StartTimestamp")) if record else None
        return started + self._timeout if started is not None and self._timeout else None


class CreatedCallback:
    """What `ctx.create_callback` returns, in both flavours; see `lambda_durable.vocabulary`."""

    __slots__ = ("awaiting", "place")

    def __init__(self, place: Place, awaiting: AwaitCallback) -> None:
        self.place = place
        """Where the callback is awaited; the combinators of futures look for it."""
        self.awaiting = awaiting

    @property
    def callback_id(self) -> str:
        """The id under which the other side completes it; the same in every invocation."""
        return self.awaiting.callback_id

    def result(self) -> Any:
        """Wait, without using compute, and return the result or raise a CallbackError."""
        return self.place.await_with(self.awaiting)

    def __await__(self) -> Generator[Any, Any, Any]:
        """Wait for the result, in an `async def` handler."""
        result: Generator[Any, Any, Any] = self.result().__await__()
        return result

    def __repr__(self) -> str:
        """Return the name and the id."""
        return f"<callback {self.awaiting.name!r} {self.callback_id}>"


def _seconds(value: Duration | None, what: str) -> int | None:
    if value is None:
        return None
    what = f"the {what} of a callback (leave it out for none)"
    return whole_seconds(value, what, maximum=Limits.CALLBACK_SECONDS)


def _callback_id(here: Place, record: Operation | None) -> str:
    id = (record.get("CallbackDetails") or {}).get("CallbackId") if record else None
    if not isinstance(id, str) or not id:
        raise here.execution.abort(
            ServiceError(
                f"the service reports the callback {here.path!r} without an id; execution "
                f"{here.execution.arn}",
                code="InvalidAnswer",
                status=None,
                retryable=True,
            )
        )
    return id
