"""The columns of a line of progress."""

from typing import Final

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from .lines import Words

_TIME: Final = 11
_NAME: Final = 22
_KIND: Final = 9
_GAP: Final = 2
_WIDE: Final = 90
"""From this width on there is room for the kind of an operation."""


def row(console: Console, time: str, name: str, kind: str, said: Words) -> RenderableType:
    """Return a line for a console: on a terminal, its words are wrapped in their column."""
    if not console.is_terminal:
        return f"{time:>{_TIME}}  {name:<{_NAME}}  {kind:<{_KIND}}  {said.text}"
    wide = console.width >= _WIDE
    grid = Table.grid(padding=(0, _GAP, 0, 0), expand=True)
    grid.add_column(width=_TIME, justify="right", style="dim", no_wrap=True)
    grid.add_column(width=_NAME, no_wrap=True, overflow="ellipsis")
    if wide:
        grid.add_column(width=_KIND, style="dim", no_wrap=True, overflow="ellipsis")
    grid.add_column(ratio=1, overflow="fold")
    cells = [time, name, *([kind] if wide else [])]
    grid.add_row(*(Text(cell) for cell in cells), Text(said.text, style=said.style))
    return grid
