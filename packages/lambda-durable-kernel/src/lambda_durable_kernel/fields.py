"""The rules for single fields: patterns, ranges and sizes, as the service's model gives them."""

import re
from typing import Any, Final

from lambda_durable.protocol import ErrorObject, Limits, OperationUpdate

from .errors import InvalidParameterValueError

_ID: Final = re.compile(rf"[a-zA-Z0-9\-_]{{1,{Limits.OPERATION_ID_LENGTH}}}")
_NAME: Final = re.compile(rf"[\x20-\x7E]{{1,{Limits.NAME_LENGTH}}}")
_SUBTYPE: Final = re.compile(rf"[a-zA-Z0-9\-_]{{1,{Limits.SUBTYPE_LENGTH}}}")
_EXECUTION_NAME: Final = re.compile(rf"[a-zA-Z0-9\-_]{{1,{Limits.EXECUTION_NAME_LENGTH}}}")
_TENANT: Final = re.compile(rf"[a-zA-Z0-9._:/=+\-@ ]{{1,{Limits.TENANT_ID_LENGTH}}}")
_CLIENT_TOKEN: Final = re.compile(rf"[\x21-\x7E]{{1,{Limits.CLIENT_TOKEN_LENGTH}}}")

_TYPES: Final = {
    "Id": str,
    "Type": str,
    "Action": str,
    "ParentId": str,
    "Name": str,
    "SubType": str,
    "Payload": str,
    "Error": dict,
    "ContextOptions": dict,
    "StepOptions": dict,
    "WaitOptions": dict,
    "CallbackOptions": dict,
    "ChainedInvokeOptions": dict,
}
_ERROR_FIELDS: Final = ("ErrorMessage", "ErrorType", "ErrorData")

_PATTERNS: Final = (("Id", _ID), ("ParentId", _ID), ("Name", _NAME), ("SubType", _SUBTYPE))
_RULES: Final[dict[str, tuple[type, re.Pattern[str] | None]]] = {
    field: (type, dict(_PATTERNS).get(field)) for field, type in _TYPES.items()
}


def check_update(update: OperationUpdate) -> None:
    """Refuse an update with a field of a wrong type or pattern, or without a needed one."""
    if not _is_plain(update):
        _check_each(update)


def _is_plain(update: OperationUpdate) -> bool:
    """Return whether all is as nearly always; if not, it may still be right."""
    for field, value in update.items():
        rule = _RULES.get(field)
        if rule is None or not isinstance(value, rule[0]):
            return False
        if rule[1] is not None and not rule[1].fullmatch(str(value)):
            return False
    return "Id" in update and "Type" in update and "Action" in update and "Error" not in update


def _check_each(update: OperationUpdate) -> None:
    for field, value in update.items():
        if value is not None and not isinstance(value, _TYPES.get(field, object)):
            raise wrong_type(field, value)
    for field in ("Id", "Type", "Action"):
        if update.get(field) is None:
            msg = f"Value null at '{field}' failed to satisfy constraint: Member must not be null."
            raise InvalidParameterValueError(msg)
    for field, pattern in _PATTERNS:
        text = update.get(field)
        if isinstance(text, str) and not pattern.fullmatch(text):
            raise broken_pattern(field, text, pattern)
    error = update.get("Error")
    if error is not None:
        check_error(error)


def check_error(error: ErrorObject) -> None:
    """Refuse an error object with a field of a wrong type."""
    for field in _ERROR_FIELDS:
        text = error.get(field)
        if text is not None and not isinstance(text, str):
            raise wrong_type(field, text)
    frames: object = error.get("StackTrace") or []
    if not (isinstance(frames, list) and all(isinstance(frame, str) for frame in frames)):
        raise wrong_type("StackTrace", frames)


def check_execution_name(name: str) -> None:
    """Refuse a name that no execution can have."""
    if not _EXECUTION_NAME.fullmatch(name):
        raise broken_pattern("DurableExecutionName", name, _EXECUTION_NAME)


def check_tenant(tenant_id: object) -> None:
    """Refuse a tenant id that no tenant can have."""
    if not (isinstance(tenant_id, str) and _TENANT.fullmatch(tenant_id)):
        raise broken_pattern("TenantId", tenant_id, _TENANT)


def check_client_token(token: str) -> None:
    """Refuse a client token that breaks its pattern."""
    if not _CLIENT_TOKEN.fullmatch(token):
        raise broken_pattern("ClientToken", token, _CLIENT_TOKEN)


def whole_seconds(options: dict[str, Any], field: str, low: int, high: int) -> int | None:
    """Return a duration of `options`, None if absent; refuse one out of range."""
    value = options.get(field)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        msg = (
            f"Value '{value}' at '{field}' failed to satisfy constraint: "
            f"Member must be a whole number from {low} to {high}."
        )
        raise InvalidParameterValueError(msg)
    return value


def wrong_type(field: str, value: object) -> InvalidParameterValueError:
    """Return the fault for a value of a type that its field cannot have."""
    return InvalidParameterValueError(f"Value '{value}' at '{field}' has a wrong type.")


def broken_pattern(
    field: str, value: object, pattern: re.Pattern[str]
) -> InvalidParameterValueError:
    """Return the fault for a value that does not match the pattern of its field."""
    return InvalidParameterValueError(
        f"Value '{value}' at '{field}' failed to satisfy constraint: "
        f"Member must satisfy regular expression pattern: {pattern.pattern}"
    )
