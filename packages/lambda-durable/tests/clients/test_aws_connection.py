"""Making the boto3 client: late, once, safely, and with clear words when it cannot be made."""

import gzip
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import botocore
import pytest

from lambda_durable import errors
from lambda_durable.clients.aws import AwsService
from lambda_durable.clients.connection import LambdaClient, Settings, lambda_client

from .lambda_server import LambdaServer

ARN = "arn:aws:lambda:eu-west-1:123456789012:function:orders:7/durable-execution/order-1/inv-1"
SETTINGS = Settings(None, None, connect_timeout=5, read_timeout=50, attempts=4)


def refusal(service: AwsService) -> errors.ServiceError:
    with pytest.raises(errors.ServiceError) as caught:
        service.checkpoint(ARN, "dG9rZW4=", [])
    assert caught.value.__cause__ is not None
    assert ARN in str(caught.value)
    return caught.value


def python(code: str) -> str:
    """Run the code in a fresh interpreter that finds the same packages, and return its output."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_boto3_is_imported_by_the_first_call(server: LambdaServer) -> None:
    output = python(
        "import sys\n"
        "from lambda_durable.clients.aws import AwsService\n"
        "service = AwsService.from_environment()\n"
        "print('boto3' in sys.modules, 'botocore' in sys.modules)\n"
        f"service.checkpoint({ARN!r}, 'dG9rZW4=', [])\n"
        "print('boto3' in sys.modules)\n"
    )
    assert output.split() == ["False", "False", "True"]
    assert len(server.requests) == 1


def test_connect_imports_boto3_and_sends_nothing(server: LambdaServer) -> None:
    output = python(
        "import sys\n"
        "from lambda_durable.clients.aws import AwsService\n"
        "AwsService.from_environment().connect()\n"
        "print('boto3' in sys.modules)\n"
    )
    assert output == "True"
    assert server.requests == []


def test_one_client_per_process_and_endpoint(server: LambdaServer) -> None:
    first = lambda_client(SETTINGS)
    assert lambda_client(SETTINGS) is first
    assert lambda_client(SETTINGS._replace(region="ap-south-1")) is not first
    assert lambda_client(SETTINGS._replace(endpoint_url=server.url + "/x")) is not first
    assert lambda_client(SETTINGS) is first


@pytest.mark.parametrize(
    "name", ["AWS_ENDPOINT_URL_LAMBDA", "AWS_DEFAULT_REGION", "AWS_SECRET_ACCESS_KEY"]
)
def test_a_changed_environment_means_another_client(
    server: LambdaServer, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    first = lambda_client(SETTINGS)
    monkeypatch.setenv(name, "http://127.0.0.1:9" if "URL" in name else "us-east-2")
    assert lambda_client(SETTINGS) is not first


def test_user_agent_names_the_sdk_after_boto3(server: LambdaServer) -> None:
    AwsService.from_environment().checkpoint(ARN, "dG9rZW4=", [])
    agent = server.requests[0].headers["user-agent"]
    assert agent.startswith("Boto3/")
    name, version = agent.rpartition(" ")[2].split("/")
    assert name == "lambda-durable"
    assert version


def test_the_cause_is_what_boto3_raised(server: LambdaServer) -> None:
    server.will_refuse(403, "AccessDeniedException", "Not authorized")
    cause = refusal(AwsService()).__cause__
    assert type(cause).__module__.startswith("botocore")


def test_connections_are_kept(server: LambdaServer) -> None:
    for _ in range(3):
        AwsService.from_environment().checkpoint(ARN, "dG9rZW4=", [])
    assert len(server.requests) == 3
    assert len({request.client for request in server.requests}) == 1


def test_threads_that_come_at_once_share_one_client(server: LambdaServer) -> None:
    together = Barrier(12)

    def make() -> LambdaClient:
        together.wait()
        return lambda_client(SETTINGS)

    with ThreadPoolExecutor(12) as pool:
        made = [task.result() for task in [pool.submit(make) for _ in range(12)]]
    assert len(set(map(id, made))) == 1


def test_a_child_process_makes_its_own(server: LambdaServer) -> None:
    output = python(
        "import os\n"
        "from lambda_durable.clients.connection import Settings, lambda_client\n"
        "settings = Settings(None, None, 5, 50, 4)\n"
        "mine = lambda_client(settings)\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    os._exit(7 if lambda_client(settings) is not mine else 8)\n"
        "print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
    )
    assert output == "7"


def test_no_region(server: LambdaServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    error = refusal(AwsService())
    assert (error.code, error.status, error.retryable) == ("NoRegionError", None, False)
    assert "set AWS_DEFAULT_REGION" in str(error)


def test_no_credentials(server: LambdaServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    error = refusal(AwsService())
    assert (error.code, error.status, error.retryable) == ("NoCredentialsError", None, False)
    assert "give the function a role" in str(error)


def test_half_of_the_credentials(server: LambdaServer, monkeypatch: pytest.MonkeyPatch) -> None:
    AwsService().checkpoint(ARN, "dG9rZW4=", [])
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    error = refusal(AwsService())
    assert (error.code, error.retryable) == ("PartialCredentialsError", False)


def test_credentials_that_cannot_be_fetched_may_come_later(
    server: LambdaServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    config = tmp_path / "config"
    config.write_text(f"[profile p]\ncredential_process = {sys.executable} -c exit(3)\n")
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("AWS_PROFILE", "p")
    error = refusal(AwsService())
    assert (error.code, error.retryable) == ("CredentialRetrievalError", True)


def test_unknown_profile(server: LambdaServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    error = refusal(AwsService())
    assert (error.code, error.retryable) == ("ProfileNotFound", False)
    assert "nobody" in str(error)


@pytest.mark.parametrize("settings", [{"endpoint_url": "no url"}, {"region": "not a region"}])
def test_settings_that_make_no_sense(settings: dict[str, str]) -> None:
    error = refusal(AwsService(**settings))  # type: ignore[arg-type]  # strings, all of them
    assert (error.code, error.retryable) == ("InvalidInputError", False)
    assert next(iter(settings.values())) in str(error)


def test_connect_fails_as_a_call_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    with pytest.raises(errors.ServiceError, match="Making the Lambda client failed: NoRegion"):
        AwsService.from_environment().connect()


def test_boto3_older_than_durable_functions(
    server: LambdaServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """botocore reads the model of an older Lambda API from AWS_DATA_PATH, before its own."""
    current = Path(botocore.__file__).parent / "data" / "lambda" / "2015-03-31"
    older = tmp_path / "lambda" / "2015-03-31"
    older.mkdir(parents=True)
    model = json.loads(gzip.decompress((current / "service-2.json.gz").read_bytes()))
    model["operations"] = {
        name: operation for name, operation in model["operations"].items() if "Durable" not in name
    }
    (older / "service-2.json").write_text(json.dumps(model))
    monkeypatch.setenv("AWS_DATA_PATH", str(tmp_path))

    error = refusal(AwsService())
    assert (error.code, error.retryable) == ("ImportError", False)
    assert "does not know durable functions" in str(error)
    assert "boto3 1.42.1 or newer" in str(error)
    assert server.requests == []


def test_no_boto3() -> None:
    output = python(
        "import sys\n"
        "sys.modules['boto3'] = None\n"
        "from lambda_durable.clients.aws import AwsService\n"
        "from lambda_durable.errors import ServiceError\n"
        "try:\n"
        "    AwsService.from_environment().connect()\n"
        "except ServiceError as error:\n"
        "    print(error)\n"
    )
    assert "install boto3 1.42.1 or newer" in output
