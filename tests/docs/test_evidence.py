"""What the documents claim is shown by tests and benchmarks that are there."""

from pathlib import Path

import pytest

from tools.distributions import ROOT
from tools.documents import documents
from tools.site.evidence import Evidence, linked, named

NAMED = sorted(
    {
        (path.relative_to(ROOT).as_posix(), each)
        for path in documents(ROOT)
        for each in named(path.read_text("utf-8"))
    },
    key=str,
)


@pytest.mark.parametrize(
    ("page", "evidence"), NAMED, ids=[f"{page}-{each.file}-{each.name}" for page, each in NAMED]
)
def test_it_is_there(page: str, evidence: Evidence) -> None:
    assert evidence.is_there(), f"{page} names {evidence}, which is not there"


def test_the_comparison_names_both_sides() -> None:
    files = {each.name or "" for page, each in NAMED if page == "docs/compared.md"}
    assert sum(name.startswith("test_officially") for name in files) >= 8


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("{test}`tests/test_a.py::test_one`", True),
        ("{test}`tests/test_a.py::test_in_a_class`", True),
        ("{test}`tests/test_a.py`", True),
        ("{test}`tests/test_a.py::test_two`", False),
        ("{test}`tests/test_b.py`", False),
        ("{benchmark}`tests/test_b.py`", False),
    ],
)
def test_what_is_not_there_is_noticed(tmp_path: Path, text: str, there: bool) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_a.py").write_text(
        "def test_one(): ...\nclass TestIt:\n    def test_in_a_class(self): ...\n"
    )
    (found,) = named(text)
    assert found.is_there(tmp_path) is there


def test_a_link_says_the_name_in_words() -> None:
    text = "shown by {test}`tests/test_a.py::test_it_is_so`"
    assert linked(text, "../") == "shown by {download}`it is so <../../tests/test_a.py>`"
