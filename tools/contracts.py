"""Who may import whom: import-linter's contracts, made for the packages that exist, and no cycles.

`python -m tools.contracts` checks them. The packages' `src` folders must be on PYTHONPATH.
"""

import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import grimp
from importlinter.cli import lint_imports

from tools.cycles import cycles
from tools.distributions import Distribution, discover

CORE = "lambda_durable"
KERNEL = "lambda_durable_kernel"

# From the top. A module imports downwards only; `:` stands between modules of a layer that may
# import each other, `|` between those that may not.
CORE_LAYERS = (
    "handler",
    "preparation",
    "invocation",
    "runtimes",
    "context",
    "operations",
    "payloads : policies",
    "futures",
    "scope",
    "position",
    "replay_values",
    "current : logs : misuse : checkpointing : fatal : outcome",
    "running",
    "execution",
    "observers",
    "plugins",
    "defaults",
    "clients | discovery | plain_json | hookspecs | mismatch | quotas",
    "history | batching | line | effects | failures | checks | envelope | declared",
    "observations",
    "batches | vocabulary | settings",
    "abc | lifecycle | identity | events",
    "protocol | errors | own_log | entry_points",
    "lazy",
)

# Only these drive flows, reach the service or watch the deadline. All else performs no I/O, never
# sleeps and never asks the time, so that it can be driven by hand.
IO_ALLOWED = ("handler", "invocation", "runtimes", "clients")
IO_MODULES = ("asyncio", "threading", "concurrent", "time", "socket", "boto3", "botocore")
# The kernel guards its state with a lock; what happens when is its caller's business.
KERNEL_IO_MODULES = tuple(name for name in IO_MODULES if name != "threading")

# The only modules that talk to pluggy.
PLUGGY_MODULES = ("hookspecs", "plugins")

# What the service's state machine may use of core.
KERNEL_MAY_IMPORT = ("protocol", "lifecycle", "abc", "errors")


Options = dict[str, str | Sequence[str]]


def contracts(distributions: Sequence[Distribution]) -> Iterator[tuple[str, Options]]:
    """Yield the title and the options of each contract that applies to these distributions."""
    packages = [each.import_name for each in distributions]
    plugins = [each.import_name for each in distributions if each.is_plugin]
    yield (
        "core is layered",
        {
            "type": "layers",
            "containers": CORE,
            "exhaustive": "True",
            "layers": [_optional(layer) for layer in CORE_LAYERS],
        },
    )
    yield (
        "only invocation, runtimes and clients perform I/O",
        _forbidden(core_modules(distributions, other_than=IO_ALLOWED), IO_MODULES, direct=True),
    )
    yield (
        "pluggy stays behind hookspecs and plugins",
        _forbidden(
            [
                *core_modules(distributions, other_than=PLUGGY_MODULES),
                *(name for name in packages if name != CORE),
            ],
            ["pluggy"],
            direct=True,
        ),
    )
    if KERNEL in packages:
        yield (
            "the kernel knows core's protocol alone",
            _forbidden(
                [KERNEL],
                core_modules(distributions, other_than=KERNEL_MAY_IMPORT),
                direct=True,
            ),
        )
        yield (
            "the kernel performs no I/O",
            _forbidden([KERNEL], KERNEL_IO_MODULES, direct=True),
        )
    if len(plugins) > 1:
        yield ("plugins are independent", {"type": "independence", "modules": plugins})
    if len(packages) > 1:
        above = [each for each in packages if each != CORE]
        yield ("core knows none of its plugins", _forbidden([CORE], above))


def _optional(layer: str) -> str:
    separator = " | " if "|" in layer else " : "
    return separator.join(f"({name})" for name in layer.split(separator))


def _forbidden(
    sources: Sequence[str], forbidden: Sequence[str], *, direct: bool = False
) -> Options:
    return {
        "type": "forbidden",
        "source_modules": sources,
        "forbidden_modules": forbidden,
        "allow_indirect_imports": str(direct),
    }


def core_modules(
    distributions: Sequence[Distribution], other_than: Sequence[str] = ()
) -> list[str]:
    """Return the modules and packages at core's top, but for some."""
    (core,) = (each for each in distributions if each.import_name == CORE)
    found = {each.stem for each in core.package.glob("*.py")} - {"__init__"}
    found |= {each.parent.name for each in core.package.glob("*/__init__.py")}
    return [f"{CORE}.{name}" for name in sorted(found - set(other_than))]


def configuration(distributions: Sequence[Distribution]) -> str:
    """Return import-linter's configuration file."""
    lines = ["[importlinter]", "root_packages ="]
    lines += [f"    {each.import_name}" for each in distributions]
    lines += ["include_external_packages = True", "exclude_type_checking_imports = False"]
    for number, (title, options) in enumerate(contracts(distributions)):
        lines += [f"[importlinter:contract:{number}]", f"name = {title}"]
        for key, value in options.items():
            if isinstance(value, str):
                lines.append(f"{key} = {value}")
            else:
                lines += [f"{key} =", *(f"    {line}" for line in value)]
    return "\n".join(lines) + "\n"


def import_graph(packages: Sequence[str]) -> Mapping[str, set[str]]:
    """Return what each module imports from these packages, type-only imports included."""
    graph = grimp.build_graph(*packages, exclude_type_checking_imports=False, cache_dir=None)
    return {name: set(graph.find_modules_directly_imported_by(name)) for name in graph.modules}


def main() -> int:
    """Check the contracts and look for cycles; return 1 if anything is wrong."""
    distributions = [each for each in discover() if (each.package / "__init__.py").exists()]
    if CORE not in {each.import_name for each in distributions}:
        print("nothing to check: core has no __init__.py yet")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "importlinter.ini"
        file.write_text(configuration(distributions), encoding="utf-8")
        broken = lint_imports(config_filename=str(file), no_cache=True, no_logo=True)
    found = cycles(import_graph([each.import_name for each in distributions]))
    for cycle in found:
        print("modules that import each other:", " <-> ".join(cycle))
    print(f"{len(found)} import cycles, type-only imports included")
    return 1 if broken or found else 0


if __name__ == "__main__":
    sys.exit(main())
