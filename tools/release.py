"""Prepares a release: `python -m tools.release X.Y.Z` writes the changelog, commits it and tags it.

Everything is checked before anything changes, and what changed is put back if a step fails. Nothing
leaves this machine: the last lines say what does.
"""

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tools.distributions import ROOT

BRANCH = "main"
FRAGMENTS = "changelog.d"
RECORDED = "tests/upgrade/recorded"

_VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
_FRAGMENT = re.compile(r".+\.(added|changed|removed|fixed)\.md")

Version = tuple[int, int, int]


class ReleaseError(Exception):
    """A release cannot be made; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Repository:
    """A clone of the repository."""

    root: Path

    def run(self, *command: str) -> str:
        """Run a program in it and return what it prints; raise ReleaseError if it fails."""
        done = subprocess.run(command, cwd=self.root, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            said = (done.stderr or done.stdout).strip()
            raise ReleaseError(f"`{' '.join(command)}` failed:\n{said}")
        return done.stdout.rstrip()

    def releases(self) -> list[Version]:
        """Return the versions that were tagged, the oldest first."""
        tags = self.run("git", "tag", "--list", "v*").splitlines()
        found = (_VERSION.fullmatch(tag.removeprefix("v")) for tag in tags)
        return sorted(_numbers(match) for match in found if match is not None)

    def fragments(self) -> list[str]:
        """Return the names of the news fragments."""
        folder = self.root / FRAGMENTS
        return sorted(each.name for each in folder.glob("*.md") if _FRAGMENT.fullmatch(each.name))


def prepare(text: str, root: Path = ROOT) -> str:
    """Make the commit and the tag of a release; return what is to be done then."""
    repository = Repository(root)
    version = read(text)
    check(version, repository)
    tag = f"v{text}"
    before = repository.run("git", "rev-parse", "HEAD")
    try:
        repository.run(sys.executable, "-m", "towncrier", "build", "--yes", "--version", text)
        repository.run("git", "add", "--all", "CHANGELOG.md", FRAGMENTS)
        repository.run("git", "commit", "--quiet", "--message", f"Release {text}")
        repository.run("git", "tag", "--annotate", tag, "--message", f"Lambda Durable {text}")
    except ReleaseError:
        repository.run("git", "reset", "--quiet", "--hard", before)
        raise
    return (
        f"{tag} is tagged here, and nothing is published. Look at `git show {tag}`; then:\n"
        f"  nox -s build                          builds, checks and installs what is published\n"
        f"  git push --atomic origin {BRANCH} {tag}\n"
        f"  twine upload dist/*\n"
        f"To take it back: git tag --delete {tag} && git reset --hard HEAD~"
    )


def read(text: str) -> Version:
    """Return the numbers of a version; raise ReleaseError if it is none of a release."""
    match = _VERSION.fullmatch(text)
    if match is None:
        raise ReleaseError(f"{text!r} is not the version of a release: give X.Y.Z, as in 1.4.0")
    return _numbers(match)


def check(version: Version, repository: Repository) -> None:
    """Raise ReleaseError unless this version can be released from what is checked out."""
    branch = repository.run("git", "rev-parse", "--abbrev-ref", "HEAD")
    if branch != BRANCH:
        raise ReleaseError(f"releases are made on {BRANCH}, not on {branch}: switch to it")
    if changed := repository.run("git", "status", "--short").splitlines():
        more = [f"and {len(changed) - 10} more"] if len(changed) > 10 else []
        raise ReleaseError("\n".join(["there are changes to commit:", *changed[:10], *more]))
    _check_follows(version, repository.releases())
    fragments = repository.fragments()
    if not fragments:
        raise ReleaseError(f"there is no news in {FRAGMENTS}/: nothing would be new in a release")
    news = [name for name in fragments if not name.endswith(".fixed.md")]
    if version[2] > 0 and news:
        raise ReleaseError(
            f"{_text(version)} would be a patch, which only fixes, but {news[0]} says that "
            f"something is new: release {_text((version[0], version[1] + 1, 0))}"
        )
    recorded = f"{RECORDED}/{_text(version)}"
    if not (repository.root / recorded).is_dir():
        raise ReleaseError(
            f"there are no executions in {recorded}, which later versions have to resume: make "
            f"them with `nox -s record -- {_text(version)}`, and commit them"
        )


def _check_follows(version: Version, releases: list[Version]) -> None:
    if not releases:
        return
    major, minor, patch = last = releases[-1]
    following = [(major, minor, patch + 1), (major, minor + 1, 0), (major + 1, 0, 0)]
    if version in releases:
        raise ReleaseError(
            f"{_text(version)} was released already: there is a tag v{_text(version)}"
        )
    if version not in following:
        raise ReleaseError(
            f"{_text(version)} does not follow {_text(last)}: the next version is "
            f"{', '.join(map(_text, following[:2]))} or {_text(following[2])}"
        )


def _numbers(match: re.Match[str]) -> Version:
    major, minor, patch = map(int, match.groups())
    return major, minor, patch


def _text(version: Version) -> str:
    return ".".join(map(str, version))


def main(arguments: list[str]) -> int:
    """Prepare the release that is asked for; return 1 if that cannot be."""
    try:
        if len(arguments) != 1:
            raise ReleaseError("say which version: nox -s release -- X.Y.Z")
        print(prepare(arguments[0]))
    except ReleaseError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
