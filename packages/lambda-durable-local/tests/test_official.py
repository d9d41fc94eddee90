"""Handlers written for the official SDK run unchanged from their template, in its own interpreter.

The interpreter is LAMBDA_DURABLE_OFFICIAL_PYTHON, or one of an environment that is made here once.
"""

import json
import os
import re
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from official_cases import (
    BEAT,
    CALLBACKS,
    CHILDREN,
    CONDITIONS,
    INVOKES,
    MAPS,
    OBSERVED,
    PARALLEL,
    STEPS,
    TIMED_OUT,
)

OFFICIAL = "aws-durable-execution-sdk-python==3.0.0"
TEMPLATE = Path(__file__).parent / "official" / "template.yaml"
CASES = [*STEPS, *CHILDREN, *INVOKES, *CONDITIONS, *PARALLEL, *MAPS, *OBSERVED, *TIMED_OUT]
MARKS = {"Started": ">", "Succeeded": "+", "Failed": "!", "TimedOut": "?"}

# One worker of pytest-xdist has them all: they share a service.
pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("official")]


@pytest.fixture(scope="session")
def official_python(pytestconfig: pytest.Config) -> str:
    """Return an interpreter that has the official SDK; skip without one."""
    given = os.environ.get("LAMBDA_DURABLE_OFFICIAL_PYTHON")
    if given:
        return given
    folder = Path(pytestconfig.cache.mkdir("official-sdk")) / "venv"  # type: ignore[union-attr] # the plugin is always there
    python = folder / "bin" / "python"
    check = [str(python), "-c", "import aws_durable_execution_sdk_python"]
    if not python.exists() or subprocess.run(check, check=False).returncode != 0:
        venv.create(folder, with_pip=True, clear=True)
        install = [str(python), "-m", "pip", "install", "-q", "--retries", "1", OFFICIAL]
        done = subprocess.run(install, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            pytest.skip(f"{OFFICIAL} cannot be installed: {done.stderr.strip()[-300:]}")
    return str(python)


@dataclass
class Service:
    """A `durable serve` with the template's functions, and what they were started for."""

    client: Any
    logs: Path
    started: dict[str, str]

    def start(self, function: str, event: Any) -> None:
        """Start an execution and do not wait for it."""
        answer = self.client.invoke(
            FunctionName=function.replace("_", "-"),
            Qualifier="$LATEST",
            InvocationType="Event",
            Payload=json.dumps(event),
        )
        self.started[function] = answer["DurableExecutionArn"]

    def events(self, function: str) -> list[dict[str, Any]]:
        """Return the history of the execution that was started."""
        arn = self.started[function]
        pages = self.client.get_paginator("get_durable_execution_history")
        return [
            event for page in pages.paginate(DurableExecutionArn=arn) for event in page["Events"]
        ]

    def ended(self, function: str) -> dict[str, Any]:
        """Return the execution, once it has ended."""
        while True:
            told = self.client.get_durable_execution(DurableExecutionArn=self.started[function])
            if told["Status"] not in ("RUNNING", "PAUSING", "PAUSED"):
                return dict(told)
            time.sleep(0.1)

    def check(self, function: str, result: Any, history: str | None) -> None:
        """Compare what became of an execution with what is expected."""
        told = self.ended(function)
        if isinstance(result, Exception):
            assert told["Status"] == "FAILED", told
            assert str(result) in told["Error"]["ErrorMessage"]
        else:
            assert told["Status"] == "SUCCEEDED", told
            assert json.loads(told["Result"]) == result
        first, *middle, last = [event["EventType"] for event in self.events(function)]
        assert first == "ExecutionStarted"
        assert last == f"Execution{told['Status'].capitalize()}"
        if history is not None:
            assert " ".join(in_short(each) for each in middle) == history

    def records(self, function: str) -> list[dict[str, Any]]:
        """Return the records of a function's log that belong to the execution."""
        lines = (self.logs / f"{function.replace('_', '-')}.log").read_text().splitlines()
        found = [json.loads(line) for line in lines if line.startswith("{")]
        arn = self.started[function]
        return [
            each
            for each in found
            if arn in (each.get("executionArn"), each.get("durableExecutionArn"))
        ]


def in_short(event_type: str) -> str:
    if event_type == "InvocationCompleted":
        return "."
    found = re.fullmatch(r"(?:Chained)?(\w+?)(Started|Succeeded|Failed|TimedOut)", event_type)
    assert found is not None, event_type
    return found[1].lower() + MARKS[found[2]]


def serve(python: str, folder: Path, *options: str) -> Iterator[Service]:
    command = [sys.executable, "-m", "lambda_durable_local", "serve", "--port", "0", *options]
    command += ["--template", str(TEMPLATE), "--python", python, "--log-dir", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("listening on "), line
        client = boto3.client(
            "lambda",
            endpoint_url=line.split()[-1],
            region_name="us-east-1",
            aws_access_key_id="local",
            aws_secret_access_key="local",
            config=Config(read_timeout=300),
        )
        yield Service(client, folder, {})
        client.close()
    finally:
        process.terminate()
        process.communicate()
    assert process.returncode == 0


@pytest.fixture(scope="module")
def skipping(official_python: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Return a service that skips time, and has begun all cases in which nothing is sent."""
    for service in serve(official_python, tmp_path_factory.mktemp("logs"), "--skip-time"):
        for function, event, _, _ in CASES:
            service.start(function, event)
        yield service


@pytest.fixture(scope="module")
def waiting(official_python: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Return a service that has begun the cases with callbacks, in real time."""
    for service in serve(official_python, tmp_path_factory.mktemp("logs")):
        for function, event, _, _, _ in CALLBACKS:
            service.start(function, event)
        yield service


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_a_handler(skipping: Service, case: tuple[str, Any, Any, str | None]) -> None:
    function, _, result, history = case
    skipping.check(function, result, history)


@pytest.mark.parametrize("case", CALLBACKS, ids=lambda case: case[0])
def test_a_handler_with_callbacks(
    waiting: Service, case: tuple[str, Any, dict[str, list[Any]], Any, str | None]
) -> None:
    function, _, sent, result, history = case
    for name, messages in sent.items():
        id = callback_id(waiting, function, name)
        for message in messages:
            send(waiting.client, id, message)
    waiting.check(function, result, history)


def callback_id(service: Service, function: str, name: str) -> str:
    """Return a callback's id, once its invocation has ended."""
    while True:
        events = service.events(function)
        started = [
            number
            for number, event in enumerate(events)
            if event.get("Name") == name and event["EventType"] == "CallbackStarted"
        ]
        for number in started:
            if any(event["EventType"] == "InvocationCompleted" for event in events[number:]):
                return str(events[number]["CallbackStartedDetails"]["CallbackId"])
        time.sleep(0.1)


def send(client: Any, id: str, message: Any) -> None:
    if message == BEAT:
        client.send_durable_execution_callback_heartbeat(CallbackId=id)
    elif isinstance(message, Exception):
        error = {"ErrorType": "RejectedError", "ErrorMessage": str(message)}
        client.send_durable_execution_callback_failure(CallbackId=id, Error=error)
    else:
        client.send_durable_execution_callback_success(CallbackId=id, Result=message)


def test_a_step_logs_once_although_the_handler_runs_twice(skipping: Service) -> None:
    skipping.ended("child_logs")
    messages = [each.get("message") for each in skipping.records("child_logs")]
    assert messages.count("in the child: in") == 1


def test_a_plugin_is_told_of_each_hook(skipping: Service) -> None:
    skipping.ended("observed_step")
    hooks = [each["hook"] for each in skipping.records("observed_step") if "hook" in each]
    assert hooks[0] == "invocation-start"
    assert hooks[-1] == "invocation-end"
    assert {"operation-start", "attempt-start", "attempt-end", "operation-end"} < set(hooks)


def test_a_faulty_plugin_does_not_silence_another(skipping: Service) -> None:
    skipping.ended("observed_by_a_faulty_and_a_healthy_one")
    records = skipping.records("observed_by_a_faulty_and_a_healthy_one")
    by_plugin = {
        name: {each["hook"] for each in records if each.get("plugin") == name}
        for name in ("TELLER-FAULTY", "TELLER-HEALTHY")
    }
    assert by_plugin["TELLER-HEALTHY"] >= {"invocation-start", "operation-end", "invocation-end"}
    assert by_plugin["TELLER-FAULTY"] == by_plugin["TELLER-HEALTHY"]


def test_a_function_that_is_invoked_and_waited_for(skipping: Service) -> None:
    answer = skipping.client.invoke(
        FunctionName="greets", Qualifier="$LATEST", Payload=json.dumps("you")
    )
    assert json.loads(answer["Payload"].read()) == "Hello, you!"
    answer = skipping.client.invoke(FunctionName="plain", Payload=json.dumps({"a": 1}))
    assert json.loads(answer["Payload"].read()) == {"plain": {"a": 1}, "tenant": None}
