"""What must not be in a recording is replaced before it is written."""

import json
from collections.abc import Callable
from typing import Any, Final, NamedTuple, TypeAlias

_TEXTS: Final = ("Input", "Result", "Reason")
_ERROR_TEXTS: Final = ("ErrorMessage", "ErrorType", "ErrorData")


class Datum(NamedTuple):
    """Where in a history a text stands."""

    event_type: str
    """StepSucceeded, ExecutionStarted, ..."""
    operation_name: str | None
    field: str
    """Input, Result, Reason, CallbackId, ErrorMessage, ErrorType, ErrorData or StackTrace."""


Redact: TypeAlias = Callable[[str, Datum], str]
"""Returns what is to stand in the recording instead of a text, or the text itself.

A payload must stay readable: the replay reads it with the serializer that its operation has."""


def redact_members(*names: str) -> Redact:
    """Return a hook that blanks the members with these names, at any depth of JSON payloads.

    Types are kept, so that what reads the payload still can: texts become "redacted", numbers 0,
    and what is inside a list or an object is blanked in turn. Texts that are no JSON stay.
    """

    def redact(text: str, datum: Datum) -> str:
        try:
            value = json.loads(text)
        except ValueError:
            return text
        if not isinstance(value, dict | list):
            return text
        changed = _with_blanks(value, frozenset(names))
        return text if changed == value else json.dumps(changed, ensure_ascii=False)

    return redact


def redacted(event: dict[str, Any], redact: Redact) -> dict[str, Any]:
    """Return an event in which every text has been given to the hook."""
    key = f"{event['EventType']}Details"
    details = dict(event.get(key) or {})

    def replaced(text: str, field: str) -> str:
        return redact(text, Datum(event["EventType"], event.get("Name"), field))

    for name in _TEXTS:
        data = details.get(name) or {}
        if isinstance(data.get("Payload"), str):
            details[name] = {**data, "Payload": replaced(data["Payload"], name)}
    if isinstance(details.get("CallbackId"), str):
        details["CallbackId"] = replaced(details["CallbackId"], "CallbackId")
    error = (details.get("Error") or {}).get("Payload")
    if isinstance(error, dict):
        kept = dict(error)
        for name in _ERROR_TEXTS:
            if isinstance(kept.get(name), str):
                kept[name] = replaced(kept[name], name)
        if kept.get("StackTrace"):
            kept["StackTrace"] = [replaced(line, "StackTrace") for line in kept["StackTrace"]]
        details["Error"] = {**details["Error"], "Payload": kept}
    return {**event, key: details}


def _with_blanks(value: Any, names: frozenset[str]) -> Any:
    if isinstance(value, dict):
        return {
            key: _blank(item) if key in names else _with_blanks(item, names)
            for key, item in value.items()
        }
    return [_with_blanks(item, names) for item in value] if isinstance(value, list) else value


def _blank(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _blank(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_blank(item) for item in value]
    if isinstance(value, str):
        return "redacted"
    return type(value)(0) if isinstance(value, bool | int | float) else value
