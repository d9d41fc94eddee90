"""The image that those of functions are made from: AWS's, or one of Debian's Python in its place.

`python -m containers.base_image FILE` makes Debian's alone, as a file for `docker import`. That
needs root, and `debootstrap`, which is installed if it is not there.
"""

import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from containers.commands import CommandError, install, run

AWS = "public.ecr.aws/lambda/python:3.13"
RELEASE = "bookworm"
OURS = f"lambda-durable-base:{RELEASE}"
_PULL_SECONDS = 300.0
_LIKE_AWS = ("ENV LAMBDA_TASK_ROOT=/var/task", "WORKDIR /var/task")


def base_image(
    wanted: str, kept: Path, variables: dict[str, str], tell: Callable[[str], None] = print
) -> str:
    """Return an image that is there: the one wanted, or ours if it cannot be pulled.

    `kept` is where ours is kept as a file. Raise CommandError if that cannot be made either.
    """
    if _is_here(wanted, variables):
        return wanted
    try:
        run("docker", "pull", wanted, environment=variables, seconds=_PULL_SECONDS)
    except CommandError as error:
        tell(f"{error}")
        tell(f"taking Debian {RELEASE} as the base image instead")
    else:
        return wanted
    if not _is_here(OURS, variables):
        if not kept.exists():
            make(kept, tell)
        changes = [part for change in _LIKE_AWS for part in ("--change", change)]
        run("docker", "import", *changes, str(kept), OURS, environment=variables)
    return OURS


def make(file: Path, tell: Callable[[str], None] = print) -> None:
    """Write a file system with Debian's Python; raise CommandError if that is not possible."""
    if shutil.which("debootstrap") is None:
        install(["debootstrap"], tell)
    tell(f"making {file.name} with debootstrap, which takes a minute or more")
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        options = ("--variant=minbase", "--include=python3")
        # What is half-written is thrown away, so there is no need to wait for the disk.
        run(
            *("debootstrap", *options, RELEASE, folder),
            environment={"DPKG_FORCE": "unsafe-io"},
        )
        unfinished = file.with_suffix(".part")
        run("tar", "-C", folder, "--exclude", "./var/cache/apt", "-cf", str(unfinished), ".")
    unfinished.replace(file)


def _is_here(image: str, variables: dict[str, str]) -> bool:
    try:
        run("docker", "image", "inspect", image, environment=variables)
    except CommandError:
        return False
    return True


if __name__ == "__main__":
    make(Path(sys.argv[1]))
