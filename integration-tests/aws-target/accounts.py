"""An account without AWS: moto's server, and the local service for what moto cannot run."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from aws.plan import LONGEST_EXECUTION_SECONDS, Plan
from targets.base import Function
from targets.local import service

HERE = Path(__file__).resolve().parent
SCENARIOS = HERE.parent / "scenarios"
REGION = "us-east-1"
ACCOUNT = "123456789012"


@dataclass(frozen=True, slots=True)
class Account:
    """What stands for AWS, and how programs reach it."""

    endpoint: str
    folder: Path

    @property
    def session(self) -> boto3.Session:
        """Return what makes clients of it."""
        return boto3.Session("testing", "testing", region_name=REGION)

    def client(self, name: str) -> Any:
        """Return a client of one of its services."""
        return self.session.client(name, endpoint_url=self.endpoint)  # type: ignore[call-overload] # a name that is read

    @property
    def variables(self) -> dict[str, str]:
        """Return the environment of a program that takes it for AWS."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_DEFAULT_REGION": REGION,
            "DOCKER_RECORD": str(self.docker_record),
            "PYTHONUNBUFFERED": "1",  # lines are read as they come
            "PATH": f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
        }

    @property
    def docker_record(self) -> Path:
        """Return the file with what `docker` was asked."""
        return self.folder / "docker.jsonl"

    def contents(self) -> dict[str, list[str]]:
        """Return the names of all that was made in it and is still there."""
        functions, roles = self.client("lambda").list_functions(), self.client("iam").list_roles()
        groups = self.client("logs").describe_log_groups()["logGroups"]
        repositories = self.client("ecr").describe_repositories()["repositories"]
        found = {
            "functions": [each["FunctionName"] for each in functions["Functions"]],
            "roles": [each["RoleName"] for each in roles["Roles"]],
            "log groups": [each["logGroupName"] for each in groups],
            "repositories": [each["repositoryName"] for each in repositories],
        }
        return {kind: names for kind, names in found.items() if names}

    def run(self, *options: str, **variables: str) -> "subprocess.Popen[str]":
        """Start the scenarios on the target `aws`."""
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", str(SCENARIOS)]
        return subprocess.Popen(
            [*command, "--target", "aws", *options],
            env={**os.environ, "PYTHONPATH": str(HERE), **self.variables, **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )


def install_docker(folder: Path) -> None:
    """Put a `docker` command into a folder that needs no engine."""
    folder.mkdir()
    program = folder / "docker"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} {HERE / "fake_docker.py"} "$@"\n')
    program.chmod(0o755)


@contextmanager
def serving(plan: Plan) -> Iterator[str]:
    """Serve a plan's functions on the local service until the block ends; give its address."""
    made = {
        "Transform": "AWS::Serverless-2016-10-31",
        "Resources": {
            f"F{number}": _resource(plan, function)
            for number, function in enumerate(plan.functions)
        },
    }
    with (
        tempfile.TemporaryDirectory() as folder,
        service(made, Path(folder), "--skip-time") as served,
    ):
        yield served.url


def _resource(plan: Plan, function: Function) -> dict[str, Any]:
    made = plan.function(function).arguments
    copied = ("FunctionName", "Timeout", "MemorySize")
    properties: dict[str, Any] = {name: made[name] for name in copied} | {
        "Handler": made["ImageConfig"]["Command"][0],
        "CodeUri": str(SCENARIOS / "functions"),
        "Runtime": "python3.13",
    }
    durable = made.get("DurableConfig")
    if durable is not None:
        limited = durable["ExecutionTimeout"] < LONGEST_EXECUTION_SECONDS
        kept = {"RetentionPeriodInDays": durable["RetentionPeriodInDays"]}
        properties["DurableConfig"] = durable if limited else kept
    return {"Type": "AWS::Serverless::Function", "Properties": properties}


def some(functions: Sequence[Function], *names: str) -> list[Function]:
    """Return the functions with these names, of both flavours."""
    return [each for each in functions if each.name.partition("-")[2] in names]
