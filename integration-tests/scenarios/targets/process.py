"""The target `process`: Lambda's runtime for Python in processes of this machine."""

import os
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from targets.base import Deployment, Function, Tell
from targets.local import client, service, template

FUNCTIONS = Path(__file__).resolve().parent.parent / "functions"


def add_options(group: pytest.OptionGroup) -> None:
    """Add the choice of an interpreter."""
    group.addoption(
        "--function-python",
        default=sys.executable,
        metavar="PATH",
        help="the interpreter of the functions",
    )


def make(config: pytest.Config) -> "ProcessTarget":
    """Return the target."""
    return ProcessTarget(config.getoption("function_python"))


@dataclass(frozen=True, slots=True)
class ProcessTarget:
    """Deploys functions as processes."""

    python: str

    @contextmanager
    def deploy(self, functions: Sequence[Function], tell: Tell) -> Iterator[Deployment]:
        """Serve functions until the block ends."""
        how = {"CodeUri": str(FUNCTIONS), "Runtime": "python3.13"}
        made = template(functions, {each.flavour: how for each in functions})
        with tempfile.TemporaryDirectory() as folder:
            options = ("--host", "process", "--python", self.python, "--skip-time")
            with (
                service(made, Path(folder), *options) as served,
                closing(client(served.url)) as reached,
            ):
                tell(f"functions ran in processes of {self.python}")
                yield ProcessDeployment(reached, served.url)


@dataclass(frozen=True, slots=True)
class ProcessDeployment:
    """Functions in processes."""

    client: Any
    url: str
    skips_time: bool = True
    kills: bool = sys.platform == "linux"

    def reference(self, name: str) -> str:
        """Return what a function is invoked as."""
        return f"{name}:$LATEST"

    def kill(self, name: str) -> None:
        """Kill the processes of a function, which are known by their environment."""
        variables = {
            f"AWS_LAMBDA_FUNCTION_NAME={name}".encode(),
            f"AWS_ENDPOINT_URL_LAMBDA={self.url}".encode(),  # others may run scenarios, too
        }
        found = [each for each in Path("/proc").glob("[0-9]*/environ") if variables <= _parts(each)]
        assert found, f"no process of {name} runs"
        for each in found:
            os.kill(int(each.parent.name), signal.SIGKILL)


def _parts(file: Path) -> set[bytes]:
    try:
        return set(file.read_bytes().split(b"\0"))
    except OSError:  # it has ended, or is someone else's
        return set()
