"""What is published: one wheel and one sdist of every distribution, all of one version.

`python -m tools.built` prints that version, or what is wrong with the files in `dist`; with
`--installed`, what is wrong with the distributions that are installed here.
"""

import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from importlib import import_module
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from tools.distributions import ROOT, Distribution, discover, normalized

_FILE = re.compile(r"(?P<name>[\w.]+)-(?P<version>[^-]+)(?P<kind>-py3-none-any\.whl|\.tar\.gz)")


def version_of(folder: Path, distributions: Sequence[Distribution]) -> str:
    """Return the version of the files in a folder; raise ValueError if they are not all there."""
    found: dict[tuple[str, str], str] = {}
    for file in sorted(folder.iterdir()):
        match = _FILE.fullmatch(file.name)
        if match is None:
            raise ValueError(f"{file.name} is neither a wheel nor an sdist")
        found[normalized(match["name"]), match["kind"]] = match["version"]
    for each in distributions:
        for kind in ("-py3-none-any.whl", ".tar.gz"):
            if (each.name, kind) not in found:
                raise ValueError(f"there is no {kind.rpartition('.')[2]} of {each.name}")
    if extra := {name for name, _ in found} - {each.name for each in distributions}:
        raise ValueError(f"there are files of other distributions: {', '.join(sorted(extra))}")
    versions = set(found.values())
    if len(versions) != 1:
        raise ValueError(f"there is more than one version: {', '.join(sorted(versions))}")
    return versions.pop()


def check_tag(version: str, root: Path) -> None:
    """Raise ValueError if the commit is tagged as a release, and this is another version."""
    tags = _output(root, "git", "tag", "--points-at", "HEAD", "--list", "v*").split()
    if tags and f"v{version}" not in tags:
        raise ValueError(f"the tag is {tags[0]}, and the files have the version {version}")


def installed_problems(version: str, distributions: Sequence[Distribution]) -> Iterator[str]:
    """Yield what is wrong with the distributions that are installed in this environment."""
    packages = Path(sysconfig.get_path("purelib")).resolve()
    for each in distributions:
        try:
            installed = distribution(each.name).version
        except PackageNotFoundError:
            yield f"{each.name} is not installed"
            continue
        if installed != version:
            yield f"{each.name} is installed as {installed}, not {version}"
        file = Path(import_module(each.import_name).__file__ or "").resolve()
        if not file.is_relative_to(packages):
            yield f"{each.import_name} is imported from {file}, not from what was installed"
    told = _output(ROOT, "durable", "--version")
    if told != f"durable {version}":
        yield f"`durable --version` says {told!r}, not 'durable {version}'"


def _output(folder: Path, *command: str) -> str:
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=True
    ).stdout.strip()


def main(arguments: list[str]) -> int:
    """Print the version, or the problems; return 1 if there are any."""
    distributions = discover()
    try:
        version = version_of(ROOT / "dist", distributions)
        check_tag(version, ROOT)
    except ValueError as error:
        print(f"dist: {error}", file=sys.stderr)
        return 1
    problems = (
        list(installed_problems(version, distributions)) if "--installed" in arguments else []
    )
    for problem in problems:
        print(problem, file=sys.stderr)
    print(version)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
