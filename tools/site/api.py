"""The reference of a distribution's public names, written for autodoc."""

import inspect
from importlib import import_module
from typing import Any

from .docstrings import rewritten
from .public import HOOKS, Name, link_target, modules, names


def text(distribution: str, page: str) -> str:
    """Return the sections of a distribution: one for each of its public modules."""
    return "\n\n".join(_section(module) for module in modules(distribution) if module != HOOKS)


def _section(module: str) -> str:
    known = [each for each in names() if each.module == module]
    title = f"## `{module}`"
    description = rewritten(inspect.getdoc(import_module(module)) or "")
    entries = [_entry(each) for each in known]
    return f"{title}\n\n{_rst([description, *entries])}"


def _rst(blocks: list[str]) -> str:
    return "````{eval-rst}\n" + "\n\n".join(blocks) + "\n````"


def _entry(name: Name) -> str:
    """Return the directive for one name: its documentation, or where that is."""
    kind = _kind(name.value)
    if name.home != name.full:
        return f"``{name.name}`` is :py:obj:`{name.home}`."
    lines = [f".. auto{kind}:: {name.full}"]
    if kind in ("class", "exception"):
        lines.append("   :members:")
        lines.append("   :member-order: bysource")
        if inherited := _undocumented_base(name.value):
            lines.append(f"   :inherited-members: {inherited}")
    return "\n".join(lines)


def _kind(value: Any) -> str:
    if inspect.isclass(value):
        return "exception" if issubclass(value, BaseException) else "class"
    return "function" if inspect.isfunction(value) else "data"


def _undocumented_base(value: type) -> str | None:
    """Return the classes whose members are not repeated, if it inherits from a hidden one."""
    first, *others = value.__mro__
    hidden = [
        each
        for each in others
        if each.__module__.startswith(first.__module__.partition(".")[0])
        and link_target(f"{each.__module__}.{each.__qualname__}") is None
    ]
    if not hidden:
        return None
    shown = [each.__name__ for each in others if each not in hidden]
    return ",".join(dict.fromkeys(shown))
