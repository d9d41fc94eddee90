"""Runs the functions of an environment on `durable serve`, and asks an environment what it has."""

import json
import subprocess
import sys
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from environments import run
from expected import check

FUNCTIONS = Path(__file__).parent / "functions"
FLAVOURS = ("plain", "awaited")


@contextmanager
def serving(*options: str, service: str | Path = sys.executable) -> Iterator[Any]:
    """Serve functions until the block ends, run by the interpreter `service`; give a client."""
    command = [str(service), "-m", "lambda_durable_local", "serve", "--port", "0", "--skip-time"]
    with subprocess.Popen([*command, *options], stdout=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            assert line.startswith("listening on "), f"the service did not start: {line}"
            client = boto3.client(
                "lambda",
                endpoint_url=line.split()[-1],
                region_name="us-east-1",
                aws_access_key_id="local",
                aws_secret_access_key="local",
                config=Config(read_timeout=240, retries={"total_max_attempts": 1}),
            )
            yield client
            client.close()
        finally:
            process.terminate()


def results(client: Any, *functions: str) -> list[dict[str, Any]]:
    """Run functions side by side and return their results; fail if one of them failed."""

    def invoke(name: str) -> dict[str, Any]:
        answer = client.invoke(FunctionName=name, Qualifier="$LATEST", Payload=b"{}")
        result = json.load(answer["Payload"])
        assert "FunctionError" not in answer, result
        assert isinstance(result, dict)
        return result

    with ThreadPoolExecutor(len(functions)) as threads:
        return list(threads.map(invoke, functions))


def check_words(
    python: Path, extras: Collection[str], *, service: str | Path = sys.executable
) -> list[dict[str, Any]]:
    """Run both handlers with an environment's interpreter, and compare what the words say."""
    targets = [f"--function={name}={FUNCTIONS / 'words.py'}:{name}" for name in FLAVOURS]
    with serving("--python", str(python), *targets, service=service) as client:
        told = results(client, *FLAVOURS)
    for each in told:
        check(each["said"], extras)
    return told


def modules(python: Path, *left_out: str) -> dict[str, int]:
    """Import all modules of our distributions in an environment; return how many each has."""
    found = json.loads(run(str(python), "-I", str(FUNCTIONS / "modules.py"), *left_out))
    assert isinstance(found, dict)
    return found
