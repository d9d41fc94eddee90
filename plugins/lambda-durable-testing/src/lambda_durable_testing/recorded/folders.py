"""Recordings on disk, and the handlers that they are replayed against."""

import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from lambda_durable import DurableHandler
from lambda_durable.errors import InvalidInputError


def recordings_in(path: Path) -> Iterator[Path]:
    """Yield the recordings at a path: the file itself, or all `*.json` below a folder, by name."""
    if path.is_file():
        yield path
    elif path.is_dir():
        yield from sorted(path.rglob("*.json"))
    else:
        raise InvalidInputError(f"{path} does not exist; give a recording, or a folder of them")


def handler_at(target: str | None, recording: Path) -> DurableHandler[Any, Any]:
    """Return the handler called `module:name` or `file.py:name`; None is an error that says so."""
    if target is None:
        raise InvalidInputError(
            f"{recording} does not tell its handler; name it (module:name), or record it with "
            "made_by(handler, recording)"
        )
    module, _, name = target.rpartition(":")
    if not module or not name:
        raise InvalidInputError(
            f"a handler is given as module:name or file.py:name, not {target!r}"
        )
    try:
        found: Any = _file(Path(module)) if module.endswith(".py") else import_module(module)
        for part in name.split("."):
            found = getattr(found, part)
    except (ImportError, AttributeError, OSError) as error:
        raise InvalidInputError(f"the handler {target!r} cannot be imported: {error}") from error
    if not isinstance(found, DurableHandler):
        raise InvalidInputError(
            f"{target!r} is no durable handler but {found!r:.80}; decorate it with "
            "@durable_execution"
        )
    return found


def _file(path: Path) -> ModuleType:
    """Import a module from its file, its folder on the path as it is for a script."""
    name = path.stem
    known = sys.modules.get(name)
    if (
        known is not None
        and Path(getattr(known, "__file__", None) or "").resolve() == path.resolve()
    ):
        return known
    spec = spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no Python file")
    module = module_from_spec(spec)
    folder = str(path.resolve().parent)
    if folder not in sys.path:
        sys.path.insert(0, folder)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
