"""Measures cases in turns: one process of each SDK after the other, on the same day for all."""

import statistics
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from . import instructions
from .cases import Case
from .processes import measured

Figures: TypeAlias = dict[str, dict[str, Any]]
"""What was measured: by the SDK and the figure, the median and all values."""

COUNTED = ("requests", "bytes", "threads", "modules")


class Turns:
    """Measures cases on the interpreters given, by SDK; others are left out."""

    def __init__(
        self,
        pythons: Mapping[str, str],
        *,
        limit: int | None = None,
        quick: bool = False,
        tell: Callable[[str], None] = print,
    ) -> None:
        self._pythons = pythons
        self._limit = limit
        self._quick = quick
        self._tell = tell

    def take(self, case: Case) -> Figures:
        """Return the medians of a case; nothing if it cannot be measured here."""
        if case.kind == "instructions" and instructions.counter() is None:
            self._tell(f"skipped: {case.name}: neither perf nor valgrind counts instructions here")
            return {}
        taken: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
        turns = min(case.turns, self._limit or case.turns)
        for turn in range(turns + case.counts):
            for name, specification in self._rows(case).items():
                counts_only = case.counts and turn == 0
                figures = self._measure(case, specification, counts=counts_only)
                for figure, value in figures.items():
                    if not counts_only or figure in COUNTED:
                        taken[name][figure].append(value)
        return {
            name: {
                figure: {"median": statistics.median(values), "values": values}
                for figure, values in figures.items()
            }
            for name, figures in taken.items()
        }

    def _rows(self, case: Case) -> dict[str, dict[str, Any]]:
        options = dict(case.options)
        if self._quick and case.quick is not None:
            options["parameters"] = case.quick
        rows = {sdk: {"sdk": sdk, **options} for sdk in case.sdks if sdk in self._pythons}
        if "def" in self._pythons:
            for name, more in case.variants.items():
                rows[name] = {"sdk": "def", **options, **more}
        return rows

    def _measure(
        self, case: Case, specification: dict[str, Any], *, counts: bool
    ) -> dict[str, float]:
        sdk = specification["sdk"]
        python = self._pythons[sdk]
        if case.kind == "instructions":
            return instructions.per_operation(python, sdk, case.options)
        more = {"counts": True} if counts else {}
        return measured(python, {"kind": case.kind, **specification, **more})
