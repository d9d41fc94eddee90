"""The distributions of this repository, found by looking for their `pyproject.toml`.

Standard library only: the noxfile imports this module, and so do the checks.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CORE = "lambda-durable"


@dataclass(frozen=True, slots=True)
class Distribution:
    """A folder of `packages/` or `plugins/` that is built into a wheel and an sdist."""

    name: str
    folder: Path
    metadata: dict[str, Any]

    @property
    def import_name(self) -> str:
        """Return the name of the package that the distribution installs."""
        return self.name.replace("-", "_")

    @property
    def source(self) -> Path:
        """Return the folder to put on a path to import the package from the checkout."""
        return self.folder / "src"

    @property
    def package(self) -> Path:
        """Return the folder of the import package."""
        return self.source / self.import_name

    @property
    def is_plugin(self) -> bool:
        """Tell whether the distribution stands in `plugins/`."""
        return self.folder.parent.name == "plugins"

    @property
    def requirements(self) -> list[str]:
        """Return what the distribution needs, its extras included."""
        return [
            *self._hook["dependencies"],
            *(line for each in self.extras.values() for line in each),
        ]

    @property
    def extras(self) -> dict[str, list[str]]:
        """Return what each of its extras needs."""
        found: dict[str, list[str]] = self._hook.get("optional-dependencies", {})
        return found

    @property
    def _hook(self) -> dict[str, Any]:
        """Return what `hatch_build.py` makes the requirements of."""
        hook: dict[str, Any] = self.metadata["tool"]["hatch"]["metadata"]["hooks"]["custom"]
        return hook

    @property
    def test_requirements(self) -> list[str]:
        """Return what its tests need besides: the distribution's dependency group `test`."""
        return [*self.metadata.get("dependency-groups", {}).get("test", [])]


def discover(root: Path = ROOT) -> list[Distribution]:
    """Return all distributions, core first, then by folder."""
    found = [*_read(root / "packages"), *_read(root / "plugins")]
    return sorted(found, key=lambda each: (each.name != CORE, each.folder))


def _read(parent: Path) -> Iterator[Distribution]:
    for file in sorted(parent.glob("*/pyproject.toml")):
        metadata = tomllib.loads(file.read_text(encoding="utf-8"))
        yield Distribution(metadata["project"]["name"], file.parent, metadata)


def normalized(name: str) -> str:
    """Return a distribution's name as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def requirement_name(requirement: str) -> str:
    """Return the name that a requirement begins with, normalized."""
    match = re.match(r"[A-Za-z0-9._-]+", requirement.strip())
    if match is None:
        message = f"{requirement!r} is not a requirement"
        raise ValueError(message)
    return normalized(match[0])


def third_party(distributions: list[Distribution]) -> list[str]:
    """Return what has to come from an index to run and test all of `distributions`."""
    ours = {normalized(each.name) for each in distributions}
    wanted = {
        requirement
        for each in distributions
        for requirement in (*each.requirements, *each.test_requirements)
        if requirement_name(requirement) not in ours
        and not requirement_name(requirement).startswith("lambda-durable")
    }
    return sorted(wanted)
