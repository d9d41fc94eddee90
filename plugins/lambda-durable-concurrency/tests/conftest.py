"""Every behaviour runs in both flavours, with this plugin and nothing else installed."""

from typing import Any

import pytest
from durable_programs import FLAVOURS, World


@pytest.fixture(params=FLAVOURS, ids=lambda flavour: flavour.name)
def flavour(request: pytest.FixtureRequest) -> Any:
    """The runtime that the test's programs run on."""
    return request.param


@pytest.fixture
def world() -> World:
    """A service in memory."""
    return World()


@pytest.fixture(autouse=True)
def _this_plugin_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAMBDA_DURABLE_PLUGINS", "lambda_durable_concurrency")
