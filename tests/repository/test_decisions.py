"""Decisions are numbered, each by one number of its own."""

import re

from tools.distributions import ROOT

FILES = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))


def test_decisions_are_numbered_without_gaps() -> None:
    assert [file.name[:4] for file in FILES] == [f"{number:04}" for number in range(len(FILES))]


def test_each_title_begins_with_the_number() -> None:
    for file in FILES[1:]:
        (title, *_) = file.read_text(encoding="utf-8").splitlines()
        assert re.match(rf"# {file.name[:4]}: [A-Z]", title), file.name
