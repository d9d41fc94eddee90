"""Being installed is being used, where the environment says all there is to know."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from clients.lambda_server import LambdaServer

import lambda_durable_lean_client
from lambda_durable import DurableContext, durable_execution, hookimpl
from lambda_durable.clients.aws import AwsService
from lambda_durable.errors import InvalidInputError, ServiceError
from lambda_durable.events import Invocation
from lambda_durable.plugins import Plugins
from lambda_durable_lean_client import LeanService, plugin
from lambda_durable_lean_client.environment import FULL_URI, why_boto3

ARN = "arn:aws:lambda:eu-west-1:123456789012:function:orders:7/durable-execution/order-1/inv-1"
INVOCATION = Invocation(ARN, True, None, None)

STEP = {
    "Id": "1ced8f5be2db23a6513eba4d819c73806424748a7bc6fa0d792cc1c7d1775a97",
    "Type": "STEP",
    "SubType": "Step",
    "Name": "five",
    "Status": "SUCCEEDED",
    "StartTimestamp": 1764547200.5,
    "StepDetails": {"Attempt": 1, "Result": "5"},
}
SAVED = {"CheckpointToken": "bmV4dA==", "NewExecutionState": {"Operations": [STEP]}}
EXECUTION = {
    "Id": "inv-1",
    "Type": "EXECUTION",
    "Status": "STARTED",
    "StartTimestamp": 1764547200000,
    "ExecutionDetails": {"InputPayload": "{}"},
}
EVENT = {
    "DurableExecutionArn": ARN,
    "CheckpointToken": "dG9rZW4=",
    "InitialExecutionState": {"Operations": [EXECUTION], "NextMarker": ""},
}


@durable_execution
def handler(event: Any, ctx: DurableContext) -> int:
    return ctx.step(lambda: 5, name="five")


def chosen(*plugins: object) -> object:
    return Plugins(plugins).service(INVOCATION)


def test_it_is_found_by_name_and_asked_before_boto3() -> None:
    assert isinstance(chosen(), LeanService)


@pytest.mark.parametrize("explicit", [True, False])
def test_another_plugins_client_wins(explicit: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    class Other:
        @hookimpl
        def durable_service(self) -> Any:
            return "another"

    other = Other()
    if explicit:
        assert chosen(other) == "another"
    else:
        listed = [lambda_durable_lean_client, other]
        monkeypatch.setattr("lambda_durable.discovery.installed", lambda: listed)
        assert chosen() == "another"


def test_a_handler_checkpoints_through_it(server: LambdaServer) -> None:
    server.will_answer(SAVED)
    assert handler(EVENT, None) == {"Status": "SUCCEEDED", "Result": "5"}
    (request,) = server.requests
    assert [update["Action"] for update in request.body["Updates"]] == ["START", "SUCCEED"]
    assert request.headers["user-agent"].startswith("lambda-durable-lean-client Python/3.")


INVOKED_IN_LAMBDA = """
import json, sys
from lambda_durable import DurableContext, durable_execution

@durable_execution
def handler(event: dict, ctx: DurableContext) -> str:
    return ctx.step(lambda: 5, name="five")

