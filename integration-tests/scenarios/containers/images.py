"""The images of the functions: one for each flavour, of which a function is one command."""

import platform
import shutil
import sys
import tempfile
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path

from containers.commands import run

SCENARIOS = Path(__file__).resolve().parent.parent
_GLIBC = ("manylinux2014", "manylinux_2_28")


def build(
    flavours: Iterable[str], base: str, wheels: Sequence[Path], variables: dict[str, str]
) -> dict[str, str]:
    """Build an image for each flavour, and return their tags; raise CommandError if that fails."""
    python = python_of(base, variables)
    tags: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as folder:
        context = Path(folder)
        install_libraries(context / "libraries", python, wheels)
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(SCENARIOS / "functions", context / "functions", ignore=ignored)
        for flavour in flavours:
            tags[flavour] = f"lambda-durable-scenarios:{flavour}"
            run(
                *("docker", "build", "--file", str(SCENARIOS / "Dockerfile")),
                *("--build-arg", f"BASE_IMAGE={base}", "--build-arg", f"FLAVOUR={flavour}"),
                *("--network", "none", "--tag", tags[flavour], str(context)),
                environment=variables,
            )
    return tags


def python_of(image: str, variables: dict[str, str]) -> str:
    """Return the version of Python in an image, as `3.13`."""
    program = "import sys; print('%d.%d' % sys.version_info[:2])"
    return run(
        *("docker", "run", "--rm", "--network", "none", "--entrypoint", "python3"),
        *(image, "-c", program),
        environment=variables,
    ).strip()


def install_libraries(folder: Path, python: str, wheels: Sequence[Path]) -> None:
    """Install our wheels and Lambda's runtime into a folder, for a Python that is not this one."""
    machine = platform.machine()
    run(
        *(sys.executable, "-m", "pip", "install", "--quiet", "--no-compile"),
        *("--target", str(folder), "--only-binary=:all:"),
        *("--implementation", "cp", "--python-version", python),
        *(part for libc in _GLIBC for part in ("--platform", f"{libc}_{machine}")),
        f"awslambdaric=={version('awslambdaric')}",  # what the process target runs, too
        *map(str, wheels),
    )
