"""Every error that Lambda Durable raises, under one root: `DurableError`."""

from typing import Any


class DurableError(Exception):
    """The root of all errors of Lambda Durable; catch it to catch them all."""


class InvalidInputError(DurableError, ValueError):
    """An argument breaks a rule; the message names the value, the rule and the way out."""


class MisuseError(DurableError):
    """A durable call was made where none is possible; the message says what to do instead."""


class NotDurableError(DurableError):
    """The handler was called with an ordinary event, or with a malformed durable one."""


class UnknownNameError(DurableError, LookupError):
    """A retry strategy, wait strategy or serializer is asked for by a name nobody registered."""


class PluginError(DurableError):
    """A plugin broke its contract: a duplicate name, a wrong type, or an exception of its own."""


class MissingPluginError(DurableError):
    """A word of the context needs a plugin that is not installed; the message names it."""


class SerializationError(DurableError):
    """A value could not be turned into a payload, or a payload into a value.

    With `retryable=True` the invocation fails and the service tries it again (a serializer that
    does I/O and could not reach its store); otherwise the operation fails for good.
    """

    def __init__(self, message: str, *, retryable: bool = False) -> None:
        super().__init__(message)
        self.retryable = retryable


class PayloadTooLargeError(DurableError):
    """A payload is larger than the service takes; nothing was sent."""


class NonDeterminismError(DurableError):
    """The code does not repeat what the history says it did; this ends the execution as FAILED."""


class ServiceError(DurableError):
    """A call to the service failed.

    `code` is the service's error name (`TooManyRequestsException`), `status` the HTTP status or
    None when there was no answer. `retryable` says whether failing the invocation, so that the
    service invokes again, can help.
    """

    def __init__(self, message: str, *, code: str, status: int | None, retryable: bool) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.retryable = retryable


class OperationError(DurableError):
    """An operation ended badly; first run and replay raise the same.

    `error_type`, `error_message`, `error_data` and `stack_trace` are what the service keeps.
    `cause` is the original exception: itself when the class is known here and can be made from
    its message, else None.
    """

    what = "operation"

    def __init__(
        self,
        message: str | None = None,
        *,
        name: str | None = None,
        operation_id: str | None = None,
        error_type: str | None = None,
        error_message: str | None = None,
        error_data: str | None = None,
        stack_trace: list[str] | None = None,
    ) -> None:
        if message is None:
            title = f"{self.what} {name!r}" if name else self.what
            own = error_type is None or error_type.startswith("lambda_durable.")
            reason = error_message if own else f"{error_type}: {error_message}"
            message = f"{title} failed: {reason or 'no reason was given'}"
        super().__init__(message)
        self.name = name
        self.operation_id = operation_id
        self.error_type = error_type
        self.error_message = error_message
        self.error_data = error_data
        self.stack_trace = stack_trace or []

    @property
    def cause(self) -> BaseException | None:
        """The original exception, restored on replay, where that is possible."""
        return self.__cause__


class StepError(OperationError):
    """A step failed and is not, or no longer, retried."""

    what = "step"


class StepInterruptedError(StepError):
    """An at-most-once step began and its invocation ended before the outcome was recorded.

    Whether the body took effect is unknown. It is handed to the retry strategy like any error.
    """


class ChildContextError(OperationError):
    """The function of a child context raised."""

    what = "child context"


class InvokeError(OperationError):
    """An invoked function failed, or could not be invoked."""

    what = "invoke"


class InvokeTimeoutError(InvokeError):
    """An invoked function did not finish in its time."""


class InvokeStoppedError(InvokeError):
    """The execution of an invoked durable function was stopped."""


class ConditionNotMetError(OperationError):
    """A condition was given up, or its check raised; `state` is the last state that was seen.

    It is kept with the error, for which services have room for 32 KiB: a larger one is None here.
    """

    what = "condition"

    def __init__(self, message: str | None = None, *, state: Any = None, **details: Any) -> None:
        super().__init__(message, **details)
        self.state = state


class Unwinding(BaseException):
    """What ends an invocation early; not an error, never to be caught.

    It is no `Exception`, so `except Exception` lets it pass. Code that catches `BaseException`
    changes nothing: every later durable call of the branch raises it again, and what the handler
    then returns is not taken as the execution's result.
    """


class Suspension(Unwinding):
    """The branch waits for something that is not here yet; the execution resumes by replay."""


class Abort(Unwinding):
    """The invocation cannot go on; `reason` decides what the service is told."""

    def __init__(self, reason: BaseException) -> None:
        super().__init__(str(reason))
        self.reason = reason
