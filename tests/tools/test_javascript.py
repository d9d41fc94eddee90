from pathlib import Path

import pytest

from tools import javascript


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "index.mjs").write_text("export const handler = 1;")
    (folder / "package-lock.json").write_text("{}")
    return folder


def test_what_was_installed_is_kept_while_the_lock_is_the_same(source: Path) -> None:
    folder = source.parent / "installed"
    ran: list[tuple[str, ...]] = []
    for expected in (1, 1, 2):
        if expected == 2:
            (source / "package-lock.json").write_text('{"lockfileVersion": 3}')
            (source / "index.mjs").write_text("export const handler = 2;")
        javascript.prepare(source, folder, lambda *command: ran.append(command))
        assert len(ran) == expected
    assert ran[0][:2] == ("npm", "ci")
    assert (folder / "index.mjs").read_text() == "export const handler = 2;"
    assert not (source / "node_modules").exists()


def test_what_failed_is_tried_again(source: Path) -> None:
    folder = source.parent / "installed"

    def fail(*command: str) -> None:
        raise OSError(command[0])

    with pytest.raises(OSError, match="npm"):
        javascript.prepare(source, folder, fail)
    ran: list[tuple[str, ...]] = []
    javascript.prepare(source, folder, lambda *command: ran.append(command))
    assert len(ran) == 1


def test_missing_tools_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "npm").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert javascript.missing() == [tool for tool in javascript.TOOLS if tool != "npm"]
