"""Answers as they travel: JSON with the model's timestamps, and errors as Lambda writes them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.model import ListShape, Shape, StructureShape

from lambda_durable_kernel import ServiceFault

from .model import LambdaModel, Operation

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Answer:
    """A response of the API."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


def answer(operation: Operation, output: Mapping[str, Any]) -> Answer:
    """Return what an operation answers; `output` has whole milliseconds for timestamps."""
    shown: Any = output
    if operation.output is not None:
        shown = _in_seconds(operation.output, output)
    return Answer(operation.status, json.dumps(shown, separators=(",", ":")).encode())


def refusal(model: LambdaModel, fault: ServiceFault) -> Answer:
    """Return an error in Lambda's form: SDKs take its type from the header."""
    members = {
        "Type": "User" if fault.status < 500 else "Service",
        model.message_member(fault.code): fault.message,
    }
    return Answer(fault.status, json.dumps(members).encode(), {"x-amzn-ErrorType": fault.code})


def _in_seconds(shape: Shape, value: Any) -> Any:
    if isinstance(shape, StructureShape):
        members = shape.members
        return {
            name: _in_seconds(members[name], each) if name in members else each
            for name, each in value.items()
        }
    if isinstance(shape, ListShape) and _has_members(shape.member):
        return [_in_seconds(shape.member, each) for each in value]
    return value / 1000 if shape.type_name == "timestamp" else value


def _has_members(shape: Shape) -> bool:
    return shape.type_name in ("structure", "list", "timestamp")
