"""Every behaviour runs in both flavours, with this plugin and nothing else installed."""

from typing import Any

import pytest
from durable_programs import FLAVOURS, World

from lambda_durable.runtimes import linger, outbox


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


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is sent only because the machine is slow, so that requests can be counted."""
    for module in (linger, outbox):
        monkeypatch.setattr(module, "LINGER_SECONDS", 3600.0)
