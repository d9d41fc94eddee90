"""Where plugins come from, in which order, and what is said when one is missing."""

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from lambda_durable import hookimpl
from lambda_durable.discovery import VARIABLE
from lambda_durable.events import OperationInfo
from lambda_durable.plugins import Plugins

MODULE = """
from lambda_durable import hookimpl

@hookimpl
def durable_retry_strategies():
    return {{"{name}": lambda error, attempt, elapsed: 1}}
"""


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment with one first-party plugin and one that is found by its entry point."""
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr("lambda_durable.discovery.FIRST_PARTY", ("made_first_party", "not_there"))
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in ("made_first_party", "made_third_party"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    (tmp_path / "made_first_party.py").write_text(MODULE.format(name="first"))
    (tmp_path / "made_third_party.py").write_text(MODULE.format(name="third"))
    info = tmp_path / "made_third_party-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: made-third-party\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[lambda_durable]\nthird = made_third_party\n")
    return tmp_path


def made(plugins: Plugins) -> list[str]:
    """Return the plugins of these tests; others may be installed beside them."""
    return [name for name in plugins.names() if name.startswith("made") or name == "Explicit"]


class Explicit:
    """A plugin that is passed to the decorator."""

    @hookimpl
    def durable_retry_strategies(self) -> dict[str, object]:
        return {"explicit": lambda error, attempt, elapsed: 1}


def test_explicit_then_first_party_then_entry_points(site: Path) -> None:
    plugins = Plugins((Explicit(),))
    assert made(plugins) == ["Explicit", "made_first_party", "made_third_party"]
    assert plugins.names()[-1] == "lambda_durable.defaults"
    for name in ("explicit", "first", "third", "none"):
        assert callable(plugins.retry_strategy(name))


def test_first_party_plugins_need_no_metadata(site: Path) -> None:
    for file in (site / "made_third_party-1.0.dist-info").iterdir():
        file.unlink()
    assert made(Plugins()) == ["made_first_party"]


def test_the_variable_replaces_discovery(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "made_third_party")
    assert Plugins().names() == ["made_third_party", "lambda_durable.defaults"]
    monkeypatch.setenv(VARIABLE, "")
    assert Plugins((Explicit(),)).names() == ["Explicit", "lambda_durable.defaults"]


def test_a_plugin_is_registered_once(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "made_third_party,made_third_party")
    assert made(Plugins()) == ["made_third_party"]


def test_two_plugins_of_one_name_are_told_apart() -> None:
    plugins = Plugins((Explicit(), SimpleNamespace(), Explicit()))
    names = plugins.names()[:3]
    assert names == ["Explicit", "SimpleNamespace", "Explicit (2)"]


DEFAULT = """
from lambda_durable import hookimpl

@hookimpl{last}
def durable_retry(operation):
    return lambda error, attempt, elapsed: {delay}
"""


def test_a_third_partys_default_comes_before_one_that_is_to_be_tried_last(site: Path) -> None:
    first, third = (site / f"made_{which}_party.py" for which in ("first", "third"))
    first.write_text(DEFAULT.format(last="(trylast=True)", delay=1))
    third.write_text(DEFAULT.format(last="", delay=3))
    strategy = Plugins().retry_for(OperationInfo("arn", "id", None, "STEP", "Step", "name"))
    assert strategy is not None
    assert strategy(ValueError(), 1, 0.0) == 3


def test_a_plugin_may_ask_to_be_tried_first(site: Path) -> None:
    third = site / "made_third_party.py"
    third.write_text(DEFAULT.format(last="(tryfirst=True)", delay=3))

    class Chooser:
        @hookimpl
        def durable_retry(self) -> object:
            return lambda error, attempt, elapsed: 5

    plugins = Plugins((Chooser(),))
    strategy = plugins.retry_for(OperationInfo("arn", "id", None, "STEP", "Step", "name"))
    assert strategy is not None
    assert strategy(ValueError(), 1, 0.0) == 3
