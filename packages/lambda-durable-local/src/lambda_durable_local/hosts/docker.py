"""Starts functions in containers: their own images, or Lambda's for the runtime they name.

Containers share this machine's network, so that they reach the Runtime API and the service on
loopback; that is how Docker works on Linux.
"""

import os
import re
import shutil
import subprocess
import uuid
from functools import cache

from ..errors import HostError, TargetError
from ..functions import LocalFunction
from .launches import LIFE, Launch, Service, inherited, variables

LABEL = "lambda-durable"
"""What the labels begin with by which containers are found: with `docker ps --filter`."""

_CODE = "/var/task"
"""Where Lambda's images look for the code."""

_LAYER = "/opt"
"""Where they look for layers."""

_CHECK_SECONDS = 60.0
_RUNTIME = re.compile(r"(python|nodejs|java|ruby|dotnet|provided)\.?([\w.]*?)(?:\.x)?")


class DockerLauncher:
    """Starts one function's environments as containers, with the `docker` command."""

    def __init__(self, function: LocalFunction, service: Service) -> None:
        self._function = function
        self._service = service

    def check(self) -> bool:
        """Return whether the function is durable.

        Raise HostError if no engine answers, TargetError if the image is not there.
        """
        check_engine()
        image = image_of(self._function)
        if len(self._function.layers) > 1:
            raise TargetError(
                f"function {self._function.name!r} has several layers, of which containers here "
                "take one: put them into one folder, or use --host process"
            )
        if not _succeeds("image", "inspect", image):
            raise TargetError(
                f"function {self._function.name!r} runs in the image {image}, which is not here: "
                f"build it, or get it with `docker pull {image}`"
            )
        return self._function.durable is not False

    def launch(self, runtime_api: str) -> Launch:
        """Return how to start an environment that gets its invocations from that address."""
        function, name = self._function, f"lambda-durable-{uuid.uuid4()}"
        given = variables(function, self._service, runtime_api)
        options = ["--rm", "--name", name, "--network", "host", f"--memory={function.memory_mb}m"]
        options += ["--label", f"{LABEL}.function={function.name}"]
        options += ["--label", f"{LABEL}.service={self._service.endpoint}"]
        image = function.image
        del given["_HANDLER"]
        if image is None:
            given["LAMBDA_TASK_ROOT"] = _CODE
            options += ["--volume", f"{function.target.folder}:{_CODE}:ro"]
            for layer in function.layers:
                options += ["--volume", f"{layer}:{_LAYER}:ro"]
            command = [function.handler]
        else:
            del given["LAMBDA_TASK_ROOT"]
            if image.working_directory:
                options += ["--workdir", image.working_directory]
            entry, *arguments = image.entry_point or [""]
            if entry:
                options += ["--entrypoint", entry]
            command = [*arguments, *image.command]
        # By name alone: the values go through the client's environment, not its command line.
        options += [part for variable in given for part in ("--env", variable)]
        return Launch(
            [*_guarded(name), "run", *options, image_of(function), *command],
            _client_environment() | given,
            function.target.folder,
            ending=[_docker(), "rm", "--force", name],
            signals_as_codes=True,
        )


def _guarded(name: str) -> list[str]:
    """Return what goes before arguments of docker, so that a container ends with the service.

    The engine would let it run on, whatever it is that has ended the service.
    """
    guarded = (
        'docker=$1 name=$2; shift 2; { read -r end < "/dev/fd/$0"; "$docker" rm --force "$name"; } '
        '> /dev/null 2>&1 & exec "$docker" "$@"'
    )
    return ["/bin/sh", "-c", guarded, LIFE, _docker(), name]


def image_of(function: LocalFunction) -> str:
    """Return the image that a function runs in; raise TargetError if there is none for it."""
    if function.image is not None:
        return function.image.uri
    found = _RUNTIME.fullmatch(function.runtime)
    if found is None:
        raise TargetError(
            f"function {function.name!r} has the runtime {function.runtime!r}, for which no image "
            "is known: package it as an image, and name that as ImageUri"
        )
    return f"public.ecr.aws/lambda/{found[1]}:{found[2] or 'latest'}"


@cache
def check_engine() -> None:
    """Raise HostError unless a Docker engine answers; asked once."""
    if not _succeeds("version", "--format", "{{.Server.Version}}"):
        raise HostError(
            "no Docker engine answers to `docker version`: start one, or use --host process"
        )


def _succeeds(*arguments: str) -> bool:
    try:
        done = subprocess.run(  # noqa: S603 - the docker command, with arguments of ours
            [_docker(), *arguments],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=_CHECK_SECONDS,
            env=_client_environment(),
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def _docker() -> str:
    found = shutil.which("docker")
    if found is None:
        raise HostError("there is no `docker` command: install Docker, or use --host process")
    return found


def _client_environment() -> dict[str, str]:
    """Return what the docker command needs to find its engine."""
    own = {name: value for name, value in os.environ.items() if name.startswith("DOCKER_")}
    home = {"HOME": os.environ["HOME"]} if "HOME" in os.environ else {}
    return inherited() | home | own
