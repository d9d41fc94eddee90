"""Entry points are found as `importlib.metadata` finds them, without loading it."""

import importlib.metadata
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest

from lambda_durable.entry_points import EntryPoint, entry_points

GROUP = "lambda_durable"
TEXT = """
[console_scripts]
durable = lambda_durable_local:main

[lambda_durable]
# a comment = not_this
one = made_one
two=made_two.sub:Plugin
with_extra = made_three [fast, more]

[other]
one = not_this
"""


def distribution(folder: Path, name: str, text: str | None = TEXT) -> None:
    info = folder / name
    info.mkdir(parents=True)
    title = name.partition("-")[0].partition(".")[0]
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {title}\nVersion: 1.0\n")
    if text is not None:
        (info / "entry_points.txt").write_text(text)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The path, of these tests' folders alone."""
    folders = [str(tmp_path / "first"), str(tmp_path / "not there"), str(tmp_path / "second")]
    monkeypatch.setattr(sys, "path", folders)
    monkeypatch.setattr(sys, "meta_path", [each for each in sys.meta_path if _is_of_python(each)])
    importlib.invalidate_caches()
    return folders


def _is_of_python(finder: object) -> bool:
    return getattr(finder, "__module__", "").startswith("_frozen_importlib")


def officially() -> list[EntryPoint]:
    found = importlib.metadata.entry_points(group=GROUP)
    return [EntryPoint(each.name, f"{each.module}:{each.attr or ''}".rstrip(":")) for each in found]


def names(found: Iterable[EntryPoint]) -> list[str]:
    return sorted(f"{each.name} {each.value}" for each in found)


@pytest.mark.parametrize("form", ["made-1.0.dist-info", "made-1.0-py3.11.egg-info"])
def test_all_of_the_group(path: list[str], tmp_path: Path, form: str) -> None:
    distribution(tmp_path / "first", form)
    distribution(tmp_path / "second", "plain-2.0.dist-info", None)
    expected = ["one made_one", "two made_two.sub:Plugin", "with_extra made_three"]
    assert names(entry_points(GROUP)) == names(officially()) == expected
    assert [each.module for each in entry_points(GROUP)] == [
        "made_one",
        "made_two.sub",
        "made_three",
    ]


def test_the_distribution_that_comes_first_on_the_path(path: list[str], tmp_path: Path) -> None:
    distribution(tmp_path / "first", "made-1.0.dist-info", f"[{GROUP}]\nmade = first\n")
    distribution(tmp_path / "second", "Made-2.0.dist-info", f"[{GROUP}]\nmade = second\n")
    assert names(entry_points(GROUP)) == names(officially()) == ["made first"]


def test_distributions_in_a_zip_file(
    path: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tmp_path / "packages.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("made-1.0.dist-info/METADATA", "Name: made\nVersion: 1.0\n")
        file.writestr("made-1.0.dist-info/entry_points.txt", f"[{GROUP}]\nmade = zipped\n")
    monkeypatch.setattr(sys, "path", [*path, str(archive)])
    assert names(entry_points(GROUP)) == ["made zipped"]


def test_importlib_metadata_is_not_loaded(tmp_path: Path) -> None:
    distribution(tmp_path, "made-1.0.dist-info")
    code = (
        f"import sys; sys.path[:0] = {[str(tmp_path), *sys.path]!r}\n"
        "sys.meta_path[:] = [each for each in sys.meta_path if isinstance(each, type)]\n"
        "from lambda_durable.entry_points import entry_points\n"
        f"assert any(each.name == 'one' for each in entry_points({GROUP!r}))\n"
        "assert 'importlib.metadata' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-I", "-S", "-c", code], check=True, timeout=60)
