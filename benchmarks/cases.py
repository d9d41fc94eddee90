"""What is measured: each case with its programs' parameters, and the SDKs that take part."""

from dataclasses import dataclass, field
from typing import Any

from .sdks import MODULES

ALL = tuple(MODULES)
OURS = ("def", "async def")
LATENCY = 0.01
KB = 1_000


@dataclass(frozen=True)
class Case:
    """One row of the results."""

    name: str
    title: str
    kind: str
    """Which function of `measuring` measures it, or `instructions`."""
    options: dict[str, Any]
    sdks: tuple[str, ...] = ALL
    turns: int = 5
    """How many processes of each SDK at most; a run may ask for fewer."""
    counts: bool = False
    """Whether the first turn counts bytes; it then does not count for time."""
    variants: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Further rows of ours, with other options: `name -> options`, measured as `def`."""
    quick: dict[str, Any] | None = None
    """Parameters of a quick run, if they are others."""


def _executed(
    name: str,
    title: str,
    program: str,
    parameters: dict[str, Any] | None = None,
    *,
    latency: float = 0,
    times: int = 1,
    **rest: Any,
) -> Case:
    parameters = parameters or {}
    small = {**parameters, "number": 5} if "number" in parameters else parameters
    options = {"program": program, "parameters": parameters, "small": small}
    return Case(name, title, "execution", {**options, "latency": latency, "times": times}, **rest)


def _maps() -> list[Case]:
    few, many = {"number": 100}, {"number": 10_000}
    ten: dict[str, Any] = {"latency": LATENCY, "quick": few}
    return [
        _executed("map 1,000", "map of 1,000", "mapped", {"number": 1_000}, quick=few),
        _executed("map 3,000", "map of 3,000", "mapped", {"number": 3_000}, turns=3, quick=few),
        _executed("map 10,000", "map of 10,000", "mapped", many, turns=3, quick=few),
        _executed("map 1,000, 10 ms", "map of 1,000", "mapped", {"number": 1_000}, **ten),
        _executed("map 3,000, 10 ms", "map of 3,000", "mapped", {"number": 3_000}, turns=3, **ten),
        _executed(
            "map limited, 10 ms",
            "map of 1,000, `max_concurrency=10`",
            "mapped",
            {"number": 1_000, "limit": 10},
            turns=3,
            latency=LATENCY,
            quick={**few, "limit": 10},
        ),
        _executed(
            "map waiting, 10 ms",
            "map of 1,000 with a wait in each",
            "mapped",
            {"number": 1_000, "wait": True},
            turns=3,
            latency=LATENCY,
            quick={**few, "wait": True},
        ),
        _executed(
            "map blocking, 10 ms",
            "map of 1,000 that sleep 20 ms each",
            "mapped",
            {"number": 1_000, "sleep": 0.02},
            turns=3,
            latency=LATENCY,
            quick={**few, "sleep": 0.02},
        ),
    ]


def _steps() -> list[Case]:
    thousand, few = {"number": 1_000}, {"number": 50}
    return [
        _executed("no-op", "no-op invocation", "no_op", times=20),
        _executed("wait", "one wait, suspended and resumed", "wait", times=10),
        _executed("step-wait-step", "step, wait, step", "step_wait_step", times=10),
        _executed(
            "steps", "1,000 sequential steps", "steps", thousand, counts=True, turns=6, quick=few
        ),
        _executed(
            *("steps, 10 ms", "1,000 sequential steps", "steps", thousand),
            latency=LATENCY,
            counts=True,
            turns=3,
            quick=few,
        ),
        Case(
            "replay",
            "replay of 3,000 operations",
            "replay",
            {"program": "steps", "parameters": {"number": 3_000}, "times": 5},
            quick=few,
        ),
    ]


def _payloads() -> list[Case]:
    rows = {"number": 50, "kind": "rows", "size": 200 * KB}
    text = {"number": 50, "kind": "text", "size": 200 * KB}
    few = {"number": 2}
    return [
        _executed(
            *("rows", "50 steps of 200 KB, nested rows", "payloads", rows),
            turns=4,
            counts=True,
            quick={**rows, **few},
        ),
        _executed(
            *("text", "50 steps of 200 KB, one string", "payloads", text),
            counts=True,
            quick={**text, **few},
        ),
        Case(
            "child",
            "child result of 300 KB, replayed",
            "replay",
            {"program": "child", "parameters": {"size": 300 * KB}, "times": 5},
        ),
    ]


def _processes() -> list[Case]:
    few = {"number": 20}
    lean = {"def, lean client": {"lean": True}}
    tests = ("def", "async def", "official")
    steps = {"program": "steps", "parameters": {"number": 200}}
    no_ops = {"program": "no_op", "parameters": {}, "times": 20}
    waits = {"program": "step_wait_step", "parameters": {}, "times": 10}
    days = {"program": "waits", "parameters": {"number": 10}, "times": 10}
    thousand = {"program": "steps", "parameters": {"number": 1_000}}
    one: dict[str, Any] = {"program": "steps", "parameters": {"number": 1}}
    one_flavour = ("def", "official", "async package")
    return [
        Case("import", "import after boto3", "importing", {}, one_flavour, turns=11),
        Case("cold start", "cold start: import to first step", "first_step", one, ALL, 11),
        Case("client", "import and client", "client", {}, one_flavour, turns=7, variants=lean),
        Case(
            "first", "first invocation, over HTTP", "first_invocation", one, ALL, 9, variants=lean
        ),
        Case("http", "200 steps over HTTP", "over_http", steps, variants=lean, quick=few),
        *(
            Case(
                f"http, {number} updates",
                f"a checkpoint of {number} updates over HTTP",
                "checkpoints",
                {"number": number, "times": 200},
                ("def",),
                variants=lean,
            )
            for number in (2, 250)
        ),
        Case("test no-op", "test of a no-op", "workflow_test", no_ops),
        Case("test steps", "test of 1,000 steps", "workflow_test", thousand, tests, 3, quick=few),
        Case("test step-wait-step", "test of step, wait, step", "workflow_test", waits, tests),
        Case("test ten waits", "test of ten waits of a day", "workflow_test", days, tests, 3),
    ]


def _instructions() -> list[Case]:
    rows = [
        ("instructions step", "fresh step, instructions", "execution", "steps"),
        ("instructions replay", "replayed operation, instructions", "replay", "steps"),
        ("instructions map", "map item, instructions", "execution", "mapped"),
    ]
    return [
        Case(name, title, "instructions", {"kind": kind, "program": program}, turns=1)
        for name, title, kind, program in rows
    ]


def _growth() -> list[Case]:
    sizes = (1_000, 10_000)
    return [
        case
        for number in sizes
        for case in (
            _executed(
                f"growth steps {number:,}",
                f"{number:,} steps",
                "steps",
                {"number": number},
                sdks=OURS,
                turns=3,
                quick={"number": 100},
            ),
            Case(
                f"growth replay {number:,}",
                f"replay of {number:,}",
                "replay",
                {"program": "steps", "parameters": {"number": number}, "times": 3},
                OURS,
                turns=3,
                quick={"number": 100},
            ),
        )
    ]


CASES = [*_steps(), *_maps(), *_payloads(), *_processes(), *_instructions(), *_growth()]
