"""The plugin under test, where nothing has installed it, and pytest's own tool to run tests."""

import os

import pytest

pytest_plugins = ["pytester", "lambda_durable_testing.pytest_plugin"]

_DECIDE_ABOUT_OUTPUT = (
    *("CI", "BUILD_NUMBER", "COLUMNS", "LINES", "TERM"),
    *("NO_COLOR", "FORCE_COLOR", "PY_COLORS", "PYTHONUTF8", "PYTHONIOENCODING"),
    *("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_DISABLE_PLUGIN_AUTOLOAD", "PYTEST_THEME"),
)


@pytest.fixture(autouse=True)
def equal_surroundings(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run inner tests alike in a terminal, in a pipe and in CI."""
    if "pytester" not in request.fixturenames:
        return
    for name in {name for name in os.environ if name.startswith("PYTEST_XDIST")}:
        monkeypatch.delenv(name)
    for name in _DECIDE_ABOUT_OUTPUT:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "120")
