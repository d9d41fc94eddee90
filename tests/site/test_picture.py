"""The picture of an execution shows a terminal as it looked in the end."""

import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tools import picture
from tools.distributions import ROOT


def test_what_was_overwritten_is_not_shown(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "terminal.svg"
    program = r"print('\x1b[32mgreen\x1b[0m', end='\r\n'); print('waiting\r\x1b[2Kdone & <ended>')"
    assert picture.main([str(file), sys.executable, "-c", program]) == 0
    text = texts(file)
    assert "green" in text
    assert "done & <ended>" in text
    assert text.count("waiting") == 1  # in the command


def test_the_status_is_the_commands(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    command = [sys.executable, "-c", "raise SystemExit(3)"]
    assert picture.main([str(tmp_path / "terminal.svg"), *command]) == 3


def test_the_readmes_picture_is_of_the_command_that_it_shows() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "(docs/_static/timeline.svg)" in readme
    text = texts(ROOT / "docs" / "_static" / "timeline.svg")
    (command,) = [line for line in readme.splitlines() if "--kill-at hand_over" in line]
    shown = text[: text.index("order_processing  ")].replace("\\", " ")
    assert shown.split() == command.split()
    assert "SIGKILL" in text
    assert "http" not in (ROOT / "docs/_static/timeline.svg").read_text().replace(
        "http://www.w3.org/2000/svg", ""
    )


def texts(file: Path) -> str:
    """Return what a picture says."""
    parts = ET.parse(file).iter("{http://www.w3.org/2000/svg}text")
    return " ".join(part.text or "" for part in parts).replace("\xa0", " ")
