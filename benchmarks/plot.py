"""Draws cost against size: what an item of a map takes, by how many there are."""

from pathlib import Path
from typing import Any

from .cases import CASES, Case
from .results import Results
from .tables import COLUMNS

PANELS = {
    "processor time per item, ms": ("map", "cpu", 0.0),
    "wall time per item at 10 ms per call, ms": ("map", "wall", 0.01),
}


def draw(path: Path, results: Results) -> None:
    """Write the plot; the suffix says what kind of picture."""
    import matplotlib as mpl  # it is in the `bench` group alone

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, panels = plt.subplots(1, len(PANELS), figsize=(5 * len(PANELS), 3.6))
    for panel, (title, (word, what, latency)) in zip(panels, PANELS.items(), strict=True):
        for column in COLUMNS:
            points = _points(results, column, what, latency)
            if points:
                panel.plot(*zip(*points, strict=True), marker="o", label=column)
        panel.set(xscale="log", yscale="log", xlabel=f"items of a {word}", title=title)
        panel.title.set_fontsize(10)
        panel.legend(fontsize=8)
        panel.grid(alpha=0.3)
    figure.tight_layout()
    # No date and no random ids: the same results are the same file.
    mpl.rcParams["svg.hashsalt"] = "lambda-durable"
    metadata: dict[str, Any] = {"Date": None} if path.suffix == ".svg" else {}
    figure.savefig(path, metadata=metadata)


def _points(results: Results, column: str, what: str, latency: float) -> list[tuple[int, float]]:
    points = []
    for case in CASES:
        value = results.value(case.name, column, what)
        if _is_plain_map(case, latency) and value is not None:
            number = case.options["parameters"]["number"]
            points.append((number, value / number * 1e3))
    return points


def _is_plain_map(case: Case, latency: float) -> bool:
    options = case.options
    plain = options.get("program") == "mapped" and set(options.get("parameters", {})) == {"number"}
    return plain and options["latency"] == latency
