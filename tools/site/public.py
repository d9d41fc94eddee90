"""Which names are public, and where each is documented: once, at its first place below.

A distribution's package offers what its `__all__` lists, and so does each package inside it that
has one. Plain modules named here are for those who write plugins, operations and hosts; of these
all names without an underscore count that they define themselves.
"""

import ast
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from tools.distributions import discover

PLAIN_MODULES: Final = {
    "lambda-durable": [
        *("abc", "errors", "effects", "batches", "vocabulary"),
        *("events", "observations", "hookspecs", "lifecycle"),
        *("protocol.limits", "protocol.names", "protocol.shapes"),
    ],
    "lambda-durable-kernel": ["model", "settings", "simulation", "codec", "contract", "errors"],
    "lambda-durable-local": ["functions", "targets"],
    "lambda-durable-retry": ["presets", "kinds", "conditions", "waits", "strategies"],
    "lambda-durable-serializers": ["extended", "official"],
    "lambda-durable-callbacks": ["errors"],
    "lambda-durable-concurrency": ["completion", "errors"],
    "lambda-durable-testing": [
        *("abc", "results", "operations", "errors", "local", "started", "stand_ins"),
        *("determinism.checking", "recorded.recording"),
    ],
    "lambda-durable-lean-client": [],
}
HOOKS: Final = "lambda_durable.hookspecs"
"""Its hooks have pages of their own."""


@dataclass(frozen=True, slots=True)
class Name:
    """A public name: where it can be imported from, and what it is."""

    module: str
    name: str
    value: Any
    home: str
    """The full name under which it is documented: its own, unless another place came first."""

    @property
    def full(self) -> str:
        """Return the name with its module."""
        return f"{self.module}.{self.name}"


@cache
def modules(distribution: str) -> tuple[str, ...]:
    """Return the public modules of a distribution, its package first."""
    (found,) = [each for each in discover() if each.name == distribution]
    package = found.import_name
    plain = [f"{package}.{each}" for each in PLAIN_MODULES.get(distribution, [])]
    return tuple(dict.fromkeys([package, *_packages(found.package, package), *plain]))


def _packages(folder: Path, package: str) -> Iterator[str]:
    for file in sorted(folder.rglob("__init__.py")):
        parts = file.parent.relative_to(folder).parts
        if "__all__" in file.read_text(encoding="utf-8"):
            yield ".".join([package, *parts])


@cache
def names() -> tuple[Name, ...]:
    """Return all public names of all distributions, in the order of their documentation."""
    homes: dict[object, str] = {}
    found = []
    for distribution in [each.name for each in discover()]:
        for module in modules(distribution):
            for name, value in _names_of(import_module(module)):
                full = f"{module}.{name}"
                home = homes.setdefault(_identity(value, full), full)
                found.append(Name(module, name, value, home))
    return tuple(found)


def _names_of(module: ModuleType) -> list[tuple[str, Any]]:
    listed = getattr(module, "__all__", None)
    if listed is None:
        listed = [name for name in _defined(module) if not name.startswith("_")]
    return [(name, getattr(module, name)) for name in listed]


def _defined(module: ModuleType) -> Iterator[str]:
    """Yield what a module defines, in order; a variable only if a docstring follows it."""
    body = ast.parse(inspect.getsource(module)).body
    for node, following in zip(body, [*body[1:], None], strict=True):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.AnnAssign | ast.Assign) and _is_text(following):
            target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
            if isinstance(target, ast.Name):
                yield target.id


def _is_text(node: ast.stmt | None) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _identity(value: Any, full: str) -> object:
    if inspect.isclass(value) or inspect.isfunction(value):
        return value.__module__, value.__qualname__
    # An alias of types is one object wherever it is imported; equal numbers and texts are not.
    return full if isinstance(value, str | int | float) else id(value)


@cache
def _targets() -> dict[str, str]:
    """Return documented names by all names they are known by, ambiguous short ones left out."""
    found: dict[str, str] = {}
    short: dict[str, set[str]] = {}
    for each in names():
        found[each.full] = each.home
        if inspect.isclass(each.value) or inspect.isfunction(each.value):
            found[f"{each.value.__module__}.{each.value.__qualname__}"] = each.home
        short.setdefault(each.name, set()).add(each.home)
    for name, homes in short.items():
        # A lower-case word in a docstring is a parameter or a method rather than a function.
        if len(homes) == 1 and name[0].isupper():
            found.setdefault(name, *homes)
    return found


def link_target(text: str) -> str | None:
    """Return the documented name that a name in a docstring or an annotation means, if any."""
    return _targets().get(text)
