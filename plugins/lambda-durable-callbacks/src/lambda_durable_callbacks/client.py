"""Completes callbacks from any program: a web server, a worker, another function."""

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from lambda_durable.abc import Serializer, Where
from lambda_durable.defaults import PLAIN_JSON
from lambda_durable.errors import InvalidInputError, PayloadTooLargeError, ServiceError
from lambda_durable.failures import error_object
from lambda_durable.protocol import ErrorObject, Limits

from .errors import CallbackClosedError, CallbackNotFoundError

if TYPE_CHECKING:
    from lambda_durable.clients.connection import LambdaClient
    from lambda_durable.clients.translation import Failure

_CALLBACK_ID: Final = re.compile(r"[A-Za-z0-9+/]+={0,2}")

_CLOSED: Final = (
    "the callback was completed before or has timed out, or its execution has ended, so nothing "
    "was changed"
)
_ERRORS: Final[dict[str, tuple[type[ServiceError], str]]] = {
    "CallbackTimeoutException": (CallbackClosedError, _CLOSED),
    "ResourceNotFoundException": (
        CallbackNotFoundError,
        "check the id, and that endpoint and region are those of the execution",
    ),
}
_ANSWER_LOST: Final = " by this call; an earlier attempt, whose answer was lost, may have done it"


class CallbackClient:
    """Completes callbacks, and keeps them alive, at the service of a region or at an endpoint.

    Cheap to make and safe to share between threads; boto3 is imported in the first call. Without
    `endpoint_url` and `region` boto3 finds them (AWS_ENDPOINT_URL_LAMBDA, AWS_DEFAULT_REGION).
    Time-outs are seconds for one attempt; a call is tried up to `attempts` times where that can
    help. The calls block: in a coroutine, `await asyncio.to_thread(client.succeed, id, value)`.

    Each call raises CallbackClosedError if the callback was completed before or has timed out, or
    if its execution has ended, CallbackNotFoundError if there is none with that id, and
    ServiceError for anything else; its `code`, `status` and `retryable` say what it was and whether
    trying again can help.
    """

    def __init__(
        self,
        *,
        endpoint_url: str | None = None,
        region: str | None = None,
        connect_timeout: float = 5,
        read_timeout: float = 50,
        attempts: int = 4,
    ) -> None:
        self._settings = (endpoint_url, region, connect_timeout, read_timeout, attempts)

    def succeed(
        self, callback_id: str, value: Any = None, *, serializer: Serializer | str | None = None
    ) -> None:
        """Complete a callback with a result, which the handler gets; None is sent as nothing.

        The payload is plain JSON, or what `serializer` writes: an object, or the name of one that
        an installed plugin registers (`text` for a string as it is). It takes 1 MiB at most
        (PayloadTooLargeError). What cannot be written is a SerializationError.
        """
        parameters: dict[str, Any] = {"CallbackId": _checked(callback_id)}
        if value is not None or serializer is not None:
            payload = _encoded(_payload(callback_id, value, serializer), "a result")
            _check_size(len(payload), "result", callback_id)
            parameters["Result"] = payload
        self._call(
            "SendDurableExecutionCallbackSuccess",
            callback_id,
            lambda client: client.send_durable_execution_callback_success(**parameters),
        )

    def fail(
        self,
        callback_id: str,
        error: BaseException | str | None = None,
        *,
        type: str | None = None,
        data: str | None = None,
        stack: Sequence[str] | None = None,
    ) -> None:
        """Complete a callback with a failure: the handler gets a CallbackFailedError.

        `error` is a message, or an exception whose type, message and stack trace are sent. `type`,
        `data` and `stack` come in addition or instead. All of it takes 1 MiB at most
        (PayloadTooLargeError).
        """
        parameters = {
            "CallbackId": _checked(callback_id),
            "Error": _error(callback_id, error, type, data, stack),
        }
        self._call(
            "SendDurableExecutionCallbackFailure",
            callback_id,
            lambda client: client.send_durable_execution_callback_failure(**parameters),
        )

    def heartbeat(self, callback_id: str) -> None:
        """Start the callback's `heartbeat_timeout` anew; its `timeout` goes on."""
        parameters = {"CallbackId": _checked(callback_id)}
        self._call(
            "SendDurableExecutionCallbackHeartbeat",
            callback_id,
            lambda client: client.send_durable_execution_callback_heartbeat(**parameters),
        )

    def _call(self, call: str, callback_id: str, send: "Callable[[LambdaClient], Any]") -> None:
        # boto3's neighbours: whoever only imports the errors does not need them
        from lambda_durable.clients.connection import Settings, lambda_client
        from lambda_durable.clients.translation import failure

        try:
            send(lambda_client(Settings(*self._settings)))
        except Exception as error:
            found = failure(error)
            cls, advice = _ERRORS.get(found.code, (ServiceError, _advice(found)))
            if cls is CallbackClosedError and found.attempts > 1:
                advice += _ANSWER_LOST
            raise cls(
                f"{call} failed on callback {callback_id}: {found.reason}; {advice}",
                code=found.code,
                status=found.status,
                retryable=found.retryable,
            ) from error


