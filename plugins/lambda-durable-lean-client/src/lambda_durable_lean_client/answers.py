"""The service's answers: JSON as core reads it, and refusals with their name and reason."""

import json
from collections.abc import Sequence
from typing import Any, Final, cast

from lambda_durable.clients.translation import refusal

from .connection import Answer
from .errors import Refusal, ResponseParserError

_DETAILS: Final = {"STEP": "StepDetails", "WAIT": "WaitDetails"}
_DETAIL_TIMES: Final = {"STEP": "NextAttemptTimestamp", "WAIT": "ScheduledEndTimestamp"}


def parsed(answer: Answer) -> dict[str, Any]:
    """Return the body of an answer with its timestamps in milliseconds; raise Refusal.

    In a body of the API a number is seconds, but in an invocation's event, and so wherever core
    sees a number, it is milliseconds. A member that is null is left out, as boto3 does.
    """
    if answer.status >= 300:
        raise _refused(answer)
    try:
        body = json.loads(answer.body)
        if b"null" in answer.body:
            body = _without_nulls(body)
        for operation in _operations(body):
            _tell_milliseconds(operation)
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise ResponseParserError(
            f"Unable to parse response ({error!r}): {answer.body[:200]!r}"
        ) from error
    return body  # type: ignore[no-any-return]  # _operations has looked at it


def _operations(body: Any) -> list[dict[str, Any]]:
    page = body.get("NewExecutionState", body)
    operations: list[dict[str, Any]] = page.get("Operations", [])
    return operations


def _tell_milliseconds(operation: dict[str, Any]) -> None:
    for name in ("StartTimestamp", "EndTimestamp"):
        at = operation.get(name)
        if isinstance(at, int | float):
            operation[name] = round(at * 1000)
    kind = operation.get("Type")
    if kind in _DETAILS:
        details = operation.get(_DETAILS[kind])
        if details:
            at = details.get(_DETAIL_TIMES[kind])
            if isinstance(at, int | float):
                details[_DETAIL_TIMES[kind]] = round(at * 1000)


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        members = cast(dict[str, Any], value)
        return {key: _without_nulls(each) for key, each in members.items() if each is not None}
    if isinstance(value, list):
        return [_without_nulls(each) for each in cast(Sequence[Any], value)]
    return value


def _refused(answer: Answer) -> Refusal:
    """Return why: the name is in a header, or in the body, or there is but the status."""
    text = answer.body.decode(errors="replace")
    try:
        body: Any = json.loads(text) if text else {}
    except ValueError:
        body = text
    told = cast(dict[str, Any], body) if isinstance(body, dict) else {"message": body}
    name = (
        answer.headers.get("x-amzn-errortype")
        or told.get("code")
        or told.get("Code")
        or told.get("__type")
        or answer.status
    )
    code = str(name).split(":", 1)[0].rsplit("#", 1)[-1]
    message = str(told.get("message") or told.get("Message") or "")
    request_id = answer.headers.get("x-amzn-requestid")
    return Refusal(refusal(code, answer.status, message, request_id))
