"""Distributions are found by their folders, and their requirements are told from others'."""

from pathlib import Path

import pytest

from tools.distributions import Distribution, discover, requirement_name, third_party


def write(root: Path, folder: str, text: str = "") -> None:
    (root / folder).mkdir(parents=True)
    (root / folder / "pyproject.toml").write_text(
        f'[project]\nname = "{Path(folder).name}"\n{text}', encoding="utf-8"
    )


def test_core_comes_first_and_folders_without_metadata_do_not_count(tmp_path: Path) -> None:
    for folder in ("packages/lambda-durable-local", "plugins/a-plugin", "packages/lambda-durable"):
        write(tmp_path, folder)
    (tmp_path / "plugins/not-yet").mkdir()
    core, local, plugin = discover(tmp_path)
    assert (core.name, core.import_name) == ("lambda-durable", "lambda_durable")
    assert local.package == local.folder / "src" / "lambda_durable_local"
    assert (core.is_plugin, plugin.is_plugin) == (False, True)


def test_third_party(tmp_path: Path) -> None:
    text = """
[tool.hatch.metadata.hooks.custom]
dependencies = ["lambda-durable", "pluggy>=1.6"]
optional-dependencies = { fast = ["orjson"], later = ["lambda-durable-later"] }
[dependency-groups]
test = ["moto[lambda]"]
"""
    write(tmp_path, "plugins/lambda-durable-x", text)
    assert third_party(discover(tmp_path)) == ["moto[lambda]", "orjson", "pluggy>=1.6"]


@pytest.mark.parametrize("text", ["Foo_bar", "foo.bar>=1", "foo-bar[x]==2; python_version>'3'"])
def test_requirement_name(text: str) -> None:
    assert requirement_name(text) == "foo-bar"


def test_a_requirement_has_a_name() -> None:
    with pytest.raises(ValueError, match="not a requirement"):
        requirement_name("@")


def test_there_is_a_core_here() -> None:
    assert isinstance(discover()[0], Distribution)
    assert discover()[0].name == "lambda-durable"
