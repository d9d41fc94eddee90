"""The scenarios as on AWS; moto keeps what is made, and the local service runs it."""

import json
import signal
from pathlib import Path

import pytest
from accounts import ACCOUNT, REGION, Account, serving
from aws.plan import Plan
from deployed import functions

PLAN = Plan("run1", ACCOUNT, REGION, functions())
OPTIONS = ("--run-name", PLAN.run, "-p", "redirected")
STEPS = "test_step_wait_step or test_multiple_steps or test_a_durable_function"


def said_by_docker(account: Account) -> list[dict[str, object]]:
    """Return the commands that `docker` was given."""
    return [json.loads(line) for line in account.docker_record.read_text().splitlines()]


def test_scenarios(account: Account, tmp_path: Path) -> None:
    """What was deployed is found, histories are those of the target `process`, all is gone."""
    histories = str(tmp_path / "histories")
    recorded = account.run("--target", "process", "-k", STEPS, "--save-histories", histories)
    output, _ = recorded.communicate()
    assert recorded.returncode == 0, output
    with serving(PLAN) as url:
        running = account.run(
            *OPTIONS, "-k", STEPS, "--compare-with", histories, EXECUTIONS_URL=url
        )
        output, _ = running.communicate()
    assert running.returncode == 0, output
    assert "6 passed" in output
    assert f"run run1 in account {ACCOUNT}, {REGION}" in output
    assert "run run1 is removed" in output
    assert account.contents() == {}

    asked = said_by_docker(account)
    built = [each for each in asked if "build" in each["arguments"]]  # type: ignore[operator] # a list
    assert len(built) == 2
    for each in built:
        assert each["attestations"] == "1"
        assert {"functions", "libraries"} <= {*each["context"]}  # type: ignore[misc] # a list
        assert {"lambda_durable", "awslambdaric", "boto3"} <= {*each["libraries"]}  # type: ignore[misc] # as above
    pushed = [each["arguments"][-1] for each in asked if "push" in each["arguments"]]  # type: ignore[index, operator] # as above
    assert pushed == [PLAN.image("awaited"), PLAN.image("plain")]
    assert "AWS:" not in account.docker_record.read_text()


def test_ctrl_c(account: Account) -> None:
    """Interrupted before the first scenario, it removes everything and says so."""
    output = ""
    with (
        serving(PLAN) as url,
        account.run(*OPTIONS, "-k", "waits", EXECUTIONS_URL=url) as running,
    ):
        assert running.stdout is not None
        for line in running.stdout:
            output += line
            if "functions made" in line:
                assert account.contents()["repositories"] == [PLAN.name]
                running.send_signal(signal.SIGINT)
    assert running.returncode == pytest.ExitCode.INTERRUPTED, output
    assert "run run1 is removed" in output
    assert account.contents() == {}


def test_cleaning_up(account: Account) -> None:
    """What a run left behind that was killed is removed by its name."""
    account.client("logs").create_log_group(logGroupName=f"/aws/lambda/{PLAN.name}")
    account.client("ecr").create_repository(repositoryName=PLAN.name)
    account.client("ecr").create_repository(repositoryName="of-somebody-else")
    with serving(PLAN) as url:
        running = account.run("--clean-up", "run1", "-p", "redirected", EXECUTIONS_URL=url)
        output, _ = running.communicate()
    assert running.returncode == 0, output
    assert "nothing is left of run run1" in output
    assert account.contents() == {"repositories": ["of-somebody-else"]}


def test_credentials_that_do_not_work(account: Account, tmp_path: Path) -> None:
    """It is said at once, before anything is built."""
    running = account.run(AWS_ENDPOINT_URL="http://127.0.0.1:9", AWS_MAX_ATTEMPTS="1")
    output, _ = running.communicate()
    assert running.returncode == pytest.ExitCode.USAGE_ERROR
    assert "AWS does not answer with the credentials that are configured" in output
    assert not account.docker_record.exists()
