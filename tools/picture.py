"""Makes the picture of an execution: a command's terminal, as it looked in the end.

`python -m tools.picture FILE COMMAND ...` runs the command in a terminal of its own (`nox -s
picture` does so with the demo) and writes an SVG. What the picture shows has happened.
"""

import os
import pty
import shlex
import sys
import textwrap
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

import pyte
from pyte.screens import Char
from rich.console import Console
from rich.style import Style
from rich.terminal_theme import MONOKAI
from rich.text import Text

COLUMNS, LINES = 100, 400
_COLOURS = {"brown": "yellow", "brightbrown": "bright_yellow"}
# rich's own would load a font from the net; a README shows pictures without that.
_FORMAT = """<svg class="terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: {char_height}px; line-height: {line_height}px; font-variant-east-asian: full-width; }}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: arial, sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def main(arguments: list[str]) -> int:
    """Run a command and write its picture; return its exit status."""
    file, *command = arguments
    screen = pyte.Screen(COLUMNS, LINES)
    status = _run(command, pyte.ByteStream(screen))
    lines = [_line(screen.buffer[number]) for number in range(LINES)]
    while lines and not lines[-1].plain.strip():
        lines.pop()
    Path(file).write_text(_svg([*_prompt(command), *lines]), encoding="utf-8")
    print(f"{file}: {len(lines)} lines")
    return status


def _prompt(command: list[str]) -> list[Text]:
    """Return the lines that show the command as it is typed."""
    first, *others = textwrap.wrap(f"$ {shlex.join(command)}", COLUMNS - 4, break_on_hyphens=False)
    shown = " \\\n    ".join([first, *others])
    return [*(Text(line, Style(bold=True)) for line in shown.split("\n")), Text()]


def _run(command: list[str], stream: pyte.ByteStream) -> int:
    """Run a command in a terminal; feed what it prints to `stream`, and return its status."""

    def read(descriptor: int) -> bytes:
        data = os.read(descriptor, 4096)
        stream.feed(data)
        return data

    os.environ.update(COLUMNS=str(COLUMNS), LINES=str(LINES), TERM="xterm-256color")
    os.environ.pop("NO_COLOR", None)
    return os.waitstatus_to_exitcode(pty.spawn(command, read))


def _line(row: dict[int, Char]) -> Text:
    """Return a line of the terminal with its colours."""
    line = Text()
    for style, chars in groupby((row[column] for column in range(COLUMNS)), _style):
        line.append("".join(char.data for char in chars), style)
    line.rstrip()
    return line


def _style(char: Char) -> Style:
    colour = None if char.fg == "default" else _COLOURS.get(char.fg, char.fg)
    if colour is not None and colour.startswith("bright") and "_" not in colour:
        colour = colour.replace("bright", "bright_")
    if colour is not None and len(colour) == 6 and all(c in "0123456789abcdef" for c in colour):
        colour = f"#{colour}"
    return Style(color=colour, bold=char.bold, italic=char.italics, underline=char.underscore)


def _svg(lines: Iterable[Text]) -> str:
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        console = Console(record=True, width=COLUMNS, file=nowhere, force_terminal=True)
        for line in lines:
            console.print(line, no_wrap=True, crop=True)
        return console.export_svg(
            title="", theme=MONOKAI, code_format=_FORMAT, unique_id="timeline"
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
