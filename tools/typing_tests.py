"""Tests of the types: code that must pass both type checkers, and lines that both must reject.

Every file under `typing_tests/` is checked by mypy and by pyright. A line that must be rejected
says so at its end::

    ctx.step(reserve, 1)  # E: arg-type|reportArgumentType

The text is a regular expression, searched in `message [code]` of what a checker reports on that
line. `# E(mypy): ...` and `# E(pyright): ...` expect something from one of them alone. A line
without a mark must be accepted by both.

`python -m tools.typing_tests` runs all of it.
"""

import io
import json
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.distributions import ROOT

CHECKERS: Mapping[str, tuple[str, ...]] = {
    "mypy": ("mypy", "--output=json"),
    "pyright": ("pyright", "--outputjson"),
}
_MARK = re.compile(r"#\s*E(?:\((?P<checker>mypy|pyright)\))?:\s*(?P<pattern>[^#]*[^#\s])")


@dataclass(frozen=True, slots=True, order=True)
class Expected:
    """A mark: this line must be rejected with something that matches `pattern`."""

    file: str
    line: int
    pattern: str


@dataclass(frozen=True, slots=True, order=True)
class Reported:
    """An error of a checker; `text` is `message [code]`."""

    file: str
    line: int
    text: str


def expected(text: str, file: str, checker: str) -> Iterator[Expected]:
    """Yield what the marks of a file expect from one checker."""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            for mark in _MARK.finditer(token.string):
                if mark["checker"] in (None, checker):
                    yield Expected(file, token.start[0], mark["pattern"])


def reported_by_mypy(output: str) -> Iterator[Reported]:
    """Yield the errors in mypy's output: one JSON object a line."""
    for line in output.splitlines():
        each: dict[str, Any] = json.loads(line)
        if each["severity"] == "error":
            yield Reported(each["file"], each["line"], f"{each['message']} [{each['code']}]")


def reported_by_pyright(output: str) -> Iterator[Reported]:
    """Yield the errors in pyright's output, whose lines count from 0."""
    for each in json.loads(output)["generalDiagnostics"]:
        if each["severity"] == "error":
            line = each["range"]["start"]["line"] + 1
            yield Reported(each["file"], line, f"{each['message']} [{each.get('rule')}]")


def differences(wanted: Iterable[Expected], got: Iterable[Reported]) -> Iterator[str]:
    """Yield every mark that nothing matched and every error on a line without a mark."""
    wanted, got = sorted(set(wanted)), sorted(set(got))
    for mark in wanted:
        here = [each.text for each in got if (each.file, each.line) == (mark.file, mark.line)]
        if not any(re.search(mark.pattern, text) for text in here):
            found = f"only {here}" if here else "nothing"
            yield f"{mark.file}:{mark.line}: expected {mark.pattern!r}, reported was {found}"
    marked = {(mark.file, mark.line) for mark in wanted}
    for each in got:
        if (each.file, each.line) not in marked:
            yield f"{each.file}:{each.line}: not expected: {each.text}"


def check(checker: str, files: list[Path], root: Path = ROOT) -> list[str]:
    """Return the differences between the marks in `files` and what the checker reports."""
    command = [*CHECKERS[checker], *map(str, files)]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):  # neither "clean" nor "errors were found"
        return [f"{checker} did not run:\n{done.stdout}\n{done.stderr}"]
    read = reported_by_mypy if checker == "mypy" else reported_by_pyright
    got = [
        Reported(str((root / each.file).relative_to(root)), each.line, each.text)
        for each in read(done.stdout)
    ]
    wanted = [
        mark
        for file in files
        for mark in expected(file.read_text("utf-8"), str(file.relative_to(root)), checker)
    ]
    print(f"{checker}: {len(files)} files, {len(wanted)} lines to reject")
    return [f"{checker}: {line}" for line in differences(wanted, got)]


def main() -> int:
    """Check all typing tests; return 1 if anything differs."""
    files = sorted((ROOT / "typing_tests").rglob("*.py"))
    problems = [problem for checker in CHECKERS for problem in check(checker, files)]
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
