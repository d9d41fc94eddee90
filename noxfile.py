"""What a change must pass, one session each: `nox` runs them all, `nox --list` explains them."""

import sys
from pathlib import Path

import nox

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT))  # nox loads this file without its folder on the path

from tools import backend  # noqa: E402 - the path is set just above
from tools.sessions import (  # noqa: E402 - as above; importing them is enough
    checks,
    environments,
    integrating,
    releasing,
    testing,
)

__all__ = ["checks", "environments", "integrating", "releasing", "testing"]

nox.needs_version = ">=2026"
nox.options.default_venv_backend = backend.choose(ROOT / ".nox")
nox.options.reuse_venv = "yes"
# A Python that is not here is skipped, in CI as well, and the closing summary of nox says so.
nox.options.error_on_missing_interpreters = False
nox.options.download_python = "never"
backend.show_pyenv_pythons()
