"""The local service with the scenarios' functions, for the targets that run on this machine."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from targets.base import Function

REGION = "us-east-1"


def template(functions: Sequence[Function], how: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return a SAM template of the functions; `how` has what is special to each flavour."""
    return {
        "Transform": "AWS::Serverless-2016-10-31",
        "Resources": {
            "".join(part.capitalize() for part in each.name.replace("_", "-").split("-")): {
                "Type": "AWS::Serverless::Function",
                "Properties": {
                    "FunctionName": each.name,
                    "Timeout": each.timeout,
                    "MemorySize": each.memory_mb,
                    "LoggingConfig": {"LogFormat": "JSON"},
                    **_durable(each),
                    **how[each.flavour],
                    **_entry(each, how[each.flavour]),
                },
            }
            for each in functions
        },
    }


def _durable(function: Function) -> dict[str, Any]:
    if not function.durable:
        return {}
    timeout = function.execution_timeout
    limit = {} if timeout is None else {"ExecutionTimeout": timeout}
    return {"DurableConfig": {**limit, "RetentionPeriodInDays": 1}}


def _entry(function: Function, how: Mapping[str, Any]) -> dict[str, Any]:
    if "ImageUri" in how:
        return {"ImageConfig": {"Command": [function.handler]}}
    return {"Handler": function.handler}


@dataclass(frozen=True, slots=True)
class Service:
    """A local service that runs."""

    url: str
    process: "subprocess.Popen[str]"


@contextmanager
def service(
    template: Mapping[str, Any], folder: Path, *options: str, variables: Mapping[str, str] = {}
) -> Iterator[Service]:
    """Serve a template's functions until the block ends.

    The functions' logs are in `folder`, beside the store.
    """
    file = folder / "template.yaml"
    file.write_text(json.dumps(template, indent=1), encoding="utf-8")
    command = [
        *(sys.executable, "-m", "lambda_durable_local", "serve", "--plain", "--port", "0"),
        *("--template", str(file), "--store", str(folder / "executions.db")),
        *("--log-dir", str(folder / "logs"), *options),
    ]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, **variables}
    ) as process:
        try:
            first = process.stdout.readline() if process.stdout else ""
            if "http://" not in first:
                raise RuntimeError(f"the service did not start: {first.strip() or 'see above'}")
            yield Service(first.split()[-1], process)
        finally:
            process.terminate()


def client(endpoint: str) -> Any:
    """Return a client of a local service."""
    return boto3.client(
        "lambda",
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id="local",
        aws_secret_access_key="local",
        config=Config(read_timeout=900, retries={"total_max_attempts": 1}),
    )
