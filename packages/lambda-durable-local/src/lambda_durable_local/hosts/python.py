"""Starts Python functions with `awslambdaric`, in the interpreter that the user chose."""

import importlib.util
import os
import subprocess
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from ..errors import HostError, TargetError
from ..functions import LocalFunction
from .launches import LIFE, Launch, Service, inherited, variables

_PROGRAM = Path(__file__).with_name("launch.py")
_CHECK_SECONDS = 60.0


class PythonLauncher:
    """Starts one function's environments; `python` is an interpreter's path or name."""

    def __init__(self, function: LocalFunction, service: Service, python: str) -> None:
        self._function = function
        self._service = service
        # Processes start in the folder of the function's code, and a path is meant from here.
        self._python = str(Path(python).absolute()) if "/" in python else python

    def check(self) -> bool:
        """Return whether the function is durable, for which it may have to be imported.

        Raise HostError if the interpreter cannot run Lambda's runtime, TargetError if the function
        does not say what it is and cannot be imported.
        """
        check_interpreter(self._python)
        durable = self._function.durable
        return self._imported() if durable is None else durable

    def launch(self, runtime_api: str) -> Launch:
        """Return how to start an environment that gets its invocations from that address."""
        set_by_lambda = variables(self._function, self._service, runtime_api)
        return Launch(
            [self._python, str(_PROGRAM), LIFE, _our_runtime(), set_by_lambda["_HANDLER"]],
            inherited() | {"PYTHONUNBUFFERED": "1"} | self._path() | set_by_lambda,
            self._function.target.folder,
        )

    def _path(self) -> dict[str, str]:
        """Return where modules of the function's layers are, for before and after a build."""
        folders = [part for layer in self._function.layers for part in (layer / "python", layer)]
        return {"PYTHONPATH": os.pathsep.join(map(str, folders))} if folders else {}

    def _imported(self) -> bool:
        set_by_lambda = variables(self._function, self._service, "")
        handler = set_by_lambda["_HANDLER"]
        done = _run(
            [self._python, str(_PROGRAM), "--describe", handler],
            inherited() | self._path() | set_by_lambda,
            self._function.target.folder,
        )
        if done.returncode != 0:
            *lines, reason = done.stderr.strip().splitlines() or ["no reason given"]
            raise TargetError(
                f"function {self._function.name!r}: its handler {handler} cannot be imported: "
                f"{reason}",
                lines,
            )
        return done.stdout.splitlines()[-1] == "True"


@cache
def check_interpreter(python: str) -> None:
    """Raise HostError if an interpreter cannot run Lambda's runtime; asked once for each."""
    done = _run([python, str(_PROGRAM), "--check", _our_runtime()], inherited())
    if done.returncode != 0:
        reason = done.stderr.strip().splitlines() or ["no reason given"]
        raise HostError(
            f"{python} cannot run Lambda's runtime for Python ({reason[-1]}): install it with "
            f"`{python} -m pip install awslambdaric`"
        )


def _run(
    command: Sequence[str], environment: Mapping[str, str], folder: Path | None = None
) -> "subprocess.CompletedProcess[str]":
    try:
        return subprocess.run(  # noqa: S603 - running what --python names is its purpose
            command,
            capture_output=True,
            text=True,
            timeout=_CHECK_SECONDS,
            stdin=subprocess.DEVNULL,
            env=environment,
            cwd=folder,
            check=False,
        )
    except OSError as error:
        raise HostError(f"cannot run {command[0]}: {error.strerror}") from error
    except subprocess.TimeoutExpired:
        raise HostError(f"{' '.join(command)} took more than {_CHECK_SECONDS:.0f} s") from None


def _our_runtime() -> str:
    """Return the folder of the runtime that is installed beside this package, if one is."""
    found = importlib.util.find_spec("awslambdaric")
    if found is None or found.origin is None:
        return str(_PROGRAM.parent)
    return str(Path(found.origin).parent.parent)
