"""What shows that a claim is true: tests and benchmarks that a page names.

A page writes `{test}` or `{benchmark}` before the path in backticks, a test's with `::name`, a
class between them left out. They are links to the files; that each exists is tested.
"""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

from tools.distributions import ROOT

_NAMED = re.compile(r"\{(?P<kind>test|benchmark)\}`(?P<file>[^`:]+)(?:::(?P<name>\w+))?`")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file of this repository, and the test in it that is meant, if it is one alone."""

    file: str
    name: str | None

    @property
    def label(self) -> str:
        """Return what is shown: the test's name in words, else the file."""
        if self.name:
            return self.name.removeprefix("test_").replace("_", " ")
        return Path(self.file).name

    def is_there(self, root: Path = ROOT) -> bool:
        """Return whether the file is there and has the test."""
        path = root / self.file
        if not path.is_file():
            return False
        return self.name is None or self.name in tests_of(path)


def named(text: str) -> list[Evidence]:
    """Return all evidence that a page names, in order."""
    return [Evidence(match["file"], match["name"]) for match in _NAMED.finditer(text)]


def linked(text: str, up: str) -> str:
    """Return a page's text with links to what it names; `up` leads to the folder of all pages."""

    def link(match: re.Match[str]) -> str:
        found = Evidence(match["file"], match["name"])
        return f"{{download}}`{found.label} <{up}../{found.file}>`"

    return _NAMED.sub(link, text)


def tests_of(path: Path) -> set[str]:
    """Return the names of the tests that a file has, in classes or not."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
    }
