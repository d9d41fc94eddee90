"""What the figures should be: bounds on ratios to the official SDK, on counts and on growth."""

from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeAlias

from .cases import LATENCY, OURS
from .results import Results

OFFICIAL = "official"
LEAN = ("def, lean client",)

Found: TypeAlias = float | None
Measure: TypeAlias = Callable[[Results, str], Found]
"""Returns the figure of a row of ours, None if it was not measured."""


class Target(NamedTuple):
    """One bound, and how a row of ours is measured against it."""

    title: str
    what: str
    bound: float
    unit: str
    measure: Measure
    rows: tuple[str, ...] = OURS

    def found(self, results: Results) -> Iterator[tuple[str, float]]:
        """Yield what was found for each row that was measured."""
        for row in self.rows:
            value = self.measure(results, row)
            if value is not None:
                yield row, value


def value(case: str, figure: str, factor: float = 1) -> Measure:
    """Measure a figure itself."""

    def measure(results: Results, row: str) -> Found:
        found = results.value(case, row, figure)
        return None if found is None else found * factor

    return measure


def ratio(case: str, figure: str, less: float = 0) -> Measure:
    """Measure a figure beside the official SDK's, each without `less`."""

    def measure(results: Results, row: str) -> Found:
        ours, theirs = (results.value(case, each, figure) for each in (row, OFFICIAL))
        return None if ours is None or not theirs else (ours - less) / (theirs - less)

    return measure


def growth(few: str, many: str, figure: str = "cpu", factor: float = 10) -> Measure:
    """Measure how much more an item costs among many."""

    def measure(results: Results, row: str) -> Found:
        less, more = (results.value(case, row, figure) for case in (few, many))
        return None if more is None or not less else more / less / factor

    return measure


def _times(title: str, what: str, bound: float, measure: Measure) -> Target:
    return Target(title, what, bound, "x", measure)


def _maps() -> Iterator[Target]:
    for number in ("1,000", "3,000", "10,000"):
        case = f"map {number}"
        yield _times(f"map of {number}, 0 ms", "wall", 0.2, ratio(case, "wall"))
        yield _times(f"map of {number}, 0 ms", "CPU", 0.25, ratio(case, "cpu"))
    title, case = "map of 1,000, 10 ms", "map 1,000, 10 ms"
    yield _times(title, "wall", 0.45, ratio(case, "wall"))
    yield Target(title, "requests", 23, "", value(case, "requests"))
    yield Target(title, "threads", 66, "", value(case, "threads"), ("def",))
    yield Target(title, "threads", 2, "", value(case, "threads"), ("async def",))
    title, case = "map of 1,000, `max_concurrency=10`, 10 ms", "map limited, 10 ms"
    yield _times(title, "wall", 0.5, ratio(case, "wall"))
    yield Target(title, "requests", 110, "", value(case, "requests"))
    title = "map of 1,000 with a wait in each, 10 ms"
    yield _times(title, "wall", 0.25, ratio("map waiting, 10 ms", "wall"))
    title, slow = "map of 1,000, 20 ms in each, 10 ms", ratio("map blocking, 10 ms", "wall")
    yield Target(f"{title}: blocking", "wall", 0.7, "x", slow, ("def",))
    yield Target(f"{title}: sleeping natively", "wall", 0.45, "x", slow, ("async def",))
    yield _times("map of 10,000, 0 ms", "memory growth", 0.5, ratio("map 10,000", "memory"))


def _payloads() -> Iterator[Target]:
    yield _times("50 x 200 KB, nested rows", "wall", 0.08, ratio("rows", "wall"))
    yield _times("50 x 200 KB, nested rows", "bytes", 0.45, ratio("rows", "bytes"))
    yield _times("50 x 200 KB, one string", "CPU", 0.75, ratio("text", "cpu"))
    yield _times("300 KB child result, replayed", "wall", 0.05, ratio("child", "wall"))


def _processes() -> Iterator[Target]:
    once = ("def",)
    yield Target("import after boto3", "wall", 0.1, "x", ratio("import", "wall"), once)
    title = "cold start: import to first step, after boto3"
    yield _times(title, "wall", 0.3, ratio("cold start", "wall"))
    yield _times(title, "CPU", 0.6, ratio("cold start", "cpu"))
    rows = (*OURS, *LEAN)
    yield Target("first invocation", "wall", 0.1, "x", ratio("first", "wall"), rows)
    title = "import and client, lean client"
    yield Target(title, "wall", 0.4, "x", ratio("client", "wall"), LEAN)
    yield Target(title, "resident memory", 0.6, "x", ratio("client", "memory"), LEAN)
    title = "step over loopback HTTP, lean client"
    yield Target(title, "wall", 0.2, "x", ratio("http", "wall"), LEAN)
    yield Target(title, "CPU", 0.35, "x", ratio("http", "cpu"), LEAN)
    yield Target("test of a no-op", "wall", 5, "ms", value("test no-op", "wall", 1e3))
    title = "test of step, wait, step"
    yield Target(title, "wall", 5, "ms", value("test step-wait-step", "wall", 1e3))
    yield Target(
        "test of ten waits of a day", "wall", 10, "ms", value("test ten waits", "wall", 1e3)
    )
    yield Target("test of 1,000 steps", "wall", 500, "ms", value("test steps", "wall", 1e3))
    yield _times("test of 1,000 steps", "wall", 0.15, ratio("test steps", "wall"))


def _growth() -> Iterator[Target]:
    for what in ("steps", "replay"):
        grown = growth(f"growth {what} 1,000", f"growth {what} 10,000")
        yield _times(f"growth per item, 10,000 against 1,000: {what}", "CPU", 1.3, grown)
    grown = growth("map 1,000", "map 10,000")
    yield _times("growth per item, 10,000 against 1,000: map", "CPU", 1.3, grown)


TARGETS = [
    _times("no-op invocation", "wall", 0.01, ratio("no-op", "wall")),
    Target("no-op invocation", "wall", 1, "ms", value("no-op", "wall", 1e3)),
    _times("no-op invocation", "CPU", 0.3, ratio("no-op", "cpu")),
    _times("one wait, suspended and resumed", "wall", 0.01, ratio("wait", "wall")),
    Target("one wait, suspended and resumed", "wall", 2, "ms", value("wait", "wall", 1e3)),
    _times("fresh step, 0 ms", "wall", 0.08, ratio("steps", "wall")),
    _times("fresh step, 0 ms", "CPU", 0.35, ratio("steps", "cpu")),
    _times("fresh step", "instructions", 0.3, ratio("instructions step", "instructions")),
    _times(
        *("fresh step, 10 ms", "wall above the latency", 0.35),
        ratio("steps, 10 ms", "wall", less=1_000 * LATENCY),
    ),
    Target("1,000 steps", "requests", 1_000, "", value("steps, 10 ms", "requests")),
    _times("1,000 steps", "bytes", 1, ratio("steps, 10 ms", "bytes")),
    _times("replayed operation, of 3,000", "CPU", 0.3, ratio("replay", "cpu")),
    _times(
        "replayed operation", "instructions", 0.25, ratio("instructions replay", "instructions")
    ),
    *_maps(),
    *_payloads(),
    *_processes(),
    *_growth(),
]
