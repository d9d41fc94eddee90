"""What a run would make: printed without credentials, and as AWS's models of its APIs take it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from accounts import ACCOUNT, REGION, SCENARIOS
from aws.calls import Call
from aws.plan import Plan, PlanError
from botocore.validate import validate_parameters
from deployed import functions
from targets.base import Function

PLAN = Plan("run1", ACCOUNT, REGION, functions())


def calls() -> Iterator[Call]:
    """Return all calls of a run."""
    yield PLAN.repository()
    yield from PLAN.surroundings()
    for function in PLAN.functions:
        yield PLAN.function(function)
        yield PLAN.version(function)
    yield from PLAN.removals()


def test_every_call_is_one_that_its_service_takes() -> None:
    session = boto3.Session("none", "none", region_name=REGION)
    clients = {name: session.client(name) for name in ("ecr", "iam", "logs", "lambda")}
    for call in calls():
        client = clients[call.service]
        operation = client.meta.service_model.operation_model(
            client.meta.method_to_api_mapping[call.method]
        )
        validate_parameters(dict(call.arguments), operation.input_shape)


def test_what_is_made_is_removed() -> None:
    made = [call.method for call in calls()]
    for method in made:
        verb, _, what = method.partition("_")
        if verb == "create":
            assert made.count(f"delete_{what}") == made.count(method), what


def test_a_dry_run_prints_all_of_it_without_credentials(tmp_path: Path) -> None:
    """Nobody is asked anything: there are no credentials, and no address is reached."""
    hidden = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    options = ("--target", "aws", "--dry-run", "--run-name", "run1", "-p", "no:cacheprovider")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", str(SCENARIOS), *options],
        env=hidden | {"HOME": str(tmp_path), "AWS_ENDPOINT_URL": "http://127.0.0.1:9"},
        capture_output=True,
        text=True,
        check=True,
    )
    for call in calls():
        assert str(call) in done.stdout
    for name in ("deployer_policy", "policy"):
        for statement in getattr(PLAN, name)["Statement"]:
            assert all(action in done.stdout for action in statement["Action"])
    assert "What it costs" in done.stdout


@pytest.mark.parametrize(
    ("run", "name", "message"),
    [
        ("Run_1", "f", "1 to 16 small letters and digits, not 'Run_1'"),
        ("run1", "f" * 60, "more than the 64 characters of a function's name"),
    ],
)
def test_what_cannot_be_planned(run: str, name: str, message: str) -> None:
    with pytest.raises(PlanError, match=message):
        Plan(run, ACCOUNT, REGION, [Function(name, "plain.steps.retries")])


def test_only_this_runs_resources_are_allowed() -> None:
    """A star stands for what has the run's name before it; two actions know no resources."""
    for policy in (PLAN.policy, PLAN.deployer_policy):
        for statement in policy["Statement"]:
            assert not any("*" in action for action in statement["Action"])
            if statement["Resource"] == ["*"]:
                assert set(statement["Action"]) == {
                    "sts:GetCallerIdentity",
                    "ecr:GetAuthorizationToken",
                }
            else:
                assert all(PLAN.name in resource for resource in statement["Resource"])
