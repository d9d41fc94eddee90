"""What is to be published is checked: all files of all distributions, of one version."""

import subprocess
from pathlib import Path

import pytest

from tools.built import check_tag, version_of
from tools.distributions import Distribution

NAMES = ("lambda-durable", "lambda-durable-x")
DISTRIBUTIONS = [
    Distribution(name, Path("packages") / name, {})
    for name in ("lambda-durable", "lambda-durable-x")
]
GOOD = [
    "lambda_durable-1.2.0-py3-none-any.whl",
    "lambda_durable-1.2.0.tar.gz",
    "lambda_durable_x-1.2.0-py3-none-any.whl",
    "lambda_durable_x-1.2.0.tar.gz",
]


def folder(tmp_path: Path, names: list[str]) -> Path:
    for name in names:
        (tmp_path / name).touch()
    return tmp_path


def test_all_is_there(tmp_path: Path) -> None:
    assert version_of(folder(tmp_path, GOOD), DISTRIBUTIONS) == "1.2.0"


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (GOOD[:3], "there is no gz of lambda-durable-x"),
        (GOOD[1:], "there is no whl of lambda-durable$"),
        ([*GOOD, "notes.txt"], "notes.txt is neither a wheel nor an sdist"),
        ([*GOOD, "other-1.2.0.tar.gz"], "files of other distributions: other"),
        ([*GOOD[:3], "lambda_durable_x-1.2.1.tar.gz"], "more than one version: 1.2.0, 1.2.1"),
    ],
)
def test_what_is_wrong(tmp_path: Path, names: list[str], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        version_of(folder(tmp_path, names), DISTRIBUTIONS)


def test_the_version_is_the_tags(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "A maintainer")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "maintainer@example.com")

    def git(*arguments: str) -> None:
        subprocess.run(["git", *arguments], cwd=tmp_path, check=True, capture_output=True)

    git("init", "--quiet")
    git("commit", "--quiet", "--allow-empty", "--message", "Release 1.2.0")
    check_tag("1.2.0.dev3", tmp_path)
    git("tag", "v1.2.0")
    check_tag("1.2.0", tmp_path)
    with pytest.raises(ValueError, match="the tag is v1.2.0, and the files have the version 1.3"):
        check_tag("1.3.0", tmp_path)
