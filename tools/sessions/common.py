"""What the sessions share: the distributions, their wheels, and how they are installed."""

import os
from pathlib import Path

import nox

from tools.distributions import ROOT, discover

PYTHONS = ["3.11", "3.12", "3.13"]
WHEELS = ROOT / "build" / "wheels"
DISTRIBUTIONS = discover()
PLUGINS = {"PYTHONPATH": str(ROOT / "tools" / "pytest_plugins")}
"""The environment in which pytest finds the plugins of the repository's own."""

_PYPROJECT = nox.project.load_toml(ROOT / "pyproject.toml")


def run_all(session: nox.Session, *commands: list[str]) -> None:
    """Run every command, whether or not one before it failed: all there is to repair shows."""
    failed = []
    for command in commands:
        try:
            session.run(*command)
        except nox.command.CommandFailed:
            failed.append(" ".join(command[:3]))
    if failed:
        session.error(f"failed: {'; '.join(failed)}")


def group(*names: str) -> tuple[str, ...]:
    """Return the requirements of dependency groups of `pyproject.toml`."""
    return nox.project.dependency_groups(_PYPROJECT, *names)


def checkout_path() -> str:
    """Return the path on which the distributions are imported from the checkout."""
    return os.pathsep.join([str(ROOT), *(str(each.source) for each in DISTRIBUTIONS)])


def install_wheels(session: nox.Session, *requirements: str, only: list[str] | None = None) -> None:
    """Install our wheels, then again and alone: a rebuilt wheel may have the same version."""
    ours = [str(file) for file in sorted(WHEELS.glob("*.whl")) if _wanted(file, only)]
    session.install(*ours, *requirements)
    session.install("--force-reinstall", "--no-deps", *ours)


def python_of(environment: str) -> str:
    """Return the interpreter of another session's environment."""
    return str(ROOT / ".nox" / environment / "bin" / "python")


def installed_python(version: str) -> str:
    """Return the interpreter with all wheels, of a version of Python."""
    return python_of(f"installed-{version.replace('.', '-')}")


def _wanted(wheel: Path, only: list[str] | None) -> bool:
    return only is None or wheel.name.split("-")[0].replace("_", "-") in only
