"""Where lines go: a terminal, with colours and a line below that says what goes on, or a file."""

import os
import sys
from typing import IO

from rich.console import Console, RenderableType
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

_PLAIN_COLUMNS = 110
"""The width of tables that are not printed on a terminal."""


def make_console(*, plain: bool = False, stderr: bool = False) -> Console:
    """Return a console on standard output or error; `plain` is without colours and movement."""
    stream: IO[str] = sys.stderr if stderr else sys.stdout
    terminal = stream.isatty() and not plain
    width = None if stream.isatty() or "COLUMNS" in os.environ else _PLAIN_COLUMNS
    return Console(
        file=stream,
        force_terminal=terminal,
        no_color=None if terminal else True,
        width=width,
        highlight=False,
        emoji=False,
        markup=False,
    )


def print_table(console: Console, table: Table) -> None:
    """Print a table; where it is no terminal, without blanks at the ends of lines."""
    if console.is_terminal or console.quiet:
        console.print(table)
        return
    with console.capture() as captured:
        console.print(table)
    for line in captured.get().splitlines():
        console.print(line.rstrip(), soft_wrap=True)


class Screen:
    """Prints lines; on a terminal, a status stands below them."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._live: Live | None = None
        self._spinner = Spinner("line", style="dim")

    def print(self, line: RenderableType) -> None:
        """Print a line above the status."""
        self.console.print(line, soft_wrap=not self.console.is_terminal)

    def status(self, text: str) -> None:
        """Show what goes on; nothing is shown where it could not be removed again."""
        if not self.console.is_terminal:
            return
        self._spinner.update(text=Text(text, style="dim", overflow="ellipsis", no_wrap=True))
        if self._live is None:
            # What the function prints has another way here.
            self._live = Live(
                self._spinner,
                console=self.console,
                transient=True,
                refresh_per_second=8,
                redirect_stdout=False,
                redirect_stderr=False,
            )
            self._live.start()

    def close(self) -> None:
        """Remove the status."""
        if self._live is not None:
            self._live.stop()
            self._live = None
