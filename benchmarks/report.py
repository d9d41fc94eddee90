"""Writes the results where people read them: on a terminal, and into a page of the docs."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from . import tables
from .results import Results

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"

_FILE_WIDTH = 150


def show(results: Results) -> None:
    """Print both tables."""
    from rich.console import Console  # only here, so that reports are written without it
    from rich.table import Table

    console = Console()
    if not console.is_terminal:  # a log file is as wide as it must be
        console = Console(width=_FILE_WIDTH)
    measured = Table("case", "figure", *tables.COLUMNS, title="Measured")
    for row in tables.rows(results):
        measured.add_row(row.case, row.figure, *row.cells)
    judged = Table("target", "figure", "ours", "bound", "found", "", title="Targets")
    for verdict in tables.verdicts(results):
        cells = (verdict.title, verdict.what, verdict.row, verdict.bound, verdict.found)
        judged.add_row(
            *cells, "met" if verdict.met else "missed", style=None if verdict.met else "red"
        )
    console.print(measured)
    console.print(judged)


def markdown(results: Results) -> str:
    """Return both tables as Markdown, with what they depend on."""
    return "\n".join(_lines(results)) + "\n"


def update(page: Path, results: Results) -> None:
    """Replace what a page has between its two marks."""
    text = page.read_text(encoding="utf-8")
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        raise SystemExit(f"{page} must have one line {BEGIN!r} and one line {END!r}")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{BEGIN}\n\n{markdown(results)}\n{END}{after}", encoding="utf-8")


def _lines(results: Results) -> Iterator[str]:
    yield _described(results.about)
    for about in results.later:
        yield f"Then, instead of what the first run has of it: {_described(about)}"
    yield ""
    yield "### Targets"
    yield ""
    yield from _table(
        ("target", "figure", "ours", "bound", "found", ""),
        (
            (each.title, each.what, f"`{each.row}`", each.bound, each.found, _judged(each.met))
            for each in tables.verdicts(results)
        ),
        "lllrrl",
    )
    yield ""
    yield "### All figures"
    yield ""
    columns = ("case", "figure", *tables.COLUMNS)
    measured = ((row.case, row.figure, *row.cells) for row in tables.rows(results))
    yield from _table(columns, measured, "ll" + "r" * len(tables.COLUMNS))


def _described(about: dict[str, Any]) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in about["versions"].items())
    measured = f"`{about['command']}`, {about['date']}, on {about['machine']}"
    return f"{measured}, Python {about['python']};\n{versions}."


def _judged(met: bool) -> str:
    return "met" if met else "**missed**"


def _table(titles: Sequence[str], rows: Iterable[Sequence[str]], sides: str) -> Iterator[str]:
    yield f"| {' | '.join(titles)} |"
    yield f"|{'|'.join({'l': '---', 'r': '--:'}[side] for side in sides)}|"
    for row in rows:
        yield f"| {' | '.join(row)} |"
