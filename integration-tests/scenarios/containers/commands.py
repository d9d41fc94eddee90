"""The programs that images and engines are made with."""

import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress


class CommandError(Exception):
    """Says which command failed, and what it said last."""


def run(
    *command: str, environment: Mapping[str, str] | None = None, seconds: float | None = None
) -> str:
    """Run a command and return what it printed; raise CommandError if it fails."""
    told = " ".join(command[:4])
    try:
        done = subprocess.run(
            command,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    except FileNotFoundError:
        raise CommandError(f"there is no `{command[0]}` command") from None
    except subprocess.TimeoutExpired:
        raise CommandError(f"`{told}` took more than {seconds} s") from None
    if done.returncode != 0:
        raise CommandError(f"`{told}` failed: {_last_line(done.stderr or done.stdout)}")
    return done.stdout


def install(packages: Sequence[str], tell: Callable[[str], None]) -> None:
    """Install Debian's packages; raise CommandError where that is not possible."""
    if os.geteuid() != 0:
        raise CommandError(f"{' and '.join(packages)} can be installed by root alone")
    variables = {"DEBIAN_FRONTEND": "noninteractive"}
    tell(f"installing {' and '.join(packages)} with apt-get")
    apt = ("apt-get", "-q", "-o", "DPkg::Lock::Timeout=600")
    with suppress(CommandError):  # a list that cannot be had may not be the one that is needed
        run(*apt, "update", environment=variables)
    run(*apt, "install", "--yes", "--no-install-recommends", *packages, environment=variables)


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else "it did not say why"
