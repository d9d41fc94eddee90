"""What distributions need, read from their metadata: all of it, and the lowest versions."""

from collections.abc import Iterable
from importlib.metadata import requires

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

OURS = "lambda-durable"


def lowest(distributions: Iterable[str], extras: Iterable[str] = ()) -> list[str]:
    """Return `name==version` for everything that the distributions and their extras need."""
    pins: dict[str, str] = {}
    for distribution in distributions:
        for line in requires(distribution) or ():
            requirement = Requirement(line)
            if requirement.name.startswith(OURS) or not _applies(requirement, ["", *extras]):
                continue
            pins[requirement.name] = _lowest(requirement, distribution)
    # What boto3 needs of botocore is the same number; it is what our code depends on.
    pins["botocore"] = pins["boto3"]
    return [f"{name}=={version}" for name, version in sorted(pins.items())]


def closure(*distributions: str) -> set[str]:
    """Return the names of distributions and of all that they need, without their extras."""
    found: set[str] = set()
    waiting = [*distributions]
    while waiting:
        name = canonicalize_name(waiting.pop())
        if name not in found:
            found.add(name)
            needed = map(Requirement, requires(name) or ())
            waiting += [each.name for each in needed if _applies(each, [""])]
    return found


def _applies(requirement: Requirement, extras: list[str]) -> bool:
    marker = requirement.marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in extras)


def _lowest(requirement: Requirement, distribution: str) -> str:
    bounds = [each.version for each in requirement.specifier if each.operator in (">=", "==")]
    assert len(bounds) == 1, (
        f"{distribution} needs {requirement} but says no lowest version: tests cannot show that it "
        "works with what it allows"
    )
    return bounds[0]
