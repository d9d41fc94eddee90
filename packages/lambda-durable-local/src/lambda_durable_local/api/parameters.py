"""The parameters of a request: from its path, query, headers and body, checked by the model."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn
from urllib.parse import parse_qsl

from botocore.model import ListShape, Shape

from lambda_durable_kernel import ServiceFault
from lambda_durable_kernel.errors import InvalidParameterValueError

from .faults import InvalidRequestContentError
from .model import Operation
from .values import check_required, checked, read_text


def parameters(
    operation: Operation,
    labels: Mapping[str, str],
    query: bytes,
    headers: Mapping[str, str],
    body: bytes,
) -> dict[str, Any]:
    """Return the operation's parameters by name; raise a ServiceFault if one breaks a rule.

    Times are seconds since 1970. A body that is raw bytes is returned as bytes.
    """
    found: dict[str, Any] = {}
    asked = _query(query)
    in_body: dict[str, Shape] = {}
    for name, member in operation.input.members.items():
        key = member.serialization.get("name", name)
        match member.serialization.get("location"):
            case "uri":
                found[name] = read_text(member, labels[key], name)
            case "querystring":
                texts = [text for each, text in asked if each == key]
                if texts:
                    found[name] = _from_query(member, texts, name)
            case "header":
                text = headers.get(key.lower())
                if text is not None:
                    found[name] = read_text(member, text, name)
            case _:
                in_body[name] = member
    if operation.payload is not None:
        in_body = {operation.payload: in_body[operation.payload]}
    found |= _from_body(operation, in_body, body)
    check_required(operation.input, found)
    return found


def _query(query: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            query.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=100
        )
    except ValueError:
        msg = "The query is not percent-encoded UTF-8, or has more than 100 parts."
        raise InvalidParameterValueError(msg) from None


def _from_query(shape: Shape, texts: Sequence[str], name: str) -> Any:
    if isinstance(shape, ListShape):
        return checked(shape, list(texts), name)
    return read_text(shape, texts[-1], name)


def _from_body(operation: Operation, members: Mapping[str, Shape], body: bytes) -> dict[str, Any]:
    payload = operation.payload
    if payload is not None and members[payload].type_name == "blob":
        return {payload: body}
    if not members or not body.strip():
        return {}
    value = read_json(body, operation)
    if payload is not None:
        return {} if value is None else {payload: checked(members[payload], value, payload)}
    if not isinstance(value, dict):
        raise unreadable(operation, "The request's body is not a JSON object.")
    return {
        name: checked(member, value[name], name)
        for name, member in members.items()
        if value.get(name) is not None
    }


def read_json(body: bytes, operation: Operation) -> Any:
    """Return the value of a body; raise the operation's fault for one that is not JSON."""
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_no_constant)
    except RecursionError:
        raise unreadable(operation, "The request's body is nested too deeply.") from None
    except ValueError as error:
        reason = f"Could not parse request body into json: {str(error)[:200]}"
        raise unreadable(operation, reason) from None


def unreadable(operation: Operation, reason: str) -> ServiceFault:
    """Return the fault for a body that cannot be used: the one the operation declares."""
    if InvalidRequestContentError.code in operation.errors:
        return InvalidRequestContentError(reason)
    return InvalidParameterValueError(reason)


def _no_constant(name: str) -> NoReturn:
    msg = f"{name} is not a value that JSON has"
    raise ValueError(msg)