def _advice(found: "Failure") -> str:
    return "try again later" if found.retryable else "trying again does not help"


def _checked(callback_id: Any) -> str:
    if not isinstance(callback_id, str):
        raise InvalidInputError(
            f"callback_id must be a string, not {callback_id!r:.80}; pass callback.callback_id, or "
            "what the submitter was given"
        )
    known = _CALLBACK_ID.fullmatch(callback_id)
    if not known or len(callback_id) > Limits.CALLBACK_ID_LENGTH:
        raise InvalidInputError(
            f"callback_id {callback_id!r:.80} is none of the service's: they have 1 to "
            f"{Limits.CALLBACK_ID_LENGTH} letters, digits, + and /, and end in = at most; was it "
            "changed, or left percent-encoded, on its way through a URL?"
        )
    return callback_id


def _payload(callback_id: str, value: Any, serializer: Serializer | str | None) -> str:
    chosen = PLAIN_JSON if serializer is None else serializer
    if isinstance(chosen, str):
        from lambda_durable.plugins import Plugins  # with pluggy; only names need it

        chosen = Plugins().serializer(chosen)
    if not hasattr(chosen, "dumps"):
        raise InvalidInputError(
            f"serializer must be a name or an object with dumps and loads, not {chosen!r:.80}"
        )
    for_type = getattr(chosen, "for_type", None)
    if for_type is not None:
        chosen = for_type(type(value))
    text: str = chosen.dumps(value, Where("", callback_id))
    return text


def _error(
    callback_id: str,
    error: BaseException | str | None,
    type: str | None,
    data: str | None,
    stack: Sequence[str] | None,
) -> ErrorObject:
    result: ErrorObject = {}
    if isinstance(error, BaseException):
        result = error_object(error)
    elif error is not None:
        result["ErrorMessage"] = error
    if type is not None:
        result["ErrorType"] = type
    if data is not None:
        result["ErrorData"] = data
    if stack is not None:
        result["StackTrace"] = [stack] if isinstance(stack, str) else list(stack)
    texts = [result.get(key) for key in ("ErrorMessage", "ErrorType", "ErrorData")]
    texts += result.get("StackTrace", ())
    size = sum(len(_encoded(text, "a failure")) for text in texts if text is not None)
    _check_size(size, "error", callback_id)
    return result


def _encoded(text: Any, what: str) -> bytes:
    if not isinstance(text, str):
        raise InvalidInputError(
            f"{what} is sent as text, not as {text!r:.80}; pass strings (stack= is a list of them)"
        )
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise InvalidInputError(
            f"{what} cannot be sent as UTF-8: {error}; take lone surrogates out of the text"
        ) from error


def _check_size(size: int, what: str, callback_id: str) -> None:
    if size > Limits.OPERATION_PAYLOAD_BYTES:  # the same for all fields of an error together
        raise PayloadTooLargeError(
            f"the {what} for callback {callback_id} takes {size} bytes; the service takes at most "
            f"{Limits.OPERATION_PAYLOAD_BYTES} (1 MiB), so nothing was sent. Send a reference to "
            "data that is kept elsewhere (S3, a table), or use a serializer that compresses"
        )
