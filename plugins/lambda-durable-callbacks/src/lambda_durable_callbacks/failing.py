"""The errors of callbacks, as the service keeps them and back.

A callback's own record says by its status why it closed. The context of `wait_for_callback` says
FAILED in every case, and the service leaves out the operations inside a closed context: what is
needed to raise the same error on replay stands in the context's own error. Its type, message and
stack trace are those of the original, which people and tools look for (`Callback.Timeout`). The
rest goes into `ErrorData`, as JSON around the original data:

    {"lambda_durable_callbacks": {"error": "...", "callback_id": "...", "data": "..."}}
"""

import json
from typing import Final, NamedTuple

from lambda_durable.errors import StepError
from lambda_durable.failures import fitted, operation_error
from lambda_durable.protocol import ErrorObject, Limits, Operation
from lambda_durable.scope import Place

from .errors import (
    CallbackError,
    CallbackFailedError,
    CallbackHeartbeatError,
    CallbackSubmitterError,
    CallbackTimeoutError,
)

_KEY: Final = "lambda_durable_callbacks"
_HEARTBEAT: Final = "Callback.Heartbeat"
_TIMEOUT: Final = "Callback.Timeout"
_ROOM: Final = 256
"""Bytes that `fitted` counts besides the texts, and some more."""

_CLASSES: Final[dict[str, type[CallbackError]]] = {
    each.__name__: each
    for each in (
        CallbackFailedError,
        CallbackTimeoutError,
        CallbackHeartbeatError,
        CallbackSubmitterError,
    )
}


class _Envelope(NamedTuple):
    cls: type[CallbackError]
    callback_id: str
    data: str | None


def closed_callback(here: Place, record: Operation, callback_id: str) -> CallbackError:
    """Return the error of a callback that was closed without a result."""
    sent: ErrorObject | None = record.get("CallbackDetails", {}).get("Error")
    error = sent or {}
    cls: type[CallbackError] = CallbackFailedError
    if record["Status"] == "TIMED_OUT":
        is_heartbeat = error.get("ErrorType") == _HEARTBEAT
        cls = CallbackHeartbeatError if is_heartbeat else CallbackTimeoutError
    return _made(cls, here, error, callback_id)


def submitter_failed(error: StepError, callback_id: str) -> CallbackSubmitterError:
    """Return the error of a submitter whose step failed for good."""
    return CallbackSubmitterError(
        name=error.name,
        operation_id=error.operation_id,
        error_type=error.error_type,
        error_message=error.error_message,
        error_data=error.error_data,
        stack_trace=error.stack_trace,
        callback_id=callback_id,
    )


def enveloped(original: CallbackError) -> ErrorObject:
    """Return what the context of a `wait_for_callback` keeps of the error inside.

    It fits what every service accepts: first the stack trace is cut, then the data, then the
    message. The envelope itself always stays.
    """
    error = _as_it_was(original)
    envelope = ""
    for data in (error.get("ErrorData"), None):
        envelope = _envelope(original, data)
        whole = fitted({**error, "ErrorData": envelope})
        if whole.get("ErrorData") == envelope:
            return whole
    error.pop("ErrorData", None)
    shortened = fitted(error, Limits.PORTABLE_ERROR_BYTES - len(envelope) - _ROOM)
    return {**shortened, "ErrorData": envelope}


def failed_context(
    here: Place, kept: ErrorObject | None, original: BaseException | None = None
) -> CallbackError:
    """Return the error of a `wait_for_callback` whose context is closed as FAILED.

    `original`, known on the first run only, lends its traceback.
    """
    kept = kept or {}
    envelope = _opened(kept.get("ErrorData"))
    if envelope is None:  # not written here: the type alone says what it was
        types = {_TIMEOUT: CallbackTimeoutError, _HEARTBEAT: CallbackHeartbeatError}
        return _made(types.get(kept.get("ErrorType", ""), CallbackFailedError), here, kept, "")
    error = kept.copy()
    error.pop("ErrorData", None)
    if envelope.data is not None:
        error["ErrorData"] = envelope.data
    return _made(envelope.cls, here, error, envelope.callback_id, original)


def _made(
    cls: type[CallbackError],
    here: Place,
    error: ErrorObject,
    callback_id: str,
    original: BaseException | None = None,
) -> CallbackError:
    name = here.operation.name
    made = operation_error(cls, error, name=name, operation_id=here.id, original=original)
    made.callback_id = callback_id
    return made


def _as_it_was(error: CallbackError) -> ErrorObject:
    result: ErrorObject = {}
    if error.error_type is not None:
        result["ErrorType"] = error.error_type
    if error.error_message is not None:
        result["ErrorMessage"] = error.error_message
    if error.error_data is not None:
        result["ErrorData"] = error.error_data
    if error.stack_trace:
        result["StackTrace"] = error.stack_trace
    return result


def _envelope(error: CallbackError, data: str | None) -> str:
    members = {"error": type(error).__name__, "callback_id": error.callback_id, "data": data}
    text = json.dumps({_KEY: members}, ensure_ascii=False, separators=(",", ":"))
    # A lone surrogate cannot travel; what replaces it is its escape in JSON.
    return text.encode("utf-8", "backslashreplace").decode()


def _opened(data: str | None) -> _Envelope | None:
    try:
        members = json.loads(data or "")[_KEY]
        return _Envelope(_CLASSES[members["error"]], members["callback_id"], members["data"])
    except (ValueError, TypeError, LookupError):
        return None
