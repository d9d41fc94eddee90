"""The hosts of all functions, of the kind that was asked for."""

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Literal, TypeAlias

from ..functions import LocalFunction
from ..hosts.base import Host
from ..hosts.inprocess import InProcessHost
from ..hosts.launches import Launcher, Service

HostKind: TypeAlias = Literal["process", "inprocess", "docker"]
Line: TypeAlias = Callable[[str], None]


class Hosting:
    """Makes hosts, and closes what they share; to be closed when all hosts are."""

    def __init__(
        self, kind: HostKind, service: Service, *, python: str, log_dir: Path | None
    ) -> None:
        self._kind = kind
        self._service = service
        self._python = python
        self._log_dir = log_dir
        self._stack = ExitStack()

    def hosts(self, functions: Sequence[LocalFunction]) -> Mapping[str, Host]:
        """Return a host for each function, by its name."""
        if self._kind == "inprocess":
            # For what a function calls itself; checkpoints do not need it.
            endpoint = {"AWS_ENDPOINT_URL_LAMBDA": self._service.endpoint}
            functions = [
                replace(each, environment={**endpoint, **each.environment}) for each in functions
            ]
            return {each.name: InProcessHost(each) for each in functions}
        # An event loop on a thread, which functions in this process do not need.
        from ..hosts.environments import EnvironmentHost
        from ..hosts.pool import Environments

        environments = Environments()
        self._stack.callback(environments.close)
        lines = self._lines(functions)
        return {
            each.name: EnvironmentHost(
                each, environments, self._launcher(each), on_line=lines[each.name]
            )
            for each in functions
        }

    def close(self) -> None:
        """Close the logs, and what runs the environments."""
        self._stack.close()

    def _launcher(self, function: LocalFunction) -> Launcher:
        if self._kind == "docker":
            from ..hosts.docker import DockerLauncher

            return DockerLauncher(function, self._service)
        from ..hosts.environments import process_launcher

        return process_launcher(function, self._service, python=self._python)

    def _lines(self, functions: Sequence[LocalFunction]) -> Mapping[str, Line]:
        """Return where each function's log goes: to its file, or to standard output."""
        if self._log_dir is None:
            return {each.name: _to_standard_output(each.name) for each in functions}
        from ..hosts.log_files import LogFiles

        files = LogFiles(self._log_dir)
        self._stack.callback(files.close)
        return {each.name: files.writer(each.name) for each in functions}


def _to_standard_output(name: str) -> Line:
    def write(line: str) -> None:
        sys.stdout.write(f"{name} | {line}\n")
        sys.stdout.flush()

    return write
