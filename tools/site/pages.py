"""Fills in what pages take from the code, before Sphinx reads them.

A page asks for it with a block of its own lines:

    :::{from-code} KIND ARGUMENT
    :::
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from . import api, commands, evidence, hooks, lifecycle, readmes, tables

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_ASKED = re.compile(r"^:::\{from-code\} (?P<kind>[a-z-]+) ?(?P<argument>\S*)\n:::$", re.MULTILINE)

KINDS: Final[dict[str, Callable[[str, str], str]]] = {
    "api": api.text,
    "commands": commands.text,
    "errors": tables.errors,
    "hook": hooks.text,
    "hook-list": hooks.overview,
    "lifecycle": lifecycle.figure,
    "limits": tables.limits,
    "more": readmes.more,
    "readme": readmes.text,
}
"""Each takes the argument and the name of the page, and returns Markdown."""


def fill_in(app: "Sphinx", docname: str, source: list[str]) -> None:
    """Replace each request in a page's source."""
    source[0] = filled_in(source[0], docname)


def filled_in(text: str, page: str) -> str:
    """Return a page's text with all that it asked for; `page` is its path without suffix."""

    def made(match: re.Match[str]) -> str:
        kind, argument = match["kind"], match["argument"]
        if kind not in KINDS:
            message = f"{page} asks for {kind!r}; there are: {', '.join(KINDS)}"
            raise ValueError(message)
        return KINDS[kind](argument, page)

    return evidence.linked(_ASKED.sub(made, text), up(page))


def up(page: str) -> str:
    """Return what leads from a page's folder to the folder of all pages: `../` for each level."""
    return "../" * (len(Path(page).parts) - 1)
