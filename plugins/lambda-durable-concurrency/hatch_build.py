"""Completes the metadata: our distributions need each other in the same minor version.

What is needed stands in `pyproject.toml`, below `tool.hatch.metadata.hooks.custom`. Every folder of
a distribution has a copy of this file, since a wheel or an sdist is built from its folder alone.
"""

import re
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

OURS = re.compile(r"lambda-durable(-[a-z-]+)?(\[[a-z,-]+\])?")


class SameMinorVersion(MetadataHookInterface):
    """Adds the versions to requirements that name nothing but one of our distributions."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Fill in the dynamic fields; called once for each build, when the version is known."""
        version = metadata["version"]
        metadata["dependencies"] = pinned(self.config["dependencies"], version)
        if "optional-dependencies" in self.config:
            metadata["optional-dependencies"] = {
                extra: pinned(requirements, version)
                for extra, requirements in self.config["optional-dependencies"].items()
            }


def pinned(requirements: list[str], version: str) -> list[str]:
    """Return requirements, ours with the minor version that `version` belongs to."""
    pin = same_minor(version)
    return [f"{each}{pin}" if OURS.fullmatch(each) else each for each in requirements]


def same_minor(version: str) -> str:
    """Return what a requirement says of a distribution of the same minor version.

    A release needs releases, `~=1.2.0`. What is built between two releases also takes its like.
    """
    major, minor = (int(part) for part in version.split(".")[:2])
    if re.fullmatch(r"\d+\.\d+\.\d+", version):
        return f"~={major}.{minor}.0"
    return f">={major}.{minor}.0.dev0,<{major}.{minor + 1}"
