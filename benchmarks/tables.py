"""The results as rows of text: what was measured, and each target with what was found."""

from collections.abc import Iterator
from typing import NamedTuple

from .cases import CASES, Case
from .results import Results
from .targets import OFFICIAL, TARGETS

UNITS = {
    "wall": ("wall", 1e3, "ms"),
    "cpu": ("CPU", 1e3, "ms"),
    "init": ("initialization before it", 1e3, "ms"),
    "requests": ("requests", 1, ""),
    "bytes": ("bytes", 1e-3, "KB"),
    "threads": ("threads", 1, ""),
    "memory": ("memory", 1e-6, "MB"),
    "modules": ("modules", 1, ""),
    "instructions": ("instructions", 1e-3, "k"),
}
COLUMNS = ("official", "async package", "def", "async def", "def, lean client")


class Row(NamedTuple):
    """One figure of one case, for each SDK; ours with the ratio to the official one."""

    case: str
    figure: str
    cells: list[str]


class Verdict(NamedTuple):
    """What was found for one target and one row of ours."""

    title: str
    what: str
    row: str
    bound: str
    found: str
    met: bool


def rows(results: Results) -> Iterator[Row]:
    """Yield the figures in the order of the cases."""
    for case in CASES:
        figures = results.cases.get(case.name)
        for figure, (title, factor, unit) in UNITS.items():
            if figures and any(figure in each for each in figures.values()):
                cells = [_cell(results, case, column, figure, factor) for column in COLUMNS]
                yield Row(_titled(case), f"{title}, {unit}" if unit else title, cells)


def verdicts(results: Results) -> Iterator[Verdict]:
    """Yield what was found for each target."""
    for target in TARGETS:
        for row, found in target.found(results):
            bound = f"≤ {_number(target.bound)} {target.unit}".strip()
            shown = f"{_number(found)} {target.unit}".strip()
            yield Verdict(target.title, target.what, row, bound, shown, found <= target.bound)


def _titled(case: Case) -> str:
    latency = case.options.get("latency")
    if latency is None or case.kind != "execution":
        return case.title
    return f"{case.title}, {latency * 1e3:.0f} ms per call"


def _cell(results: Results, case: Case, column: str, figure: str, factor: float) -> str:
    value = results.value(case.name, column, figure)
    if value is None:
        return ""
    text = _number(value * factor)
    theirs = results.value(case.name, OFFICIAL, figure)
    return f"{text} ({value / theirs:.2g} x)" if theirs and column != OFFICIAL else text


def _number(value: float) -> str:
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) < 10 else f"{value:.1f}".removesuffix(".0")
