"""The functions of the JavaScript SDK with what they need from npm, put together in one folder.

Lambda's runtime client for Node comes as C++ and is compiled here, which takes a minute or two; so
what was installed is kept for as long as the lock file stays the same. Standard library only; the
noxfile imports this module.
"""

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

TOOLS = ("node", "npm", "make", "g++", "cmake", "python3", "autoconf", "automake", "libtoolize")
"""What it takes to install and to run them; Debian has each under its name, and `libtool`."""

_STAMP = ".installed"


def missing() -> list[str]:
    """Return the tools that this machine does not have."""
    return [tool for tool in TOOLS if shutil.which(tool) is None]


def prepare(source: Path, folder: Path, run: Callable[..., object]) -> None:
    """Copy `source` to `folder` and install what its lock file names; `run` runs npm there.

    Nothing is written into `source`, which is under version control.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for file in source.iterdir():
        if file.is_file():
            shutil.copy(file, folder)
    locked = hashlib.sha256((source / "package-lock.json").read_bytes()).hexdigest()
    stamp = folder / _STAMP
    if stamp.is_file() and stamp.read_text() == locked:
        return
    stamp.unlink(missing_ok=True)
    run("npm", "ci", "--no-audit", "--no-fund")
    stamp.write_text(locked)
