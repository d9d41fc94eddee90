"""Docstrings are written as Markdown reads: `code` in single backticks, lists, indented code.

Sphinx reads reStructuredText, so each is rewritten. What stands in backticks and is a documented
name becomes a link.
"""

import re
from typing import TYPE_CHECKING, Any

from .public import link_target

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_CODE = re.compile(r"(?<!`)`([^`]+)`(?!`)")
_SPECIAL = re.compile(r"(?<!\\)([*_|])")


def process(app: "Sphinx", what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Rewrite one docstring in place, as Sphinx wants it."""
    lines[:] = rewritten("\n".join(lines)).splitlines()


def rewritten(text: str) -> str:
    """Return Markdown of a docstring as reStructuredText."""
    parts = re.split(r"\n{2,}", text.strip("\n"))
    found: list[str] = []
    in_code = False
    for part in parts:
        if part.startswith("    "):
            found.append(part if in_code else f".. code-block:: python\n\n{part}")
            in_code = True
        elif part.startswith("|"):
            found.append(_table(part.splitlines()))
            in_code = False
        else:
            found.append(_inline(part))
            in_code = False
    return "\n\n".join(found)


def _table(lines: list[str]) -> str:
    """Return the lines of a Markdown table as a table of lists."""
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    header, _, *others = rows
    items = [
        "\n".join(f"   {'* -' if number == 0 else '  -'} {_inline(cell)}" for number, cell in row)
        for row in (enumerate(row) for row in [header, *others])
    ]
    return "\n".join([".. list-table::", "   :header-rows: 1", "", *items])


def _inline(text: str) -> str:
    pieces = _CODE.split(text)
    found = ""
    for number, piece in enumerate(pieces):
        if number % 2:
            found += _code(piece)
        else:
            # What follows a closing backtick directly would hide it: `NamedBranch`es.
            joint = "\\ " if number and piece[:1].isalnum() else ""
            found += joint + _SPECIAL.sub(r"\\\1", piece)
    return found


def _code(text: str) -> str:
    # A code span may be broken over two lines, with the indentation of the second.
    shown = re.sub(r"\s+", " ", text)
    target = link_target(shown)
    return f":py:obj:`{shown} <{target}>`" if target else f"``{shown}``"
