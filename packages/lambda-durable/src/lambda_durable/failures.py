"""Exceptions as the service keeps them, and back.

Restoring an exception imports nothing: its class must be loaded already, derive from `Exception`
and accept its message as the only argument. Anything else stays a name and a message.
"""

import sys
from types import TracebackType
from typing import Any, TypeVar

from .errors import OperationError
from .protocol import ErrorObject, Limits, Operation

E = TypeVar("E", bound=OperationError)

_STACK_FRAMES = 30

_SAY_NO_MORE = {"FAILED", "STARTED", "PENDING", "READY"}
"""Statuses that tell nothing beyond that an operation failed, or that it has not ended."""


def error_object(error: BaseException, *, data: str | None = None) -> ErrorObject:
    """Return what the service keeps of an exception, cut to what every service accepts.

    An operation's error that nobody handled passes on the error it was made from, so the reason
    stays readable however deep the contexts are nested.
    """
    result: ErrorObject = {"ErrorType": type_name(type(error)), "ErrorMessage": _text(error)}
    stack: list[str] = []
    if isinstance(error, OperationError):
        data = data if data is not None else error.error_data
        stack = error.stack_trace
        if error.error_type is not None:
            result["ErrorType"] = error.error_type
            result["ErrorMessage"] = error.error_message or ""
    if data is not None:
        result["ErrorData"] = _writable(data)
    stack = stack or _stack(error.__traceback__)
    if stack:
        result["StackTrace"] = stack
    return fitted(result)


def fitted(error: ErrorObject, limit: int = Limits.PORTABLE_ERROR_BYTES) -> ErrorObject:
    """Return the error cut to `limit` bytes: first the stack trace, then data, then text."""
    if _size(error) < limit:
        return error
    cut = error.copy()
    stack = cut.pop("StackTrace", [])
    room = limit - _size(cut) - 256
    kept: list[str] = []
    for line in reversed(stack):
        room -= _encoded(line)
        if room < 0:
            break
        kept.insert(0, line)
    if kept:
        cut["StackTrace"] = kept
    if _size(cut) >= limit:
        cut.pop("ErrorData", None)
    if _size(cut) >= limit:
        message = cut.get("ErrorMessage", "")
        room = limit // 8
        cut["ErrorMessage"] = f"{message[:room]}... ({len(message)} characters in all)"
        cut["ErrorType"] = cut.get("ErrorType", "")[:256]
    return cut


def type_name(cls: type[BaseException]) -> str:
    """Return the name an exception class is kept under; builtins stand alone."""
    module = cls.__module__
    return cls.__qualname__ if module == "builtins" else f"{module}.{cls.__qualname__}"


def kept_error(record: Operation | None, details: str) -> ErrorObject | None:
    """Return why an operation ended badly, None for no reason.

    A status that is told without an error, such as one newer than this SDK, is a reason.
    """
    if record is None:
        return None
    found: Any = record.get(details) or {}
    error: ErrorObject | None = found.get("Error")
    if error is None and record["Status"] not in _SAY_NO_MORE:
        return {"ErrorMessage": f"its status is {record['Status']}"}
    return error


def operation_error(
    cls: type[E],
    error: ErrorObject | None,
    *,
    name: str | None,
    operation_id: str,
    original: BaseException | None = None,
) -> E:
    """Return the exception for a failed operation, the same on its first run and on replay.

    `original`, known on the first run only, lends its traceback and nothing else.
    """
    error = error or {}
    result = cls(
        name=name,
        operation_id=operation_id,
        error_type=error.get("ErrorType"),
        error_message=error.get("ErrorMessage"),
        error_data=error.get("ErrorData"),
        stack_trace=error.get("StackTrace"),
    )
    result.__cause__ = restored(error)
    if result.__cause__ is not None and original is not None:
        result.__cause__.__traceback__ = original.__traceback__
    return result


def restored(error: ErrorObject) -> BaseException | None:
    """Return the original exception if its class is loaded and takes its message, else None."""
    cls = _loaded_class(error.get("ErrorType") or "")
    if cls is None or issubclass(cls, OperationError):
        return None
    message = error.get("ErrorMessage", "")
    try:
        made = cls(message)
        return made if _text(made) == message else None
    except Exception:  # noqa: BLE001 - then it stays a name and a message
        return None


def _loaded_class(name: str) -> type[Exception] | None:
    parts = name.split(".")
    for split in range(len(parts) - 1, -1, -1):
        module = sys.modules.get(".".join(parts[:split]) or "builtins")
        if module is not None:
            found: object = module
            for part in parts[split:]:
                found = getattr(found, part, None)
            return found if isinstance(found, type) and issubclass(found, Exception) else None
    return None


def _text(error: BaseException) -> str:
    try:
        if isinstance(error, KeyError) and len(error.args) == 1:
            return _writable(str(error.args[0]))  # its str() is the repr of the key
        return _writable(str(error))
    except Exception:  # noqa: BLE001 - then it stays a name and a message
        return f"<the message of this {type(error).__name__} could not be read>"


def _stack(traceback: TracebackType | None) -> list[str]:
    if traceback is None:
        return []
    from traceback import extract_tb  # only failures need it

    loop = getattr(sys.modules.get("asyncio"), "__file__", None)  # its frames tell nothing
    ours = tuple(file.rpartition("/")[0] + "/" for file in (__file__, loop) if file)
    frames = [frame for frame in extract_tb(traceback) if not frame.filename.startswith(ours)]
    lines = (f"{f.filename}:{f.lineno} in {f.name}: {f.line}" for f in frames[-_STACK_FRAMES:])
    return [_writable(line) for line in lines]


def _writable(text: str) -> str:
    """Return text that can be written as UTF-8; file names and bad input bring lone surrogates."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def _size(error: ErrorObject) -> int:
    texts = [error.get("ErrorMessage", ""), error.get("ErrorType", ""), error.get("ErrorData", "")]
    return sum(map(_encoded, [*texts, *error.get("StackTrace", [])])) + 128


def _encoded(text: str) -> int:
    return len(text) + 4 if text.isascii() else len(text.encode("utf-8", "replace")) + 4