before = set(sys.modules)
print("boto3" in before, "lambda_durable_lean_client.client" in before)
print(handler(json.loads(sys.argv[1]), None)["Status"])
looking_up_a_host = {"encodings.idna", "stringprep", "unicodedata"}
print("more:", *sorted(set(sys.modules) - before - looking_up_a_host))
"""


def test_in_lambda_it_is_ready_before_the_first_invocation(server: LambdaServer) -> None:
    server.will_answer(SAVED)
    done = subprocess.run(
        [sys.executable, "-c", INVOKED_IN_LAMBDA, json.dumps(EVENT)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, "AWS_LAMBDA_RUNTIME_API": "127.0.0.1:9001"},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["False True", "SUCCEEDED", "more:"]
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"AWS_PROFILE": "p"}, "AWS_PROFILE chooses a profile"),
        ({"AWS_ACCESS_KEY_ID": None}, "the environment has no credentials"),
        (
            {"AWS_ACCESS_KEY_ID": None, "AWS_WEB_IDENTITY_TOKEN_FILE": "/t", FULL_URI: "http://h"},
            "AWS_WEB_IDENTITY_TOKEN_FILE has to be exchanged for credentials",
        ),
        ({"AWS_DEFAULT_REGION": None}, "the environment has no region"),
        (
            {"HTTPS_PROXY": "http://p:1"},
            "HTTPS_PROXY puts a proxy before https://lambda.eu-west-1.amazonaws.com",
        ),
        (
            {"http_proxy": "http://p:1", "AWS_ENDPOINT_URL": "http://h:2"},
            "http_proxy puts a proxy before http://h:2",
        ),
        ({"HTTPS_PROXY": "http://p", "NO_PROXY": "example.com, , .com.cn"}, "HTTPS_PROXY puts"),
        ({}, None),
        ({"AWS_ACCESS_KEY_ID": None, FULL_URI: "http://localhost:1/"}, None),
        ({"AWS_DEFAULT_REGION": None, "AWS_REGION": "eu-west-1"}, None),
        ({"HTTP_PROXY": "http://p:1"}, None),
        ({"HTTPS_PROXY": "http://p", "NO_PROXY": "localhost, .amazonaws.com"}, None),
        ({"HTTPS_PROXY": "http://p", "no_proxy": "amazonaws.com:443"}, None),
        ({"HTTPS_PROXY": "http://p", "NO_PROXY": "*"}, None),
        ({"HTTPS_PROXY": "http://p", "AWS_ENDPOINT_URL": "no url"}, None),
    ],
)
def test_who_answers(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, str | None], reason: str | None
) -> None:
    for name, value in change.items():
        if value is None:
            monkeypatch.delenv(name)
        else:
            monkeypatch.setenv(name, value)
    found = why_boto3(os.environ)
    assert (found or "").startswith(reason or "")
    assert bool(found) == bool(reason)
    assert isinstance(chosen(), AwsService if reason else LeanService)


@pytest.mark.parametrize("name", ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"])
def test_a_file_that_boto3_reads(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    file = tmp_path / "file"
    monkeypatch.setenv(name, str(file))
    assert why_boto3(os.environ) is None
    file.write_text("")
    assert why_boto3(os.environ) == f"{file} may say more than the environment"


def test_files_in_their_usual_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("AWS_CONFIG_FILE")
    assert why_boto3(os.environ) is None
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "config").write_text("")
    assert why_boto3(os.environ) == f"{tmp_path}/.aws/config may say more than the environment"


def test_it_says_once_that_it_leaves_the_service_to_boto3(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "p")
    plugin._say.cache_clear()
    with caplog.at_level(logging.INFO, "lambda_durable"):
        chosen()
        chosen()
    assert caplog.messages == [
        "the lean client leaves the service to boto3: AWS_PROFILE chooses a profile"
    ]


def test_a_proxy_is_refused_where_the_client_was_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://p:1")
    with pytest.raises(ServiceError, match="add the host to NO_PROXY, or use boto3") as caught:
        LeanService().connect()
    assert (caught.value.code, caught.value.retryable) == ("InvalidInputError", False)


@pytest.mark.parametrize(
    "settings", [{"attempts": 0}, {"connect_timeout": 0}, {"read_timeout": -1}]
)
def test_settings_that_make_no_sense(settings: dict[str, Any]) -> None:
    ((name, value),) = settings.items()
    with pytest.raises(InvalidInputError, match=f"{name} must be .* not {value}"):
        LeanService(**settings)


@pytest.mark.parametrize(
    ("name", "code", "advice"),
    [
        ("AWS_DEFAULT_REGION", "NoRegionError", "set AWS_DEFAULT_REGION"),
        ("AWS_ACCESS_KEY_ID", "NoCredentialsError", "give the function a role"),
        ("AWS_SECRET_ACCESS_KEY", "PartialCredentialsError", "missing: AWS_SECRET_ACCESS_KEY"),
    ],
)
def test_what_the_environment_lacks(
    monkeypatch: pytest.MonkeyPatch, name: str, code: str, advice: str
) -> None:
    monkeypatch.delenv(name)
    with pytest.raises(ServiceError, match=advice) as caught:
        LeanService().checkpoint(ARN, "dG9rZW4=", [])
    assert (caught.value.code, caught.value.retryable) == (code, False)


def test_the_invocations_trace_goes_along(
    server: LambdaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("_X_AMZN_TRACE_ID", "Root=1-a;Parent=b;Sampled=1\r\n")
    LeanService().checkpoint(ARN, "dG9rZW4=", [])
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "orders")
    LeanService().checkpoint(ARN, "dG9rZW4=", [])
    outside, inside = (request.headers.get("x-amzn-trace-id") for request in server.requests)
    assert outside is None
    assert inside == "Root=1-a;Parent=b;Sampled=1%0D%0A"


def loaded_by(code: str) -> set[str]:
    script = f"import sys; sys.path[:] = {sys.path!r}\n{code}\nprint(*sys.modules, sep='\\n')"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_nothing_is_imported_before_the_first_call() -> None:
    loaded = loaded_by("import lambda_durable_lean_client as l; l.LeanService()")
    added = loaded - loaded_by("import lambda_durable")
    assert not added & {"http.client", "ssl", "socket", "hmac", "urllib.parse", "boto3", "email"}


def test_boto3_and_urllib_request_are_never_imported(server: LambdaServer) -> None:
    loaded = loaded_by(
        f"import os; os.environ.update({json.dumps(dict(os.environ))})\n"
        "from lambda_durable_lean_client import LeanService\n"
        f"LeanService().checkpoint({ARN!r}, 'dG9rZW4=', [])"
    )
    assert "http.client" in loaded
    assert not loaded & {"boto3", "botocore", "urllib.request", "importlib.metadata"}
