"""The typing tests' checker compares marks with reports, line by line."""

import json

import pytest

from tools.typing_tests import (
    Expected,
    Reported,
    differences,
    expected,
    reported_by_mypy,
    reported_by_pyright,
)

MARKED = """
text = "# E: not a mark"
call(1)  # E: arg-type|reportArgumentType
await_me  # E(mypy): unused-awaitable  # E(pyright): reportUnusedCoroutine
fine()  # Everything: fine
"""


@pytest.mark.parametrize(
    ("checker", "second"), [("mypy", "unused-awaitable"), ("pyright", "reportUnusedCoroutine")]
)
def test_marks(checker: str, second: str) -> None:
    assert list(expected(MARKED, "f.py", checker)) == [
        Expected("f.py", 3, "arg-type|reportArgumentType"),
        Expected("f.py", 4, second),
    ]


def test_mypy_reports_one_object_a_line() -> None:
    error = {"file": "f.py", "line": 3, "message": "Bad", "code": "arg-type", "severity": "error"}
    note = error | {"severity": "note"}
    output = f"{json.dumps(error)}\n{json.dumps(note)}\n"
    assert list(reported_by_mypy(output)) == [Reported("f.py", 3, "Bad [arg-type]")]


def test_pyright_counts_lines_from_zero() -> None:
    error = {
        "file": "f.py",
        "message": "Bad",
        "rule": "reportX",
        "severity": "error",
        "range": {"start": {"line": 2}},
    }
    output = json.dumps({"generalDiagnostics": [error, error | {"severity": "warning"}]})
    assert list(reported_by_pyright(output)) == [Reported("f.py", 3, "Bad [reportX]")]


@pytest.mark.parametrize(
    ("wanted", "got", "problems"),
    [
        ([], [], []),
        ([(3, "arg")], [(3, "Bad [arg-type]")], []),
        ([(3, "arg")], [(3, "Bad [arg-type]"), (3, "Another [x]")], []),
        ([(3, "arg")], [], ["expected 'arg', reported was nothing"]),
        ([(3, "arg")], [(3, "Other")], ["expected 'arg', reported was only ['Other']"]),
        ([], [(3, "Bad")], ["not expected: Bad"]),
        ([(3, "arg"), (3, "other")], [(3, "arg")], ["expected 'other', reported was only ['arg']"]),
    ],
)
def test_differences(
    wanted: list[tuple[int, str]], got: list[tuple[int, str]], problems: list[str]
) -> None:
    found = differences(
        [Expected("f.py", *each) for each in wanted], [Reported("f.py", *each) for each in got]
    )
    assert list(found) == [f"f.py:3: {problem}" for problem in problems]
