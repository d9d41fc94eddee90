"""What the names in a template stand for: parameters, pseudo parameters, resources, conditions."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lambda_durable_kernel import FunctionSpec, Settings
from lambda_durable_kernel.names import function_arn

from ..errors import TemplateError
from ..targets import did_you_mean

LATEST = "$LATEST"
LAYER_TYPES = ("AWS::Serverless::LayerVersion", "AWS::Lambda::LayerVersion")
FUNCTION_TYPES = ("AWS::Serverless::Function", "AWS::Lambda::Function")

_NAMED_BY = {
    "AWS::DynamoDB::Table": "TableName",
    "AWS::Events::EventBus": "Name",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::Serverless::SimpleTable": "TableName",
    **dict.fromkeys(FUNCTION_TYPES, "FunctionName"),
}
"""The property that is a resource's `Ref`, for types whose `Ref` is their name."""


class Unknown(Exception):
    """A value that only a deployment would know; the message says which, and why."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a template something stands, for messages."""

    path: Path
    resource: str = ""
    property: str = ""

    def at(self, property: str) -> "Place":
        """Return the place of a property, or of a part of this one."""
        below = f"{self.property}.{property}" if self.property else property
        return Place(self.path, self.resource, below)

    def error(self, text: str) -> TemplateError:
        """Return the error that says what is wrong here."""
        parts = [f"template {self.path}"]
        if self.resource:
            parts.append(f"resource {self.resource}")
        if self.property:
            parts.append(self.property)
        return TemplateError(f"{', '.join(parts)}: {text}")


@dataclass(frozen=True, slots=True)
class Scope:
    """One template's names; `parameters` are given for those it declares."""

    path: Path
    document: Mapping[str, Any]
    settings: Settings
    parameters: Mapping[str, str]

    @property
    def resources(self) -> Mapping[str, Any]:
        """Return the resources by their logical ids."""
        found: Mapping[str, Any] = self.document["Resources"]
        return found

    def declared(self, section: str, name: str) -> Any:
        """Return an entry of Conditions or Mappings; raise Unknown if there is none."""
        entries = self.document.get(section) or {}
        if name not in entries:
            raise Unknown(f"{section} has no {name!r}{did_you_mean(name, list(entries))}")
        return entries[name]

    def parameter(self, name: str) -> Any:
        """Return the value of a parameter: as given, or its default."""
        declaration = self.document["Parameters"][name] or {}
        kind = str(declaration.get("Type", ""))
        if name in self.parameters:
            value: Any = self.parameters[name]
        elif kind.startswith("AWS::SSM::Parameter::Value"):
            raise Unknown(f"parameter {name} is kept in SSM: give it with --parameter {name}=VALUE")
        elif "Default" not in declaration:
            raise Unknown(f"parameter {name} has no Default: give it with --parameter {name}=VALUE")
        else:
            value = declaration["Default"]
        is_list = kind.startswith("List<") or kind == "CommaDelimitedList"
        return str(value).split(",") if is_list else value

    def pseudo(self, name: str) -> str:
        """Return the value of an `AWS::` parameter."""
        settings = self.settings
        known = {
            "AWS::AccountId": settings.account,
            "AWS::Partition": settings.partition,
            "AWS::Region": settings.region,
            "AWS::StackId": f"arn:{settings.partition}:cloudformation:{settings.region}:"
            f"{settings.account}:stack/{self.stack_name}/local",
            "AWS::StackName": self.stack_name,
            "AWS::URLSuffix": "amazonaws.com",
        }
        if name not in known:
            raise Unknown(f"{name} has no value here{did_you_mean(name, list(known))}")
        return known[name]

    @property
    def stack_name(self) -> str:
        """Return the name that the stack would have: that of the template's folder."""
        name = re.sub(r"[^a-zA-Z0-9]+", "-", self.path.resolve().parent.name).strip("-")
        return name or "local"

    def is_function(self, logical_id: str) -> bool:
        """Whether a resource is a function."""
        return (self.resources.get(logical_id) or {}).get("Type") in FUNCTION_TYPES

    def layer_folder(self, logical_id: str) -> Path | None:
        """Return the folder of a layer, None if the resource is no layer with code that is here."""
        resource = self.resources.get(logical_id) or {}
        properties = resource.get("Properties") or {}
        content = properties.get("ContentUri", properties.get("Content"))
        if resource.get("Type") not in LAYER_TYPES or not isinstance(content, str):
            return None
        folder = (self.path.resolve().parent / content).resolve()
        return folder if folder.is_dir() else None

    @property
    def generated(self) -> dict[str, tuple[str, str]]:
        """Return what SAM makes with each function: names for its alias and its version.

        Here there is one version of each function, which all of them mean.
        """
        found: dict[str, tuple[str, str]] = {}
        for logical_id in filter(self.is_function, self.resources):
            alias = (self.resources[logical_id].get("Properties") or {}).get("AutoPublishAlias")
            found[f"{logical_id}.Version"] = (logical_id, LATEST)
            found[f"{logical_id}.Alias"] = (logical_id, str(alias or LATEST))
            if alias:
                found[f"{logical_id}Alias{alias}"] = (logical_id, str(alias))
        return found

    def naming(self, logical_id: str) -> Any:
        """Return what names a resource, not yet resolved: a property of it, or its logical id."""
        resource = self.resources[logical_id] or {}
        name = _NAMED_BY.get(resource.get("Type", ""), "")
        return (resource.get("Properties") or {}).get(name, logical_id)

    def function_arn(self, name: str) -> str:
        """Return the ARN of the function of that name, without a version."""
        return function_arn(self.settings, FunctionSpec(name)).rpartition(":")[0]
