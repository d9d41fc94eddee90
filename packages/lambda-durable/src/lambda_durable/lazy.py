"""Names of a package that are imported when they are first asked for (PEP 562).

A cold start then pays for the words that a handler uses, not for all there are.
"""

import sys
from collections.abc import Callable, Mapping
from typing import Any


def on_first_use(
    package: str, modules: Mapping[str, tuple[str, ...]]
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Return a package's `__getattr__` and `__dir__`: `modules` below it, and each one's names.

    A name is found once and kept in the package. Type checkers are told of the names by imports
    under `if TYPE_CHECKING`, with this in the `else`; they would believe in any name otherwise.
    """
    homes = {name: module for module, names in modules.items() for name in names}

    def find(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module = f"{package}.{homes[name]}"
        __import__(module)
        value = getattr(sys.modules[module], name)
        setattr(sys.modules[package], name, value)
        return value

    def listed() -> list[str]:
        return sorted({*vars(sys.modules[package]), *homes})

    return find, listed
