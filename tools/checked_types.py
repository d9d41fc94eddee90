"""What mypy checks: each part of the repository as it is run.

`python -m tools.checked_types` runs mypy on every part, also after one that fails, so that all
there is to repair shows. Functions that are deployed import the modules beside them; so do the
examples.
"""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tools.distributions import ROOT, discover


@dataclass(frozen=True, slots=True)
class Part:
    """Files and folders that are checked together, and where their own modules are found."""

    name: str
    checked: tuple[Path, ...]
    path: tuple[Path, ...] = ()


def parts(root: Path = ROOT) -> list[Part]:
    """Return all parts of the repository."""
    conformance = root / "integration-tests" / "conformance"
    scenarios = root / "integration-tests" / "scenarios"
    aws = root / "integration-tests" / "aws-target"
    packages = root / "integration-tests" / "packages"
    peers = root / "integration-tests" / "peers"
    examples = tuple(sorted(file.parent for file in root.glob("examples/*/README.md")))
    return [
        Part("distributions", tuple(each.package for each in discover(root))),
        Part("tools", (root / "noxfile.py", root / "tools")),
        Part(
            "conformance",
            (conformance / "functions", conformance / "evaluate.py"),
            (conformance / "functions",),
        ),
        Part("scenarios", (scenarios,), (scenarios, scenarios / "functions")),
        Part("target aws", (aws,), (scenarios, aws)),
        Part("packages", (packages,), (packages, packages / "functions")),
        Part(
            "peers",
            # Without the functions of the official SDK, which this environment does not have.
            tuple(each for each in sorted(peers.rglob("*.py")) if "official" not in each.name),
            (scenarios, peers, peers / "functions"),
        ),
        Part(
            "examples",
            tuple(file for folder in examples for file in sorted(folder.glob("*.py"))),
            examples,
        ),
    ]


def check(part: Part) -> bool:
    """Run mypy on a part; return whether it found nothing."""
    path = [os.environ.get("MYPYPATH", ""), *map(str, part.path)]
    environment = os.environ | {"MYPYPATH": os.pathsep.join(filter(None, path))}
    print(f"{part.name}:", end=" ", flush=True)
    return not subprocess.call(["mypy", *map(str, part.checked)], env=environment, cwd=ROOT)


def main() -> int:
    """Check every part; return 1 if mypy found something in one."""
    failed = [part.name for part in parts() if not check(part)]
    if failed:
        print(f"failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
