"""Stands for the `docker` command where there is no engine: records what it is asked, and answers.

What is pushed is put into the registry that AWS_ENDPOINT_URL leads to, if the configuration that is
named has that registry's credentials.
"""

import base64
import json
import os
import sys
from pathlib import Path

import boto3


def manifest(tag: str) -> str:
    """Return the manifest of an image without layers."""
    media_type = "application/vnd.docker.distribution.manifest.v2+json"
    config = {"digest": "sha256:" + "0" * 64, "size": 1}
    kept = {"mediaType": media_type, "config": config, "layers": [], "annotations": {"tag": tag}}
    return json.dumps({"schemaVersion": 2, **kept})


def push(arguments: list[str]) -> None:
    """Put an image into its repository, as `docker push` does with the credentials it is given."""
    settings = json.loads(
        (Path(arguments[arguments.index("--config") + 1]) / "config.json").read_text()
    )
    registry, _, rest = arguments[-1].partition("/")
    user = base64.b64decode(settings["auths"][registry]["auth"]).decode().partition(":")[0]
    if user != "AWS":
        sys.exit("denied: Your authorization token has expired")
    repository, _, tag = rest.partition(":")
    boto3.client("ecr").put_image(
        repositoryName=repository, imageTag=tag, imageManifest=manifest(tag)
    )


def main(arguments: list[str]) -> None:
    """Record the command, and print what the real one would."""
    entry = {
        "arguments": arguments,
        "attestations": os.environ.get("BUILDX_NO_DEFAULT_ATTESTATIONS"),
    }
    if "build" in arguments:
        entry["context"] = sorted(each.name for each in Path(arguments[-1]).iterdir())
        entry["libraries"] = sorted(
            each.name for each in (Path(arguments[-1]) / "libraries").iterdir()
        )
    with Path(os.environ["DOCKER_RECORD"]).open("a") as record:
        record.write(json.dumps(entry) + "\n")
    if "push" in arguments:
        push(arguments)
    elif "run" in arguments:
        print("3.13")
    elif "version" in arguments:
        print("28.0.0")
    elif "context" in arguments:
        print("unix:///var/run/docker.sock")


if __name__ == "__main__":
    main(sys.argv[1:])
