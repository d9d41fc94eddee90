"""SAM templates for durable functions: their text, with comments, and the same as plain data."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Literal

import yaml

from ..templates.documents import parse

_PLAIN = re.compile(r"[A-Za-z./_][A-Za-z0-9./_-]*")
_SYNCHRONOUS = 900
"""Executions that may take longer than this many seconds cannot be waited for by Invoke."""


@dataclass(frozen=True, slots=True)
class Function:
    """A durable handler as a resource; `code` is the folder of its imports, for the template."""

    resource: str
    name: str
    code: str
    handler: str


@dataclass(frozen=True, slots=True)
class Settings:
    """What all functions of a template have in common; times in seconds."""

    runtime: str
    timeout: int = 60
    memory: int = 512
    execution_timeout: int = 604_800
    retention_days: int = 14
    log_format: Literal["JSON", "Text"] = "JSON"


def render(functions: Sequence[Function], settings: Settings) -> str:
    """Return a template's text, in YAML."""
    common = {
        "runtime": settings.runtime,
        "timeout": settings.timeout,
        "memory": settings.memory,
        "log_format": settings.log_format,
        "execution_timeout": settings.execution_timeout,
        "lasting": _lasting(settings.execution_timeout),
        "retention": settings.retention_days,
    }
    own = [
        {
            "resource": each.resource,
            "name": _scalar(each.name),
            "code": _scalar(each.code),
            "handler": _scalar(each.handler),
        }
        for each in functions
    ]
    resources = [_part("function.yaml").format(**common, **each) for each in own]
    outputs = [_part("output.yaml").format(**each) for each in own]
    head = _part("template.yaml").format(**common)
    return "".join([head, "\n".join(resources), "\nOutputs:\n", *outputs])


def as_data(text: str) -> dict[str, Any]:
    """Return a template in JSON's types, as CloudFormation takes it too."""
    found: dict[str, Any] = parse(text)
    return found


def _part(name: str) -> str:
    return (files(__package__) / "parts" / name).read_text(encoding="utf-8")


def _scalar(text: str) -> str:
    """Return a text as YAML has it, quoted unless nobody could read it as something else."""
    is_text = _PLAIN.fullmatch(text) and isinstance(yaml.safe_load(text), str)
    return text if is_text else json.dumps(text)


def _lasting(seconds: int) -> str:
    if seconds <= _SYNCHRONOUS:
        return "at most 900, so it can be invoked synchronously"
    return "over 900, so it is invoked asynchronously"
