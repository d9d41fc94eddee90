"""What one run makes in an account: names, policies, and the calls that make and remove them all.

A plan needs no credentials. What is printed by a dry run is what is done otherwise.
"""

import json
import platform
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from targets.base import Function

from aws import policies
from aws.calls import Call

PREFIX = "lambda-durable-it"
LONGEST_NAME = 64
LONGEST_EXECUTION_SECONDS = 31_622_400
TAG = "lambda-durable-integration"
_POLICY = "durable-scenarios"
_RUN = re.compile(r"[a-z0-9]{1,16}")


class PlanError(ValueError):
    """Says what cannot be planned, and why."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What one run makes. Everything has the run's name, so two runs do not meet."""

    run: str
    account: str
    region: str
    functions: Sequence[Function]

    def __post_init__(self) -> None:
        if not _RUN.fullmatch(self.run):
            raise PlanError(f"a run is named by 1 to 16 small letters and digits, not {self.run!r}")
        for function in self.functions:
            if len(self.function_name(function.name)) > LONGEST_NAME:
                raise PlanError(
                    f"{self.function_name(function.name)!r} has more than the {LONGEST_NAME} "
                    "characters of a function's name: shorten the name of the scenario's handler"
                )

    @property
    def name(self) -> str:
        """Return the name of the repository, the role and the log group, and of each function."""
        return f"{PREFIX}-{self.run}"

    def function_name(self, function: str) -> str:
        """Return the name under which a function is deployed."""
        return f"{self.name}-{function}"

    @property
    def registry(self) -> str:
        """Return the account's registry of images."""
        return f"{self.account}.dkr.ecr.{self.region}.amazonaws.com"

    def image(self, flavour: str) -> str:
        """Return the image of one flavour's functions."""
        return f"{self.registry}/{self.name}:{flavour}"

    @property
    def policy(self) -> dict[str, Any]:
        """Return what the functions may do."""
        return policies.of_functions(self._functions_arn, self._log_group_arn)

    @property
    def deployer_policy(self) -> dict[str, Any]:
        """Return what the credentials must allow."""
        repository = self._arn("ecr", f"repository/{self.name}")
        return policies.of_deployer(
            self._functions_arn, self._log_group_arn, self._role_arn, repository
        )

    def repository(self) -> Call:
        """Return the call that makes the repository of images."""
        return Call(
            "ecr",
            "create_repository",
            {
                "repositoryName": self.name,
                "imageTagMutability": "IMMUTABLE",
                "tags": [{"Key": TAG, "Value": self.run}],
            },
        )

    def surroundings(self) -> list[Call]:
        """Return the calls that make what functions need: their role and their log."""
        role = {
            "RoleName": self.name,
            "Description": "Functions of an integration test; it is removed at the test's end.",
            "AssumeRolePolicyDocument": json.dumps(policies.TRUST),
            "Tags": [{"Key": TAG, "Value": self.run}],
        }
        policy = {
            "RoleName": self.name,
            "PolicyName": _POLICY,
            "PolicyDocument": json.dumps(self.policy),
        }
        retention = {"logGroupName": self._log_group, "retentionInDays": 1}
        return [
            Call("iam", "create_role", role),
            Call("iam", "put_role_policy", policy),
            Call(
                "logs",
                "create_log_group",
                {"logGroupName": self._log_group, "tags": {TAG: self.run}},
            ),
            Call("logs", "put_retention_policy", retention),
        ]

    def function(self, function: Function) -> Call:
        """Return the call that makes a function."""
        durable = {
            "ExecutionTimeout": function.execution_timeout or LONGEST_EXECUTION_SECONDS,
            "RetentionPeriodInDays": 1,
        }
        arguments = {
            "FunctionName": self.function_name(function.name),
            "Role": self._role_arn,
            "PackageType": "Image",
            "Code": {"ImageUri": self.image(function.flavour)},
            "ImageConfig": {"Command": [function.handler]},
            "Architectures": [architecture()],
            "Timeout": function.timeout,
            "MemorySize": function.memory_mb,
            "LoggingConfig": {"LogFormat": "JSON", "LogGroup": self._log_group},
            "Tags": {TAG: self.run},
        }
        return Call(
            "lambda",
            "create_function",
            arguments | ({"DurableConfig": durable} if function.durable else {}),
        )

    def version(self, function: Function) -> Call:
        """Return the call that publishes a function's version, which executions are pinned to."""
        name = self.function_name(function.name)
        return Call("lambda", "publish_version", {"FunctionName": name})

    def removals(self) -> list[Call]:
        """Return the calls that remove everything, whether or not it was made."""
        functions = [
            Call("lambda", "delete_function", {"FunctionName": self.function_name(each.name)})
            for each in self.functions
        ]
        policy = {"RoleName": self.name, "PolicyName": _POLICY}
        return [
            *functions,
            Call("iam", "delete_role_policy", policy),
            Call("iam", "delete_role", {"RoleName": self.name}),
            Call("logs", "delete_log_group", {"logGroupName": self._log_group}),
            Call("ecr", "delete_repository", {"repositoryName": self.name, "force": True}),
        ]

    @property
    def _log_group(self) -> str:
        return f"/aws/lambda/{self.name}"

    @property
    def _log_group_arn(self) -> str:
        return self._arn("logs", f"log-group:{self._log_group}")

    @property
    def _functions_arn(self) -> str:
        # The star stands for the rest of a name, a version and an execution.
        return self._arn("lambda", f"function:{self.name}-*")

    @property
    def _role_arn(self) -> str:
        return f"arn:aws:iam::{self.account}:role/{self.name}"

    def _arn(self, service: str, resource: str) -> str:
        return f"arn:aws:{service}:{self.region}:{self.account}:{resource}"


def architecture() -> str:
    """Return Lambda's name for this machine's processor, for which images are built."""
    return "arm64" if platform.machine() in ("arm64", "aarch64") else "x86_64"
