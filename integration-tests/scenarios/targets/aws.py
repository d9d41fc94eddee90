"""The target `aws`: Lambda itself, in the account of the credentials that are configured."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from aws.calls import Clients
from aws.making import TakenError, make_functions, remove, removed_at_the_end
from aws.plan import Plan, PlanError
from aws.registry import push
from aws.telling import COST, lines
from botocore.exceptions import BotoCoreError, ClientError
from containers import base_image, engine, images
from containers.commands import CommandError

from targets.base import Deployment, Function, Tell, UnavailableError

_ROOT = Path(__file__).resolve().parents[3]
_SOMEBODY = "123456789012"
"""Stands for the account in a dry run, which asks nobody which one it is."""


def add_options(group: pytest.OptionGroup) -> None:
    """Add where to deploy, and what to do instead."""
    group.addoption("--region", metavar="NAME", help="the region; else the configured one")
    group.addoption("--run-name", metavar="RUN", help="the name of the run; else a new one")
    group.addoption(
        "--dry-run",
        action="store_true",
        help="print every resource and policy instead of making it; needs no credentials",
    )
    group.addoption(
        "--clean-up", metavar="RUN", help="remove what a run that was killed has left behind"
    )


def make(config: pytest.Config) -> "AwsTarget":
    """Return the target."""
    return AwsTarget(
        Clients(boto3.Session(region_name=config.getoption("region"))),
        config.getoption("base_image"),
        config.getoption("wheels"),
        config.getoption("run_name") or uuid.uuid4().hex[:8],
    )


def instead(config: pytest.Config, functions: Sequence[Function]) -> Iterable[str] | None:
    """Do what was asked for instead of running scenarios, and tell of it; None if nothing was."""
    target = make(config)
    try:
        if config.getoption("dry_run"):
            region = target.clients.region or "us-east-1"
            return lines(Plan(target.run, _SOMEBODY, region, functions))
        if config.getoption("clean_up"):
            plan = target.plan(functions, config.getoption("clean_up"))
            remove(plan, target.clients)
            return [f"nothing is left of run {plan.run}"]
    except (PlanError, UnavailableError) as error:
        raise pytest.UsageError(str(error)) from None
    return None


@dataclass(frozen=True, slots=True)
class AwsTarget:
    """Deploys functions to AWS."""

    clients: Clients
    base_image: str
    wheels: Path
    run: str

    def plan(self, functions: Sequence[Function], run: str = "") -> Plan:
        """Return what a run makes in the account of the credentials; UnavailableError without."""
        if not self.clients.region:
            raise UnavailableError("no region is configured: give --region, or set AWS_REGION")
        try:
            account = self.clients.client("sts").get_caller_identity()["Account"]
        except (BotoCoreError, ClientError) as error:
            raise UnavailableError(
                f"AWS does not answer with the credentials that are configured: {error}"
            ) from None
        return Plan(run or self.run, account, self.clients.region, functions)

    @contextmanager
    def deploy(self, functions: Sequence[Function], tell: Tell) -> Iterator[Deployment]:
        """Make everything, and remove it when the block ends, however it ends."""
        with ExitStack() as stack:
            try:
                plan = self.plan(functions)
                variables = engine.variables(stack.enter_context(engine.engine(tell)))
                local = self._images({each.flavour for each in functions}, variables, tell)
            except (engine.NoEngineError, CommandError, PlanError) as error:
                raise UnavailableError(f"nothing can be deployed from here: {error}") from None
            tell(f"run {plan.run} in account {plan.account}, {plan.region}")
            tell(COST)
            try:
                stack.enter_context(removed_at_the_end(plan, self.clients, tell))
            except TakenError as error:
                raise UnavailableError(str(error)) from None
            for image in push(plan, local, self.clients.client("ecr"), variables).values():
                tell(f"pushed {image}")
            versions = make_functions(plan, self.clients, tell)
            yield AwsDeployment(self.clients.executions, versions)

    def _images(self, flavours: set[str], variables: dict[str, str], tell: Tell) -> dict[str, str]:
        wheels = sorted(self.wheels.glob("*.whl"))
        if not wheels:
            raise UnavailableError(f"there are no wheels in {self.wheels}: run `nox -s wheels`")
        kept = _ROOT / "build" / "base-image" / f"{base_image.RELEASE}.tar"
        base = base_image.base_image(self.base_image, kept, variables, tell)
        # Lambda takes an image, but no list of an image and how it was built.
        without_attestations = {**variables, "BUILDX_NO_DEFAULT_ATTESTATIONS": "1"}
        return images.build(sorted(flavours), base, wheels, without_attestations)


@dataclass(frozen=True, slots=True)
class AwsDeployment:
    """Functions that are deployed to AWS."""

    client: Any
    versions: dict[str, str]
    skips_time: bool = False
    kills: bool = False

    def reference(self, name: str) -> str:
        """Return the ARN of a function's version."""
        return self.versions[name]

    def kill(self, name: str) -> None:
        """Do not: nobody gets at Lambda's environments from outside."""
        raise NotImplementedError(f"environments of {name} cannot be killed")
