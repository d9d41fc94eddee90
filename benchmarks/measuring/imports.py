"""Measures what a cold start pays: imports, and the client of the service."""

import importlib
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PACKAGES = {
    "def": "lambda_durable",
    "official": "aws_durable_execution_sdk_python",
    "async package": "async_durable_execution",
}
DEPENDENCIES = {"async package": ("botocore.session", "botocore.config")}
"""What is loaded before `importing` counts, by the SDK; boto3 if it is not here."""


def importing(*, sdk: str, after: bool = True) -> dict[str, float]:
    """Measure the import of an SDK; `after`: once its client's library is loaded."""
    return _cost(lambda: importlib.import_module(PACKAGES[sdk]), sdk, after)


def first_step(
    *, sdk: str, program: str, parameters: dict[str, Any], after: bool = True
) -> dict[str, float]:
    """Measure all that comes before a step's result: the import, the handler, one invocation."""
    from .executions import Runner
    from .memory_service import Memory

    os.environ["LAMBDA_DURABLE_PLUGINS"] = ""  # core alone: the others have no plugins
    memory = Memory()
    return _cost(lambda: Runner(sdk, program, parameters, memory).execute(), sdk, after)


def client(*, sdk: str, lean: bool = False) -> dict[str, float]:
    """Measure the import of an SDK and the making of its client, and the memory after that."""
    os.environ.update(AWS_DEFAULT_REGION="eu-west-1", AWS_CONFIG_FILE=os.devnull)
    os.environ.update(AWS_ACCESS_KEY_ID="AKIAEXAMPLE", AWS_SECRET_ACCESS_KEY="secret")
    cpu, begun = time.process_time(), time.perf_counter()
    importlib.import_module(PACKAGES[sdk])
    _make_client(sdk, lean)
    return {
        "wall": time.perf_counter() - begun,
        "cpu": time.process_time() - cpu,
        "memory": _resident(),
        "modules": len(sys.modules),
    }


def _cost(work: Callable[[], object], sdk: str, after: bool) -> dict[str, float]:
    """Measure what is done once; `after`: once what the SDK's client needs is loaded."""
    if after:
        for module in DEPENDENCIES.get(sdk, ("boto3",)):
            importlib.import_module(module)
    before, cpu, begun = len(sys.modules), time.process_time(), time.perf_counter()
    work()
    return {
        "wall": time.perf_counter() - begun,
        "cpu": time.process_time() - cpu,
        "modules": len(sys.modules) - before,
    }


def _make_client(sdk: str, lean: bool) -> None:
    if sdk == "official":
        from aws_durable_execution_sdk_python.lambda_service import LambdaClient

        LambdaClient.initialize_client()
    elif sdk == "async package":
        from async_durable_execution import create_default_sync_client

        create_default_sync_client()
    elif lean:
        from lambda_durable_lean_client import LeanService

        LeanService().connect()
    else:
        from lambda_durable.clients.aws import AwsService

        AwsService().connect()


def _resident() -> float:
    """Return the memory that this process has now, or has had at most, in bytes."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text(encoding="ascii").split()[1]) * resource.getpagesize()
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used if sys.platform == "darwin" else used * 1024
