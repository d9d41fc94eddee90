"""Nothing remains, whatever fails and whoever interrupts."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from accounts import ACCOUNT, REGION, Account, some
from aws.calls import Call, Clients
from aws.making import (
    LeftOverError,
    TakenError,
    make_functions,
    remove,
    removed_at_the_end,
)
from aws.plan import Plan
from deployed import functions
from fake_docker import manifest

FUNCTIONS = some(functions(), "step_wait_step", "is_plain")


class Recording(Clients):
    """Clients that keep what is called, and fail when they are told to."""

    def __init__(self, account: Account) -> None:
        super().__init__(account.session)
        self._account = account
        self.actions: list[str] = []
        self.before: Callable[[Call], None] = lambda call: None

    def client(self, service: str) -> Any:
        """Return a client that tells of its calls."""
        if service not in self._clients:
            client = self._clients[service] = self._account.client(service)
            client.meta.events.register("before-call.*", self._called)
        return self._clients[service]

    @property
    def executions(self) -> Any:
        """Return a client of nothing: no execution was started."""
        return NoExecutions()

    def make(self, call: Call) -> dict[str, Any]:
        """Make a call unless it is to fail."""
        self.before(call)
        return super().make(call)

    def _called(self, model: Any, **_: Any) -> None:
        service = model.service_model.signing_name
        self.actions.append(f"{service}:{model.name}")


class NoExecutions:
    """A client that knows of no execution."""

    def get_paginator(self, name: str) -> "NoExecutions":
        """Return what has no page."""
        return self

    def paginate(self, **_: Any) -> Iterator[dict[str, Any]]:
        """Return no page."""
        return iter(())


@pytest.fixture
def clients(account: Account) -> Recording:
    """Return clients of the account."""
    return Recording(account)


@pytest.fixture
def plan() -> Plan:
    """Return a plan of a few functions."""
    return Plan("run1", ACCOUNT, REGION, FUNCTIONS)


@contextmanager
def made(plan: Plan, clients: Recording, told: list[str]) -> Iterator[dict[str, str]]:
    """Make everything but the images until the block ends."""
    with removed_at_the_end(plan, clients, told.append):
        for flavour in ("plain", "awaited"):
            clients.client("ecr").put_image(
                repositoryName=plan.name, imageTag=flavour, imageManifest=manifest(flavour)
            )
        yield make_functions(plan, clients, told.append)


def test_what_is_made(account: Account, clients: Recording, plan: Plan) -> None:
    """All of it is as planned, with the versions that were published, and then it is gone."""
    with made(plan, clients, []) as versions:
        name = plan.name
        assert account.contents() == {
            "functions": [plan.function_name(each.name) for each in FUNCTIONS],
            "roles": [name],
            "log groups": [f"/aws/lambda/{name}"],
            "repositories": [name],
        }
        assert versions == {
            each.name: f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}-{each.name}:1"
            for each in FUNCTIONS
        }
        found = account.client("lambda").get_function(FunctionName=f"{name}-plain-step_wait_step")
        configuration = found["Configuration"]
        assert configuration["Role"] == f"arn:aws:iam::{ACCOUNT}:role/{name}"
        assert configuration["PackageType"] == "Image"
        image = configuration["ImageConfigResponse"]["ImageConfig"]
        assert image["Command"] == ["plain.steps.step_wait_step"]
        assert found["Code"]["ImageUri"].startswith(plan.image("plain").rpartition(":")[0])
        policy = account.client("iam").get_role_policy(
            RoleName=name, PolicyName="durable-scenarios"
        )
        assert policy["PolicyDocument"] == plan.policy
        (group,) = account.client("logs").describe_log_groups()["logGroups"]
        assert group["retentionInDays"] == 1
    assert account.contents() == {}


@pytest.mark.parametrize("fails_at", range(1, 14))
def test_a_failure_anywhere(
    account: Account, clients: Recording, plan: Plan, fails_at: int
) -> None:
    """Whichever call fails, what the calls before it made is removed."""
    calls: list[Call] = []

    def fail(call: Call) -> None:
        calls.append(call)
        if len(calls) == fails_at:
            raise RuntimeError(f"call {fails_at} fails")

    clients.before = fail
    with pytest.raises(RuntimeError, match=f"call {fails_at} fails"), made(plan, clients, []):
        pass
    assert not calls[fails_at - 1].method.startswith("delete_")
    assert account.contents() == {}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption(
    account: Account, clients: Recording, plan: Plan, number: signal.Signals
) -> None:
    """Ctrl-C ends the run, and further ones do not end the removal."""

    def again(call: Call) -> None:
        if call.method.startswith("delete_"):
            signal.raise_signal(number)

    def interrupt() -> None:
        with made(plan, clients, []):
            clients.before = again
            signal.raise_signal(number)

    with pytest.raises(KeyboardInterrupt):
        interrupt()
    assert account.contents() == {}


def test_a_name_that_is_taken(account: Account, clients: Recording, plan: Plan) -> None:
    """Nothing is removed of a run that has the same name."""
    with made(plan, clients, []):
        before = account.contents()
        with (
            pytest.raises(TakenError, match="there is a run run1 already"),
            made(plan, clients, []),
        ):
            pass
        assert account.contents() == before
    assert account.contents() == {}


def test_what_cannot_be_removed(account: Account, clients: Recording, plan: Plan) -> None:
    """The rest is removed, what is left is told with the command to try again, and that works."""

    def refuse(call: Call) -> None:
        if call.method == "delete_log_group":
            raise clients.client("logs").exceptions.OperationAbortedException(
                {"Error": {"Code": "OperationAbortedException", "Message": "busy"}}, call.method
            )

    with pytest.raises(LeftOverError) as caught, made(plan, clients, []):
        clients.before = refuse
    assert "logs.delete_log_group" in str(caught.value)
    assert "--clean-up run1" in str(caught.value)
    assert account.contents() == {"log groups": [f"/aws/lambda/{plan.name}"]}
    clients.before = lambda call: None
    remove(plan, clients)
    remove(plan, clients)
    assert account.contents() == {}


def test_the_credentials_need_no_more_than_the_policy_says(
    clients: Recording, plan: Plan, account: Account
) -> None:
    """Every call that was made is allowed by the policy that a dry run prints."""
    with made(plan, clients, []):
        pass
    allowed = {action for each in plan.deployer_policy["Statement"] for action in each["Action"]}
    assert {*clients.actions} <= allowed
    assert {"iam:CreateRole", "lambda:PublishVersion", "ecr:DeleteRepository"} <= {*clients.actions}
