"""Imports a target's function, and says readably why that did not work.

It runs in the function's process, so it imports nothing that a handler would not.
"""

import importlib.util
import pkgutil
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from lambda_durable.handler import DurableHandler

from .errors import TargetError
from .targets import Target, did_you_mean


@dataclass(frozen=True, slots=True)
class Loaded:
    """A function that was imported; `handlers` are the durable ones in its module."""

    function: Callable[..., Any]
    handlers: list[str]

    @property
    def durable(self) -> bool:
        """Whether it is a durable handler."""
        return isinstance(self.function, DurableHandler)


def load(target: Target) -> Loaded:
    """Import a target; raise TargetError with the user's own lines if that fails."""
    folder = str(target.folder)
    if folder not in sys.path:
        sys.path.insert(0, folder)
    module = _module(target)
    handlers = sorted(
        name for name, each in vars(module).items() if isinstance(each, DurableHandler)
    )
    try:
        function = getattr(module, target.attribute)
    except AttributeError:
        raise TargetError(
            f"TARGET {target.text!r}: {_title(target)} has no {target.attribute!r}"
            f"{did_you_mean(target.attribute, handlers or _functions(module))}"
        ) from None
    if not callable(function):
        raise TargetError(
            f"TARGET {target.text!r}: {target.attribute!r} is of type {type(function).__name__}, "
            f"not a function{did_you_mean(target.attribute, handlers or _functions(module))}"
        )
    return Loaded(function, handlers)


def not_durable(target: Target, handlers: list[str]) -> TargetError:
    """Return the error for a plain function where a durable one is needed."""
    others = [name for name in handlers if name != target.attribute]
    hint = f"; the durable ones here: {', '.join(others)}" if others else ""
    return TargetError(
        f"TARGET {target.text!r} is a plain function, not a durable handler: put "
        f"@durable_execution above it{hint}"
    )


def _module(target: Target) -> ModuleType:
    known = sys.modules.get(target.module)
    if known is None:
        known = _imported(target)
    if target.file is not None and _file_of(known) != target.file:
        raise TargetError(
            f"TARGET {target.text!r}: a module named {target.module!r} is imported already, from "
            f"{_file_of(known) or 'Python itself'}; rename the file, or run each function in a "
            "process of its own (--host process)"
        )
    return known


def _imported(target: Target) -> ModuleType:
    try:
        if target.file is not None and "." not in target.module:
            # By its place, not by its name: an installed module of that name must not be meant.
            return _from_file(target.module, target.file)
        return import_module(target.module)
    except ModuleNotFoundError as error:
        name = error.name or ""
        if target.file is None and (target.module == name or target.module.startswith(f"{name}.")):
            raise TargetError(_no_module(target, name)) from None
        raise _failed(target, error) from error
    except (Exception, SystemExit) as error:
        raise _failed(target, error) from error


def _from_file(name: str, file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None, "a .py file has a loader"
    assert spec.loader is not None, "a .py file has a loader"
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _failed(target: Target, error: BaseException) -> TargetError:
    told = traceback.TracebackException.from_exception(error)
    told.stack = traceback.StackSummary.from_list(
        [frame for frame in told.stack if not _is_ours(frame.filename)]
    )
    lines = "".join(told.format(chain=False)).splitlines()
    reason = f"{type(error).__name__}: {error}".splitlines()[0]
    return TargetError(f"{_title(target)} cannot be imported: {reason}", lines)


def _is_ours(filename: str) -> bool:
    return filename == __file__ or filename.startswith("<frozen importlib")


def _no_module(target: Target, missing: str) -> str:
    parent, _, last = missing.rpartition(".")
    path = None
    if parent:
        path = list(getattr(sys.modules.get(parent), "__path__", []))
    else:
        path = [str(target.folder)]
    names = [each.name for each in pkgutil.iter_modules(path)]
    near = did_you_mean(last, names)
    where = f"in package {parent}" if parent else "here or installed"
    return f"TARGET {target.text!r}: there is no module {last!r} {where}{near}"


def _functions(module: ModuleType) -> list[str]:
    return [
        name
        for name, each in vars(module).items()
        if callable(each) and getattr(each, "__module__", None) == module.__name__
    ]


def _file_of(module: ModuleType) -> Path | None:
    file = getattr(module, "__file__", None)
    return None if file is None else Path(file).resolve()


def _title(target: Target) -> str:
    if target.file is None:
        return f"module {target.module}"
    return target.text.rpartition(":")[0]
