"""A page executes what a reader would type, in the reader's order."""

import sys
from pathlib import Path

import pytest
from pages import Page

from tools.documents import Block, blocks


def page_of(tmp_path: Path, text: str) -> tuple[Page, list[Block]]:
    document = tmp_path / "a-page.md"
    document.write_text(text.replace("~~~", "```"))
    folder = tmp_path / "folder"
    folder.mkdir()
    return Page(document, folder), blocks(document)


def test_blocks_share_names_and_a_folder(tmp_path: Path) -> None:
    text = """
~~~python title="made.py"
x = 1
~~~
~~~python
import pathlib
y = x + 1
assert pathlib.Path("made.py").read_text() == "x = 1\\n"
~~~
~~~console
$ python -c "import made; assert made.x == 1"
~~~
~~~yaml
Handler: !Ref Name
~~~
"""
    page, found = page_of(tmp_path, text)
    page.execute_through(found[-1])
    assert page.module.y == 2


def test_files_of_a_page_are_imported_by_it_alone(tmp_path: Path) -> None:
    text = """
~~~python title="same_name.py"
x = {x}
~~~
~~~python
import same_name
assert same_name.x == {x}
~~~
~~~python
import same_name as again
assert again is same_name
~~~
"""
    for x in (1, 2):
        (tmp_path / str(x)).mkdir()
        page, found = page_of(tmp_path / str(x), text.format(x=x))
        page.execute_through(found[-1])
    assert "same_name" not in sys.modules


SHOWN = "<!-- printed -->\n~~~text\n"


@pytest.mark.parametrize(
    ("block", "shown", "agrees"),
    [
        ("~~~python\nprint('a')\nprint('b')\n~~~", "a\nb\n", True),
        ("~~~python\nprint('a')\nprint('b')\n~~~", "a\n", False),
        ("~~~python\nprint('a')\nprint('b')\nprint('c')\n~~~", "a\n[...]\nc\n", True),
        ("~~~python\nprint('a')\nprint('b')\nprint('c')\n~~~", "[...]\nb\n", False),
        ("~~~python\nprint('  at /tmp/x/y.py:7 in f')\n~~~", "  at /home/me/y.py:9 in f\n", True),
        ("~~~console\n$ python -c 'print(1)'\n~~~", "1\n", True),
        ("~~~console\n$ python -c 'print(1)'\n~~~", "2\n", False),
    ],
)
def test_what_is_shown_as_printed_was_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: str, shown: str, agrees: bool
) -> None:
    monkeypatch.setenv("NOX_SESSIONS", "[]")
    page, found = page_of(tmp_path, f"{block}\n\n{SHOWN}{shown}~~~\n")
    if agrees:
        page.execute_through(found[-1])
    else:
        with pytest.raises(AssertionError, match="what was printed"):
            page.execute_through(found[-1])


def test_an_error_is_shown_at_its_line(tmp_path: Path) -> None:
    page, found = page_of(tmp_path, "# Title\n\n~~~python\nx = 1\n1 / 0\n~~~\n")
    with pytest.raises(ZeroDivisionError) as caught:
        page.execute_through(found[0])
    assert caught.traceback[-1].lineno + 1 == 5


@pytest.mark.parametrize(
    "block",
    [
        "~~~console\n$ python -c 'raise SystemExit(3)'\n~~~",
        "~~~json\n{\n~~~",
        "~~~\nno language\n~~~",
        "~~~cobol\nDISPLAY 'x'.\n~~~",
    ],
)
def test_what_fails(tmp_path: Path, block: str) -> None:
    page, found = page_of(tmp_path, block)
    with pytest.raises((AssertionError, ValueError)):
        page.execute_through(found[0])


def test_a_skipped_block_is_left_out(tmp_path: Path) -> None:
    text = "<!-- not executed: needs an account -->\n~~~python\n1 / 0\n~~~\n~~~python\nx = 1\n~~~\n"
    page, found = page_of(tmp_path, text)
    page.execute_through(found[1])
    assert page.module.x == 1
