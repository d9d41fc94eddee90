"""Makes a project: a folder with a function, its test and what deploys it, all of it or nothing."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from ..errors import ProjectError
from .naming import Names, names_of
from .sam import Function, Settings, render

_SUFFIX = ".in"
_FLAVOURS = {True: "_async", False: "_def"}


def make_project(name: str, parent: Path, settings: Settings, *, is_async: bool) -> list[Path]:
    """Make the folder `parent/name` and return its files; raise ProjectError if that cannot be."""
    names = names_of(name)
    folder = parent / name
    if not parent.is_dir():
        raise ProjectError(f"there is no folder {parent} to make {name!r} in")
    if folder.exists() or folder.is_symlink():
        raise ProjectError(f"{folder} exists already: choose another name, or move it away")
    contents = dict(_contents(names, settings, is_async=is_async))
    try:
        _write(folder, contents)
    except OSError as error:
        raise ProjectError(f"{folder} cannot be written: {error.strerror}") from error
    return [folder / path for path in contents]


def _contents(names: Names, settings: Settings, *, is_async: bool) -> Iterator[tuple[str, str]]:
    values = {
        "function": names.function,
        "module": names.module,
        "python": settings.runtime.removeprefix("python"),
        "pin": _pin(),
    }
    skeleton = files(__package__) / "skeleton"
    for path, text in sorted(_files(skeleton, "")):
        flavour, other = _FLAVOURS[is_async], _FLAVOURS[not is_async]
        if other in path:
            continue
        yield path.replace(flavour, "").replace("MODULE", names.module), _filled(text, values)
    function = Function(names.resource, names.function, "src/", f"{names.module}.handler")
    yield "template.yaml", render([function], settings)


def _files(folder: Traversable, prefix: str) -> Iterator[tuple[str, str]]:
    for each in folder.iterdir():
        path = f"{prefix}{each.name}"
        if each.is_dir():
            yield from _files(each, f"{path}/")
        elif path.endswith(_SUFFIX):
            yield path.removesuffix(_SUFFIX), each.read_text(encoding="utf-8")


def _filled(text: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(f"{{{{{name}}}}}", value)
    return text


def _pin() -> str:
    """Return what requirements say behind our names: this minor version, if it is a release."""
    try:
        ours = version("lambda-durable")
    except PackageNotFoundError:
        return ""
    parts = ours.split(".")
    is_release = len(parts) == 3 and all(part.isdigit() for part in parts)
    return f"~={parts[0]}.{parts[1]}.0" if is_release else ""


def _write(folder: Path, contents: Mapping[str, str]) -> None:
    """Write all files beside the folder, then give it its name: nobody sees half of it."""
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        made.chmod(0o755 & ~_umask())
        for path, text in contents.items():
            file = made / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        made.rename(folder)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise


def _umask() -> int:
    """Return the process's mask, which can only be read by setting it."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
