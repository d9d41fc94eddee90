"""The target `docker`: images of functions, in containers on the local service's docker host."""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from containers import base_image, engine, images
from containers.commands import CommandError, run

from targets.base import Deployment, Function, Tell, UnavailableError
from targets.local import client, service, template

_ROOT = Path(__file__).resolve().parents[3]
OPTIONS = ("--host", "docker", "--skip-time")
_GONE_SECONDS = 60.0
_EVENTS = ("start", "kill", "oom", "die")
_EVENT = (
    '{{printf "%.12s" .ID}} {{.Action}} {{with .Actor.Attributes}}'
    '{{.image}} {{index . "lambda-durable.function"}}'
    "{{with .signal}} signal {{.}}{{end}}{{with .exitCode}} exit code {{.}}{{end}}{{end}}"
)
_LABELLED = "label=lambda-durable.service"
_IMAGE = "{{.Id}}, {{.Size}} bytes, entry point {{.Config.Entrypoint}}"


def add_options(group: pytest.OptionGroup) -> None:
    """Add what images are made of."""
    group.addoption(
        "--base-image",
        default=base_image.AWS,
        metavar="IMAGE",
        help="what the functions' images are made from; Debian's Python if it cannot be pulled",
    )
    group.addoption(
        "--wheels", type=Path, default=_ROOT / "build" / "wheels", help="where our wheels are"
    )


def make(config: pytest.Config) -> "DockerTarget":
    """Return the target."""
    return DockerTarget(config.getoption("base_image"), config.getoption("wheels"))


@dataclass(frozen=True, slots=True)
class DockerTarget:
    """Deploys functions as containers."""

    base_image: str
    wheels: Path

    @contextmanager
    def deploy(self, functions: Sequence[Function], tell: Tell) -> Iterator[Deployment]:
        """Serve functions until the block ends; raise UnavailableError without an engine."""
        with ExitStack() as stack:
            try:
                variables = engine.variables(stack.enter_context(engine.engine(tell)))
                images = self._images({each.flavour for each in functions}, variables, tell)
            except (engine.NoEngineError, CommandError) as error:
                raise UnavailableError(f"no containers can be had here: {error}") from None
            stack.callback(_remove, images.values(), variables)
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            # Left when the service has ended, so that the last containers are seen to end, too.
            stack.enter_context(_watched(folder / "events", variables, tell))
            stack.callback(_none_is_left, variables)
            made = template_of(functions, images)
            served = stack.enter_context(
                service(made, folder, *OPTIONS, variables=variables),
            )
            reached = stack.enter_context(closing(client(served.url)))
            yield DockerDeployment(reached, served.url, images, variables)

    def _images(self, flavours: set[str], variables: dict[str, str], tell: Tell) -> dict[str, str]:
        wheels = sorted(self.wheels.glob("*.whl"))
        if not wheels:
            raise UnavailableError(f"there are no wheels in {self.wheels}: run `nox -s wheels`")
        version = run("docker", "version", "--format", "{{.Server.Version}}", environment=variables)
        kept = _ROOT / "build" / "base-image" / f"{base_image.RELEASE}.tar"
        base = base_image.base_image(self.base_image, kept, variables, tell)
        tell(f"Docker engine {version.strip()}, images made from {base}")
        made = images.build(sorted(flavours), base, wheels, variables)
        for image in made.values():
            told = run(
                "docker", "image", "inspect", image, "--format", _IMAGE, environment=variables
            )
            tell(f"{image}: {told.strip()}")
        return made


@dataclass(frozen=True, slots=True)
class DockerDeployment:
    """Functions in containers."""

    client: Any
    url: str
    images: Mapping[str, str]
    """The image of each flavour."""
    variables: dict[str, str]
    """What the docker command needs to find the engine."""
    skips_time: bool = True
    kills: bool = True

    def reference(self, name: str) -> str:
        """Return what a function is invoked as."""
        return f"{name}:$LATEST"

    def kill(self, name: str) -> None:
        """Kill the containers of a function, which are known by their labels."""
        found = self.containers(self.url, name)
        assert found, f"no container of {name} runs"
        run("docker", "kill", "--signal", "KILL", *found, environment=self.variables)

    def containers(self, url: str, name: str) -> list[str]:
        """Return the ids of the containers of a function that run for a service."""
        labels = (f"lambda-durable.function={name}", f"lambda-durable.service={url}")
        filters = [part for label in labels for part in ("--filter", f"label={label}")]
        return run("docker", "ps", "--quiet", *filters, environment=self.variables).split()


def template_of(functions: Sequence[Function], images: Mapping[str, str]) -> dict[str, Any]:
    """Return a SAM template of functions that are images."""
    how = {
        flavour: {"PackageType": "Image", "ImageUri": image} for flavour, image in images.items()
    }
    return template(functions, how)


@contextmanager
def _watched(file: Path, variables: dict[str, str], tell: Tell) -> Iterator[None]:
    """Tell of the containers that start and end within the block, as the engine does."""
    filters = [f"event={each}" for each in _EVENTS] + [
        "type=container",
        "label=lambda-durable.service",
    ]
    command = ["docker", "events", "--format", _EVENT]
    command += [part for each in filters for part in ("--filter", each)]
    with file.open("w") as output:
        process = subprocess.Popen(command, stdout=output, env={**os.environ, **variables})
    try:
        yield
    finally:
        process.terminate()
        process.wait()
        lines = file.read_text(encoding="utf-8").splitlines()
        for line in lines:
            tell(f"container {line}")
        tell(f"{sum(' start ' in line for line in lines)} containers were started")


def _none_is_left(variables: dict[str, str]) -> None:
    """Raise unless all containers are gone, shortly after the service has ended."""
    listed = ("docker", "ps", "--all", "--quiet", "--filter", _LABELLED)
    until = time.monotonic() + _GONE_SECONDS
    while found := run(*listed, environment=variables).split():
        if time.monotonic() > until:
            raise AssertionError(f"the service has ended and left containers: {', '.join(found)}")
        time.sleep(0.5)


def _remove(tags: Iterable[str], variables: dict[str, str]) -> None:
    run("docker", "image", "rm", "--force", *tags, environment=variables)
