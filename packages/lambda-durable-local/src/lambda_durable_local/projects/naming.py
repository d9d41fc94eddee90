"""The names of a project: of its function, its module and its resource, made from one another."""

import importlib.util
import keyword
import re
import sys
from dataclasses import dataclass

from ..errors import ProjectError

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")


@dataclass(frozen=True, slots=True)
class Names:
    """`function` is Lambda's name, `module` that of its file, `resource` the logical id."""

    function: str
    module: str
    resource: str


def names_of(name: str) -> Names:
    """Return the names for a project; raise ProjectError if there can be none of that name."""
    if not _NAME.fullmatch(name):
        raise ProjectError(
            f"{name!r} cannot be a function's name: it has up to 64 letters, digits, - and _, and "
            "begins with a letter"
        )
    module = name.lower().replace("-", "_")
    if keyword.iskeyword(module):
        raise ProjectError(f"{name!r} cannot be a module's name, it is a word of Python's own")
    if module in sys.stdlib_module_names:
        raise ProjectError(f"{name!r} would hide Python's own module {module!r}: choose another")
    if _is_installed(module):
        raise ProjectError(f"{name!r} would hide the module {module!r} that is installed here")
    return Names(name, module, logical_id(name))


def logical_id(name: str) -> str:
    """Return a function's name as CloudFormation's logical ids are written: letters and digits."""
    return "".join(part[0].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", name) if part)


def _is_installed(module: str) -> bool:
    # A folder that merely lies in the current one is no module that code elsewhere imports.
    found = importlib.util.find_spec(module)
    return found is not None and found.origin is not None
