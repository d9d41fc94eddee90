"""The fenced code blocks of the documents, and what is to be done with each.

What a reader sees is what is executed. A block can ask for these things in its document:

- `title="handler.py"` after the language: the block is also written to that file, in the folder
  where the document's commands run.
- `<!-- not executed: reason -->` on the line above: the block is skipped, and the reason reported.
- `<!-- printed -->` on the line above a `text` block: it is what the block before it printed. A
  line `[...]` stands for any lines, and places (`/home/me/orders.py:7`) only have to be places.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt

DOCUMENTS = (
    "README.md",
    "CONTRIBUTING.md",
    "docs/**/*.md",
    "packages/*/README.md",
    "plugins/*/README.md",
    "examples/**/README.md",
)
_TITLE = re.compile(r'\btitle="([^"]+)"')
_PRINTED = re.compile(r"<!--\s*printed\s*-->\s*$")
_SKIP = re.compile(r"<!--\s*not executed:\s*(\S.*?)\s*-->\s*$")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced code block; `line` is that of its first line of code."""

    document: Path
    line: int
    language: str
    code: str
    title: str | None = None
    skipped_because: str | None = None
    is_output: bool = False
    """True where it shows what the block before it printed."""


def documents(root: Path) -> list[Path]:
    """Return the documents whose blocks are executed."""
    return sorted({path for pattern in DOCUMENTS for path in root.glob(pattern)})


def blocks(document: Path) -> list[Block]:
    """Return the fenced code blocks of a document, in order."""
    text = document.read_text(encoding="utf-8")
    lines = text.splitlines()
    found: list[Block] = []
    for token in MarkdownIt().parse(text):
        if token.type != "fence" or token.map is None:
            continue
        first = token.map[0]
        language, _, rest = token.info.strip().partition(" ")
        title = _TITLE.search(rest)
        skip = _SKIP.search(_line_above(lines, first))
        found.append(
            Block(
                document=document,
                line=first + 2,
                language=language,
                code=token.content,
                title=title[1] if title else None,
                skipped_because=skip[1] if skip else None,
                is_output=bool(_PRINTED.search(_line_above(lines, first))),
            )
        )
    return found


def _line_above(lines: list[str], number: int) -> str:
    """Return the line above, or the one above that if a blank line is between."""
    above = [line for line in lines[max(0, number - 2) : number] if line.strip()]
    return above[-1] if above else ""
