"""The payload of a batch: all of it as JSON, or a summary when that is too large.

All of it: `{"all": [{"index", "name"?, "status", "result" | "payload" | "error"}, ...],
"completionReason"}`. `result` is what a branch returned, as JSON; a result whose serializer writes
something else than compact JSON stands as text under `payload`.

A summary has counts, the reason, and `itemStatuses`: a letter per branch, with a number before it
when it repeats; S succeeded, F failed, `-` was running, `.` was never begun. The results are then
read from the branches' own records.
"""

import json
import re
from collections.abc import Iterable
from itertools import groupby
from typing import Any, Final

from lambda_durable.batches import BatchItem, BatchResult, ItemStatus
from lambda_durable.batching import utf8_length
from lambda_durable.errors import SerializationError
from lambda_durable.payloads import Codec
from lambda_durable.plain_json import PlainJson
from lambda_durable.plain_json import decoded as json_value
from lambda_durable.protocol import ErrorObject, Limits

from .official import as_ours

_LETTERS: Final[dict[str, str]] = {"SUCCEEDED": "S", "FAILED": "F", "STARTED": "-"}
_STATUSES: Final[dict[str, ItemStatus | None]] = {
    "S": "SUCCEEDED",
    "F": "FAILED",
    "-": "STARTED",
    ".": None,
}
_RUN = re.compile(r"(\d*)([SF.-])")
_RUNS = re.compile(r"(?:\d*[SF.-])*")

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


class WholePayload:
    """The parts of a batch's payload, kept for as long as they fit into one."""

    def __init__(self) -> None:
        self._parts: dict[int, str] | None = {}
        self._size = 64

    def add(self, item: BatchItem[Any], codec: Codec, text: str | None) -> None:
        """Add an item that has ended; `text` is the payload of its result."""
        if self._parts is None:
            return
        head = f'{{"index":{item.index},'
        if item.name is not None:
            head += f'"name":{_encode(item.name)},'
        if item.error is not None:
            rest = f'"error":{_encode(_kept_error(item.error))}}}'
        else:
            rest = _result(codec, text)
        part = f'{head}"status":"{item.status}",{rest}'
        self._size += utf8_length(part) + 1
        self._parts[item.index] = part
        if self._size > Limits.CHILD_RESULT_BYTES:
            self._parts = None

    def text(self, batch: BatchResult[Any]) -> str | None:
        """Return the payload, None if it is over 256 KiB."""
        if self._parts is None:
            return None
        parts = self._parts
        items = ",".join(parts.get(item.index) or _started(item) for item in batch.items)
        text = f'{{"all":[{items}],"completionReason":"{batch.completion_reason}"}}'
        return text if utf8_length(text) <= Limits.CHILD_RESULT_BYTES else None


def summary_of(batch: BatchResult[Any], type: str, text: str | None) -> str:
    """Return the summary of a batch whose payload is too large; `text` is the user's own."""
    summary: dict[str, Any] = {
        "type": type,
        "totalCount": batch.total_count,
        "successCount": batch.success_count,
        "failureCount": batch.failure_count,
        "startedCount": batch.started_count,
        "completionReason": batch.completion_reason,
        "status": batch.status,
        "itemStatuses": _letters(batch.items),
    }
    if text is not None:
        summary["summary"] = text
    return _encode(summary)


def item_statuses(summary: Any) -> list[ItemStatus | None]:
    """Return the statuses of a summary by index, None for a branch that was never begun."""
    letters = summary.get("itemStatuses") if isinstance(summary, dict) else None
    if not isinstance(letters, str) or not _RUNS.fullmatch(letters):
        raise SerializationError(
            f"the summary of a batch has no itemStatuses that can be read: {summary!r:.200}"
        )
    found: list[ItemStatus | None] = []
    for count, letter in _RUN.findall(letters):
        found += [_STATUSES[letter]] * int(count or 1)
    return found


def decoded(text: str | None) -> dict[str, Any]:
    """Return the JSON object that a batch's payload is."""
    try:
        value = as_ours(json.loads(text or ""))
    except ValueError:
        value = None
    if not isinstance(value, dict) or "completionReason" not in value:
        raise SerializationError(
            f"the payload of a batch is not one that parallel or map writes: {text!r:.200}. Was it "
            "written with another serializer=?"
        )
    return value


def result_text(codec: Codec, entry: dict[str, Any]) -> str | None:
    """Return the payload of the result of one entry of `all`."""
    if "payload" in entry:
        text: str | None = entry["payload"]
        return text
    return _encode(entry.get("result"))


def is_plain(codec: Codec) -> bool:
    """Return whether results are written as plain JSON, so that they need no further reading."""
    return type(codec.serializer) is PlainJson


def _result(codec: Codec, text: str | None) -> str:
    if text is None:
        return '"result":null}'
    if is_plain(codec) or _is_compact_json(text):
        return f'"result":{text}}}'
    return f'"payload":{_encode(text)}}}'


def _kept_error(error: Any) -> ErrorObject:
    """Return a branch's error as the service keeps it; a stack trace it lacks is not made up."""
    members = {
        "ErrorType": error.error_type,
        "ErrorMessage": error.error_message,
        "ErrorData": error.error_data,
        "StackTrace": error.stack_trace or None,
    }
    return {name: value for name, value in members.items() if value is not None}  # type: ignore[return-value]  # its members


def _is_compact_json(text: str) -> bool:
    """Return whether a payload can stand as JSON in another and be had back to the letter."""
    try:
        return _encode(json_value(text)) == text
    except (ValueError, RecursionError):
        return False


def _started(item: BatchItem[Any]) -> str:
    name = "" if item.name is None else f'"name":{_encode(item.name)},'
    return f'{{"index":{item.index},{name}"status":"STARTED"}}'


def _letters(items: Iterable[BatchItem[Any]]) -> str:
    letters: list[str] = []
    for item in items:
        letters += "." * (item.index - len(letters))
        letters.append(_LETTERS[item.status])
    runs = ((letter, len(list(run))) for letter, run in groupby(letters))
    return "".join(f"{count if count > 1 else ''}{letter}" for letter, count in runs)
