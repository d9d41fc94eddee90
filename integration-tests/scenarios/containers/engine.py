"""A Docker engine: the one that answers, or one that is installed and started for the time being.

`python -m containers.engine COMMAND...` runs a command while an engine answers.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from containers.commands import CommandError, install, run

_ANSWER_SECONDS = 60.0
_START_SECONDS = 120.0
_END_SECONDS = 60.0
_SETTINGS = (
    # Containers share the network of this machine, so that neither rules nor a bridge are needed,
    # which an engine within a container could not make.
    "--iptables=false",
    "--bridge=none",
)


class NoEngineError(Exception):
    """Says why no Docker engine can be had, and what to do about it."""


@contextlib.contextmanager
def engine(tell: Callable[[str], None] = print) -> Iterator[str]:
    """Give the value of DOCKER_HOST of an engine until the block ends; "" is the default's.

    Raise NoEngineError if none answers and none can be started.
    """
    if answers(""):
        yield os.environ.get("DOCKER_HOST", "")
        return
    try:
        if shutil.which("dockerd") is None:
            install(["docker.io"], tell)
    except CommandError as error:
        raise NoEngineError(
            f"no Docker engine answers to `docker version`, and none can be installed: {error}"
        ) from None
    if answers(""):  # its package has started it
        yield ""
        return
    if os.geteuid() != 0:
        raise NoEngineError("no Docker engine answers to `docker version`: only root can start one")
    with _started() as host:
        tell(f"no Docker engine answered: started one, {host}")
        yield host


def answers(host: str) -> bool:
    """Return whether an engine answers."""
    try:
        run("docker", "version", environment=variables(host), seconds=_ANSWER_SECONDS)
    except CommandError:
        return False
    return True


def variables(host: str) -> dict[str, str]:
    """Return the environment with which the docker command finds an engine."""
    return {"DOCKER_HOST": host} if host else {}


@contextlib.contextmanager
def _started() -> Iterator[str]:
    # Not in TMPDIR: the path of a socket may not be long.
    folder = Path(tempfile.mkdtemp(prefix="lambda-durable-engine-", dir="/var/tmp"))
    host = f"unix://{folder}/docker.sock"
    command = [
        *("dockerd", *_SETTINGS, "--host", host, "--pidfile", f"{folder}/pid"),
        *("--data-root", f"{folder}/data", "--exec-root", f"{folder}/exec"),
    ]
    try:
        with (folder / "log").open("w") as log:
            # In a session of its own: Ctrl-C is for the tests, which end containers first.
            process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        try:
            _wait_for(process, host, folder / "log")
            yield host
        finally:
            _end(process)
    finally:
        for mounted in _mounts(folder):  # an engine leaves the namespace of its network
            with contextlib.suppress(CommandError):
                run("umount", "--lazy", mounted)
        shutil.rmtree(folder, ignore_errors=True)


def _mounts(folder: Path) -> list[str]:
    """Return what is mounted below a folder, the innermost first."""
    lines = Path("/proc/mounts").read_text(encoding="utf-8").splitlines()
    return [each for line in reversed(lines) if (each := line.split()[1]).startswith(f"{folder}/")]


def _wait_for(process: "subprocess.Popen[bytes]", host: str, log: Path) -> None:
    until = time.monotonic() + _START_SECONDS
    while not answers(host):
        if process.poll() is not None or time.monotonic() > until:
            last = (log.read_text(errors="replace").strip().splitlines() or ["nothing"])[-1]
            raise NoEngineError(f"a Docker engine could not be started; dockerd said last: {last}")
        time.sleep(0.5)


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def main(command: list[str]) -> int:
    """Run a command while an engine answers; return its exit status."""
    try:
        with engine() as host:
            return subprocess.run(
                command, env={**os.environ, **variables(host)}, check=False
            ).returncode
    except NoEngineError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
