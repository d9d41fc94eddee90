"""How an execution environment's process is started: which command, where, with which variables."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ..errors import TargetError
from ..functions import LocalFunction

_INHERITED = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR")
"""What of this process's environment a function's process gets: what programs need to start."""


@dataclass(frozen=True, slots=True)
class Launch:
    """A process to start; `life` is replaced in `command` by the number of its life pipe."""

    command: Sequence[str]
    environment: dict[str, str]
    folder: Path
    ending: Sequence[str] = ()
    """A further command that ends what was started, where a signal to the process does not."""
    signals_as_codes: bool = False
    """Whether an exit code of 128 and more tells of a signal, as from the docker command."""


LIFE = "{life}"
"""Stands in a command for the number of a pipe that closes when the service's process ends."""


class Launcher(Protocol):
    """Knows how to start one function's environments."""

    def check(self) -> bool:
        """Return whether the function is durable.

        Raise TargetError or HostError if no environment can be started.
        """
        ...

    def launch(self, runtime_api: str) -> Launch:
        """Return how to start an environment that gets its invocations from that address."""
        ...


@dataclass(frozen=True, slots=True)
class Service:
    """The durable-execution service as functions reach it."""

    endpoint: str
    """Its URL."""
    access_key: str = "local"
    """What clients in functions sign with; the secret that belongs to it is not checked."""


def variables(function: LocalFunction, service: Service, runtime_api: str) -> dict[str, str]:
    """Return the environment variables that Lambda sets, and the function's own.

    The AWS settings of whoever runs the service are not among them: a function gets at an account
    only if it is given the credentials for it.
    """
    level = {}
    if function.logging.format == "JSON":
        level["AWS_LAMBDA_LOG_LEVEL"] = function.logging.level or "INFO"
    runtime = {"AWS_EXECUTION_ENV": f"AWS_Lambda_{function.runtime}"} if function.runtime else {}
    return {
        "AWS_ACCESS_KEY_ID": service.access_key,
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_SESSION_TOKEN": "local",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL_LAMBDA": service.endpoint,
        "AWS_LAMBDA_RUNTIME_API": runtime_api,
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_FORMAT": function.logging.format,
        "TZ": ":UTC",
        **level,
        **runtime,
        **function.variables(),
    }


def inherited() -> dict[str, str]:
    """Return what a process on this machine gets of this process's environment."""
    return {name: os.environ[name] for name in _INHERITED if name in os.environ}


def own_command(function: LocalFunction) -> Sequence[str]:
    """Return the command that starts a function's own runtime; raise TargetError without one."""
    if function.command:
        return function.command
    if function.runtime.startswith("provided"):
        bootstrap = function.target.folder / "bootstrap"
        if not os.access(bootstrap, os.X_OK):
            raise TargetError(
                f"function {function.name!r} has the runtime {function.runtime}: there must be a "
                f"program {bootstrap} that can be executed"
            )
        return (str(bootstrap),)
    what = "is an image" if function.image else f"has the runtime {function.runtime}"
    raise TargetError(
        f"function {function.name!r} {what}, which cannot be started as a process: use --host "
        "docker, or say in its Metadata which command starts its runtime, as in LambdaDurable: "
        "{Command: [npx, aws-lambda-ric, index.handler]}"
    )


@dataclass(frozen=True, slots=True)
class CommandLauncher:
    """Starts a runtime of the function's own: `bootstrap`, or what its Metadata says."""

    function: LocalFunction
    service: Service

    def check(self) -> bool:
        """Return whether the function is durable; raise TargetError if there is no command."""
        own_command(self.function)
        return self.function.durable is not False

    def launch(self, runtime_api: str) -> Launch:
        """Return how to start an environment that gets its invocations from that address."""
        return Launch(
            own_command(self.function),
            inherited() | variables(self.function, self.service, runtime_api),
            self.function.target.folder,
        )
