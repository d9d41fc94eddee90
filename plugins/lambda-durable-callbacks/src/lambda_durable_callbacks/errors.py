"""What can go wrong with a callback: in the handler that awaits it, and for who completes it."""

from typing import Any

from lambda_durable.errors import OperationError, ServiceError


class CallbackError(OperationError):
    """A callback brought no result; the same on its first run and on replay.

    `callback_id` is the id that the other side was given. `error_type`, `error_message`,
    `error_data` and `stack_trace` are what the service keeps: of a failure, what was sent.
    """

    what = "callback"

    def __init__(
        self, message: str | None = None, *, callback_id: str = "", **details: Any
    ) -> None:
        super().__init__(message, **details)
        self.callback_id = callback_id


class CallbackFailedError(CallbackError):
    """The other side completed the callback with a failure."""


class CallbackTimeoutError(CallbackError):
    """Nobody completed the callback within its `timeout`."""


class CallbackHeartbeatError(CallbackError):
    """The other side was silent for longer than the callback's `heartbeat_timeout`."""


class CallbackSubmitterError(CallbackError):
    """The submitter of `wait_for_callback` failed for good, so nobody may know of the callback.

    Its exception is the `cause`, where its class is known here and can be made from its message.
    """

    what = "submitter of callback"


class CallbackClosedError(ServiceError):
    """A callback cannot be completed or kept alive any more.

    It was completed before or has timed out, or its execution has ended.
    """


class CallbackNotFoundError(ServiceError):
    """There is no callback with this id at the service that was asked."""
