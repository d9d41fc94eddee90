"""Finds the entry points of a group without `importlib.metadata`, which costs a cold start more.

That reads each distribution's files too, but loads an e-mail parser, zip files and more to do so.
It is still asked where distributions may be found otherwise than as folders on `sys.path`.
"""

import os
import sys
from collections.abc import Iterator
from typing import NamedTuple

_FILE = "entry_points.txt"
_SUFFIXES = (".dist-info", ".egg-info")


class EntryPoint(NamedTuple):
    """A name and what it stands for: `module` or `module:attribute`."""

    name: str
    value: str

    @property
    def module(self) -> str:
        """The module that is to be imported."""
        return self.value.partition(":")[0].strip()


def entry_points(group: str) -> list[EntryPoint]:
    """Return the entry points of a group, of each distribution as it is found first on the path."""
    if any(_is_special(finder) for finder in sys.meta_path) or not all(map(_is_folder, sys.path)):
        from importlib.metadata import entry_points as all_entry_points  # see above

        return [_made(each.name, each.value) for each in all_entry_points(group=group)]
    found: list[EntryPoint] = []
    seen: set[str] = set()
    for folder in sys.path:
        for info in _distributions(folder or "."):
            name = os.path.splitext(os.path.basename(info))[0].partition("-")[0].lower()
            if name not in seen:
                seen.add(name)
                found += _of_group(info, group)
    return found


def _is_special(finder: object) -> bool:
    """Tell whether a finder has distributions that are not folders on the path."""
    module = getattr(finder, "__module__", "")
    return hasattr(finder, "find_distributions") and module != "_frozen_importlib_external"


def _is_folder(entry: str) -> bool:
    """Tell whether an entry of the path is a folder, or not there: no zip file, no egg."""
    return not entry.endswith(".egg") and (
        not entry or os.path.isdir(entry) or not os.path.exists(entry)
    )


def _distributions(folder: str) -> Iterator[str]:
    try:
        with os.scandir(folder) as entries:
            yield from [each.path for each in entries if each.name.endswith(_SUFFIXES)]
    except OSError:  # listed, but not there
        return


def _of_group(info: str, group: str) -> Iterator[EntryPoint]:
    try:
        with open(os.path.join(info, _FILE), encoding="utf-8") as file:
            text = file.read()
    except OSError:  # most have none
        return
    if group not in text:
        return
    section = None
    for raw in text.splitlines():
        line = raw.strip()
        if line.startswith("["):
            section = line.strip("[]").strip()
        elif section == group and "=" in line and not line.startswith(("#", ";")):
            name, _, value = line.partition("=")
            yield _made(name, value)


def _made(name: str, value: str) -> EntryPoint:
    return EntryPoint(name.strip(), value.partition("[")[0].strip())  # without extras
