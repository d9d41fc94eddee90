"""A release is checked before anything changes; then there are a changelog, a commit and a tag."""

import shutil
from pathlib import Path

import pytest

from tools import release
from tools.distributions import ROOT
from tools.release import ReleaseError, Repository, prepare


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """Return a repository with news, a changelog and recordings, and no release yet."""
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "A maintainer")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "maintainer@example.com")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    for name in ("pyproject.toml", "changelog.d/README.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    marker = "<!-- towncrier release notes start -->"
    (tmp_path / "CHANGELOG.md").write_text(f"# Changelog\n\nAbout it.\n\n{marker}\n")
    made = Repository(tmp_path)
    made.run("git", "init", "--quiet", "--initial-branch", "main")
    write(made, "changelog.d/+parallel.added.md", "`ctx.parallel` runs branches side by side.\n")
    for version in ("0.1.0", "0.1.1", "0.2.0"):
        write(made, f"{release.RECORDED}/{version}/order.json", "{}")
    commit(made)
    return made


def write(clone: Repository, name: str, text: str) -> None:
    (clone.root / name).parent.mkdir(parents=True, exist_ok=True)
    (clone.root / name).write_text(text)


def commit(clone: Repository) -> None:
    clone.run("git", "add", "--all")
    clone.run("git", "commit", "--quiet", "--message", "Change something")


def state(clone: Repository) -> tuple[str, str, str]:
    return (
        clone.run("git", "rev-parse", "HEAD"),
        clone.run("git", "status", "--porcelain"),
        clone.run("git", "tag"),
    )


def test_a_release_is_prepared(clone: Repository) -> None:
    said = prepare("0.1.0", clone.root)
    assert "nothing is published" in said
    assert "git push --atomic origin main v0.1.0" in said
    assert clone.run("git", "describe", "--exact-match") == "v0.1.0"
    assert clone.run("git", "log", "-1", "--format=%s") == "Release 0.1.0"
    assert clone.run("git", "status", "--porcelain") == ""
    changelog = (clone.root / "CHANGELOG.md").read_text()
    assert "## 0.1.0 (" in changelog
    assert "`ctx.parallel` runs branches" in changelog
    assert clone.fragments() == []
    assert (clone.root / "changelog.d" / "README.md").exists()


def test_the_next_release_follows(clone: Repository) -> None:
    prepare("0.1.0", clone.root)
    write(clone, "changelog.d/12.fixed.md", "Nothing hangs any more.\n")
    commit(clone)
    prepare("0.1.1", clone.root)
    changelog = (clone.root / "CHANGELOG.md").read_text()
    assert changelog.index("## 0.1.1") < changelog.index("## 0.1.0")
    assert clone.releases() == [(0, 1, 0), (0, 1, 1)]


@pytest.mark.parametrize("text", ["1.2", "v1.2.3", "1.2.3rc1", "01.2.3", "next", ""])
def test_what_is_no_version(clone: Repository, text: str) -> None:
    before = state(clone)
    with pytest.raises(ReleaseError, match="is not the version of a release: give X.Y.Z"):
        prepare(text, clone.root)
    assert state(clone) == before


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("0.1.0", "0.1.0 was released already"),
        ("0.0.9", "does not follow 0.1.0: the next version is 0.1.1, 0.2.0 or 1.0.0"),
        ("0.3.0", "does not follow 0.1.0"),
        ("0.1.1", r"a patch, which only fixes, but \+new.added.md says .* release 0.2.0"),
        ("1.0.0", "no executions in tests/upgrade/recorded/1.0.0"),
    ],
)
def test_versions_that_cannot_be_next(clone: Repository, version: str, said: str) -> None:
    prepare("0.1.0", clone.root)
    write(clone, "changelog.d/+new.added.md", "Something new.\n")
    write(clone, "changelog.d/+repaired.fixed.md", "Something repaired.\n")
    commit(clone)
    before = state(clone)
    with pytest.raises(ReleaseError, match=said):
        prepare(version, clone.root)
    assert state(clone) == before


def test_there_is_nothing_new(clone: Repository) -> None:
    prepare("0.1.0", clone.root)
    with pytest.raises(ReleaseError, match="there is no news in changelog.d/"):
        prepare("0.1.1", clone.root)


def test_uncommitted_changes(clone: Repository) -> None:
    with (clone.root / "CHANGELOG.md").open("a") as changelog:
        changelog.write("By hand.\n")
    write(clone, "left.txt", "")
    with pytest.raises(ReleaseError, match=r"to commit:\n M CHANGELOG.md\n\?\? left.txt$"):
        prepare("0.1.0", clone.root)
    for number in range(20):
        write(clone, f"more-{number}.txt", "")
    with pytest.raises(ReleaseError, match=r"and 12 more$"):
        prepare("0.1.0", clone.root)


def test_another_branch(clone: Repository) -> None:
    clone.run("git", "switch", "--quiet", "--create", "idea")
    with pytest.raises(ReleaseError, match="releases are made on main, not on idea"):
        prepare("0.1.0", clone.root)


def test_what_fails_half_way_is_put_back(clone: Repository) -> None:
    hook = clone.root / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho not today >&2\nexit 1\n")
    hook.chmod(0o755)
    before = state(clone)
    with pytest.raises(ReleaseError, match="not today"):
        prepare("0.1.0", clone.root)
    assert state(clone) == before
    assert clone.fragments() == ["+parallel.added.md"]


def test_the_command(
    clone: Repository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert release.main([]) == 1
    assert "say which version" in capsys.readouterr().err
    monkeypatch.setattr(release, "prepare", lambda text: prepare(text, clone.root))
    assert release.main(["0.1.0"]) == 0
    assert "v0.1.0 is tagged here" in capsys.readouterr().out


def test_no_repository(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="not a git repository"):
        prepare("0.1.0", tmp_path)
