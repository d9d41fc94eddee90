"""CloudFormation's intrinsic functions: what a value in a template comes to."""

import base64
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..targets import did_you_mean
from .scope import LATEST, Scope, Unknown

NO_VALUE = object()
"""What `!Ref AWS::NoValue` comes to: as if the property were not there."""

_VARIABLE = re.compile(r"\$\{(!?)([^}]+)\}")


class Values:
    """Resolves the values of one template."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._resolving: list[str] = []
        self._functions: dict[str, Callable[[Any], Any]] = {
            "Ref": self._ref,
            "Condition": self.condition,
            "Fn::And": lambda given: all(map(self._truth, given)),
            "Fn::Base64": lambda given: base64.b64encode(self.text(given).encode()).decode(),
            "Fn::Equals": lambda given: str(self.of(given[0])) == str(self.of(given[1])),
            "Fn::FindInMap": self._find_in_map,
            "Fn::GetAtt": self._get_att,
            "Fn::If": self._if,
            "Fn::Join": lambda given: self.text(given[0]).join(map(str, self.of(given[1]))),
            "Fn::Not": lambda given: not self._truth(given[0]),
            "Fn::Or": lambda given: any(map(self._truth, given)),
            "Fn::Select": lambda given: self.of(given[1])[int(self.of(given[0]))],
            "Fn::Split": lambda given: self.text(given[1]).split(self.text(given[0])),
            "Fn::Sub": self._sub,
        }

    def of(self, value: Any) -> Any:
        """Return a value with all functions in it applied; raise Unknown if that cannot be."""
        if isinstance(value, list):
            items = [self.of(each) for each in value]
            return [each for each in items if each is not NO_VALUE]
        if isinstance(value, str) and "{{resolve:" in value:
            raise Unknown(f"{value} is known only once it is deployed")
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            (name, given), *_ = value.items()
            if name in self._functions:
                return self._apply(name, given)
            if isinstance(name, str) and name.startswith("Fn::"):
                raise Unknown(
                    f"{name} is not known here{did_you_mean(name, list(self._functions))}"
                )
        found = {name: self.of(each) for name, each in value.items()}
        return {name: each for name, each in found.items() if each is not NO_VALUE}

    def text(self, value: Any) -> str:
        """Return a value that has to be a scalar, as text."""
        found = self.of(value)
        if isinstance(found, bool):
            return "true" if found else "false"
        if not isinstance(found, str | int | float):
            raise Unknown(f"a text is needed, not {found!r}")
        return str(found)

    def condition(self, name: Any) -> bool:
        """Return whether one of the template's conditions holds."""
        if not isinstance(name, str):
            raise Unknown(f"a condition's name is needed, not {name!r}")
        return bool(self._once(f"condition {name}", self._scope.declared("Conditions", name)))

    def function_name(self, logical_id: str) -> str:
        """Return the name of a function."""
        return str(self._named(logical_id))

    def layer_folder(self, logical_id: str) -> Path | None:
        """Return the folder of a layer, None if there is none here."""
        return self._scope.layer_folder(logical_id)

    def _apply(self, name: str, given: Any) -> Any:
        try:
            return self._functions[name](given)
        except (IndexError, KeyError, TypeError, ValueError, AttributeError) as error:
            raise Unknown(f"{name} cannot be applied to {given!r}") from error

    def _truth(self, value: Any) -> bool:
        return bool(self.of(value))

    def _ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return NO_VALUE
        if name.startswith("AWS::"):
            return self._scope.pseudo(name)
        parameters = self._scope.document.get("Parameters") or {}
        if name in parameters:
            return self._scope.parameter(name)
        if name in self._scope.resources:
            return self._published(name) or self._named(name)
        if name in self._scope.generated:
            function, qualifier = self._scope.generated[name]
            return self._arn(self.function_name(function), qualifier)
        names = [*parameters, *self._scope.resources]
        raise Unknown(f"there is no parameter or resource {name!r}{did_you_mean(name, names)}")

    def _published(self, logical_id: str) -> str | None:
        """Return the ARN of an alias or a version, None if the resource is neither."""
        resource = self._scope.resources[logical_id]
        if resource.get("Type") not in ("AWS::Lambda::Alias", "AWS::Lambda::Version"):
            return None
        function = self.text(resource["Properties"]["FunctionName"])
        alias = resource["Properties"].get("Name")
        return self._arn(
            function.rpartition(":function:")[2], LATEST if alias is None else self.text(alias)
        )

    def _arn(self, function: str, qualifier: str) -> str:
        return f"{self._scope.function_arn(function)}:{qualifier}"

    def _named(self, logical_id: str) -> Any:
        found = self._once(f"resource {logical_id}", self._scope.naming(logical_id))
        return logical_id if found is NO_VALUE else found

    def _once(self, title: str, value: Any) -> Any:
        """Resolve something that may refer to itself, and must not."""
        if title in self._resolving:
            raise Unknown(f"{title} refers to itself")
        self._resolving.append(title)
        try:
            return self.of(value)
        finally:
            self._resolving.pop()

    def _get_att(self, given: Any) -> Any:
        name, attribute = given if isinstance(given, list) else given.split(".", 1)
        resource = self._scope.resources.get(name)
        if resource is None:
            names = list(self._scope.resources)
            raise Unknown(f"there is no resource {name!r}{did_you_mean(name, names)}")
        if attribute == "Arn" and self._scope.is_function(name):
            return self._scope.function_arn(self.function_name(name))
        raise Unknown(
            f"the {attribute} of {name} ({resource.get('Type')}) is known only once it is deployed"
        )

    def _sub(self, given: Any) -> str:
        text, names = given if isinstance(given, list) else (given, {})

        def replacement(match: re.Match[str]) -> str:
            literal, name = match[1], match[2].strip()
            if literal:
                return f"${{{match[2]}}}"
            if name in names:
                return self.text(names[name])
            if "." in name and name.partition(".")[0] in self._scope.resources:
                return str(self._get_att(name))
            return self.text({"Ref": name})

        return _VARIABLE.sub(replacement, text)

    def _if(self, given: Any) -> Any:
        condition, yes, no = given
        return self.of(yes if self.condition(condition) else no)

    def _find_in_map(self, given: Any) -> Any:
        name, first, second = (self.text(each) for each in given[:3])
        rows = self._scope.declared("Mappings", name)
        if first not in rows or second not in rows[first]:
            raise Unknown(f"Mappings.{name} has no {first}.{second}")
        return rows[first][second]
