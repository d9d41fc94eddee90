"""Finds the durable handlers in a folder, a file or a package."""

import importlib.util
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .. import targets
from ..errors import ProjectError
from ..targets import Target

_PROGRAM = Path(__file__).with_name("describe.py")
_SECONDS = 60.0
_MARK = re.compile(r"\bdurable_execution\b")
"""What a file must say to be imported: others are scripts that nobody wants to be run."""
_SKIPPED = frozenset({"__pycache__", "build", "dist", "node_modules", "site-packages", "tests"})
_IS_TEST = re.compile(r"test_.*|.*_test|conftest|setup|noxfile")


@dataclass(frozen=True, slots=True)
class Found:
    """A durable handler: `folder` is where its imports begin, `handler` as Lambda writes it."""

    name: str
    folder: Path
    handler: str
    file: Path


def find_handlers(places: Sequence[str], python: str) -> list[Found]:
    """Return the durable handlers in folders, files and packages, in the order of their files.

    Files that do not mention `durable_execution` are not imported, nor are tests. Each of the
    others is imported by the interpreter `python`, in a process of its own. Raise ProjectError
    for a place that does not exist, a file that cannot be imported, and if there is no handler.
    """
    files = list(dict.fromkeys(file for place in places for file in _files(place)))
    found = [each for file in files for each in _handlers(file, python)]
    if not found:
        raise ProjectError(
            f"no durable handlers in {', '.join(places)}: functions that are decorated with "
            f"@durable_execution are looked for, tests left out ({len(files)} files mention it)"
        )
    return _named_apart(found)


def _files(place: str) -> Iterator[Path]:
    path = Path(place)
    if not path.exists():
        path = _package(place)
    if path.is_file() and path.suffix != ".py":
        raise ProjectError(f"{place} is not a Python file (.py)")
    for file in [path] if path.is_file() else _below(path):
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ProjectError(f"{file} cannot be read: {error}") from error
        if _MARK.search(text):
            yield file


def _package(name: str) -> Path:
    """Return where a module is that is here, in `src` or installed; nothing is imported."""
    path = name.replace(".", "/")
    for root in (Path(), Path("src")):
        for here in (root / path, root / f"{path}.py"):
            if here.exists():
                return here
    is_name = all(part.isidentifier() for part in name.split("."))
    found = importlib.util.find_spec(name.partition(".")[0]) if is_name else None
    if found is None or found.origin is None or "." in name:
        raise ProjectError(
            f"{name!r} is neither a folder, nor a Python file, nor a package that is installed"
        )
    origin = Path(found.origin)
    return origin.parent if origin.name == "__init__.py" else origin


def _below(folder: Path) -> Iterator[Path]:
    for at, folders, names in os.walk(folder):
        folders[:] = sorted(
            each
            for each in folders
            if each not in _SKIPPED
            and not each.startswith(".")
            and not (Path(at) / each / "pyvenv.cfg").exists()
        )
        for name in sorted(names):
            if name.endswith(".py") and not _IS_TEST.fullmatch(name.removesuffix(".py")):
                yield Path(at) / name


def _handlers(file: Path, python: str) -> Iterator[Found]:
    target = targets.parse(f"{file}:handler")
    told = _described(target, python, file)
    if "error" in told:
        raise ProjectError(f"{file} cannot be imported: {told['error']}", told["lines"])
    for name in told["handlers"]:
        of = Target(f"{file}:{name}", target.module, name, target.folder, target.file)
        yield Found(of.function_name, of.folder, f"{of.module}.{name}", file)


def _described(target: Target, python: str, file: Path) -> dict[str, Any]:
    interpreter = str(Path(python).absolute()) if "/" in python else python
    lines: list[str] = []
    try:
        done = subprocess.run(  # noqa: S603 - running what --python names is its purpose
            [interpreter, str(_PROGRAM), target.module],
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            stdin=subprocess.DEVNULL,
            cwd=target.folder,
            check=False,
        )
        lines = done.stderr.splitlines()
        answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    except OSError as error:
        raise ProjectError(f"cannot run {python}: {error.strerror}") from error
    except subprocess.TimeoutExpired:
        raise ProjectError(f"{file} took more than {_SECONDS:.0f} s to import") from None
    except (IndexError, ValueError):
        raise ProjectError(f"{file} ended the process that imported it", lines) from None
    return answer


def _named_apart(found: list[Found]) -> list[Found]:
    """Name functions after their folders, too, where their own names are the same."""
    names = [each.name for each in found]
    apart = [
        each
        if names.count(each.name) == 1
        else Found(
            f"{re.sub(r'[^A-Za-z0-9_-]', '-', each.folder.name)}-{each.name}"[:64],
            each.folder,
            each.handler,
            each.file,
        )
        for each in found
    ]
    seen: dict[str, Path] = {}
    for each in apart:
        if each.name in seen:
            raise ProjectError(
                f"{seen[each.name]} and {each.file} would both be the function {each.name!r}: "
                "rename one, or write a template for each"
            )
        seen[each.name] = each.file
    return apart


def runtime_here() -> str:
    """Return Lambda's name for this interpreter's Python."""
    return f"python{sys.version_info.major}.{sys.version_info.minor}"
