"""A template's text as plain data: YAML with CloudFormation's short tags, or JSON."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from ..errors import TemplateError


class _Loader(yaml.SafeLoader):
    """SafeLoader that writes `!Name value` as CloudFormation's long form does."""


def read_document(path: Path) -> dict[str, Any]:
    """Return a template's content; raise TemplateError if the file is not a template."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise TemplateError(f"template {path} cannot be read: {reason}") from error
    try:
        found = parse(text)
    except yaml.YAMLError as error:
        raise TemplateError(f"template {path} is not YAML: {_reason(error)}") from error
    if not isinstance(found, dict) or not isinstance(found.get("Resources"), dict):
        raise TemplateError(
            f"template {path} has no Resources: it must be a SAM or CloudFormation template, "
            "with the functions under Resources"
        )
    for logical_id, resource in found["Resources"].items():
        if str(logical_id).startswith("Fn::"):
            raise TemplateError(
                f"template {path}, resource {logical_id}: {logical_id.rpartition('::')[0]} is not "
                "carried out here: write the resources out"
            )
        if not isinstance(resource, dict):
            raise TemplateError(
                f"template {path}, resource {logical_id}: must be a mapping with a Type and "
                f"Properties, not {resource!r}"
            )
    for section, entries in _sections(found):
        if not isinstance(entries, dict | None):
            raise TemplateError(
                f"template {path}, {section}: must be a mapping of names, not {entries!r}"
            )
    return found


def _sections(document: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield what a function is read from, beside its resource."""
    for section in ("Parameters", "Mappings", "Conditions", "Globals"):
        yield section, document.get(section)
    for name, declaration in (document.get("Parameters") or {}).items():
        yield f"Parameters.{name}", declaration
    yield "Globals.Function", (document.get("Globals") or {}).get("Function")


def parse(text: str) -> Any:
    """Return what YAML says, short tags in their long form; raise yaml.YAMLError if it is none."""
    return yaml.load(text, _Loader)  # noqa: S506 - _Loader is a SafeLoader


def _short_tag(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    match node:
        case yaml.ScalarNode():
            value = loader.construct_scalar(node)
        case yaml.SequenceNode():
            value = loader.construct_sequence(node, deep=True)
        case yaml.MappingNode():
            value = loader.construct_mapping(node, deep=True)
        case _:
            raise yaml.constructor.ConstructorError(
                None, None, f"!{suffix} cannot have this value", node.start_mark
            )
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


def _reason(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    return problem if mark is None else f"{problem} (line {mark.line + 1})"


_Loader.add_multi_constructor("!", _short_tag)
