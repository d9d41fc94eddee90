"""Where the sessions' environments come from: uv if it works on this machine, and which Pythons.

Standard library only; the noxfile imports this module.
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

_STAMP_LASTS = 24 * 3600


def choose(state: Path) -> str:
    """Return `uv` if it is installed and reaches a package index, else `virtualenv`.

    uv does not read pip's configuration, so on a machine where an index, a proxy or a certificate
    is set for pip alone, uv is there and installs nothing. It is asked once a day; `state` is the
    folder where the answer is kept.
    """
    uv = _find_uv()
    if uv is None:
        return "virtualenv"
    stamp = state / "uv-reaches-the-index"
    if stamp.exists() and time.time() - stamp.stat().st_mtime < _STAMP_LASTS:
        return "uv"
    if not _reaches_the_index(uv):
        print("uv is installed but cannot reach a package index: using virtualenv and pip")
        return "virtualenv"
    state.mkdir(parents=True, exist_ok=True)
    stamp.touch()
    return "uv"


def _find_uv() -> str | None:
    beside = Path(sys.executable).with_name("uv")
    return str(beside) if beside.exists() else shutil.which("uv")


def _reaches_the_index(uv: str) -> bool:
    # Resolving one requirement asks the index and installs nothing.
    command = [uv, "pip", "compile", "-", "--no-deps", "--quiet", "--python", sys.executable]
    try:
        done = subprocess.run(
            command, input="pluggy", text=True, capture_output=True, timeout=60, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def show_pyenv_pythons() -> None:
    """Put every Python that pyenv has installed at the end of PATH.

    pyenv's `python3.12` is a shim that fails unless that version was activated; the interpreter
    behind it is good.
    """
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    folders = sorted(str(each) for each in root.glob("versions/3.*/bin") if each.is_dir())
    os.environ["PATH"] = os.pathsep.join([os.environ.get("PATH", ""), *folders])
