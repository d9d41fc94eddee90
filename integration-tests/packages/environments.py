"""Fresh environments for built wheels: by uv where nox uses it, else by venv and pip."""

import os
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

UV = os.environ.get("LAMBDA_DURABLE_UV", "")
WHEELS = Path(os.environ.get("LAMBDA_DURABLE_WHEELS", "build/wheels")).resolve()


def wheel(name: str, extra: str = "") -> str:
    """Return the requirement that is met by the built wheel of one of our distributions."""
    found = sorted(WHEELS.glob(f"{name.replace('-', '_')}-*.whl"))
    assert len(found) == 1, f"{WHEELS} has {len(found)} wheels of {name}: run `nox -s wheels`"
    return f"{found[0]}[{extra}]" if extra else str(found[0])


def make(folder: Path, requirements: Sequence[str] = ()) -> Path:
    """Make an environment of this Python that has nothing but `requirements`; return its Python."""
    python = folder / "bin" / "python"
    if UV:
        run(UV, "venv", "--quiet", "--python", sys.executable, str(folder))
    else:
        venv.create(folder, with_pip=True)
    if requirements:
        install(python, *requirements)
    return python


def install(python: Path, *arguments: str) -> None:
    """Install into the environment of an interpreter."""
    if UV:
        run(UV, "pip", "install", "--quiet", "--python", str(python), *arguments)
    else:
        run(str(python), "-m", "pip", "install", "--quiet", *arguments)


def run(*command: str) -> str:
    """Return what a command prints; fail with all it said if it failed."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return done.stdout
