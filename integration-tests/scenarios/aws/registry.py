"""Pushes images to ECR, with the `docker` command."""

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from containers.commands import run

from aws.plan import Plan


def push(
    plan: Plan, images: Mapping[str, str], ecr: Any, variables: Mapping[str, str]
) -> dict[str, str]:
    """Push each flavour's image, and return what it is called there; raise CommandError.

    The credentials for the registry, which are good for some hours, are on no command line and not
    in the user's own configuration: they are in a folder that is gone afterwards.
    """
    (given,) = ecr.get_authorization_token()["authorizationData"]
    settings = {"auths": {plan.registry: {"auth": given["authorizationToken"]}}}
    environment = {"DOCKER_HOST": _host(variables), **variables}
    pushed: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "config.json"
        file.touch(mode=0o600)
        file.write_text(json.dumps(settings), encoding="utf-8")
        for flavour, local in images.items():
            pushed[flavour] = plan.image(flavour)
            run("docker", "tag", local, pushed[flavour], environment=environment)
            run(
                *("docker", "--config", folder, "push", "--quiet", pushed[flavour]),
                environment=environment,
            )
    return pushed


def _host(variables: Mapping[str, str]) -> str:
    """Return the engine of the user's docker context, which another configuration has not."""
    if "DOCKER_HOST" in {**os.environ, **variables}:
        return variables.get("DOCKER_HOST", os.environ.get("DOCKER_HOST", ""))
    told = run("docker", "context", "inspect", "--format", "{{.Endpoints.docker.Host}}")
    return told.strip()
