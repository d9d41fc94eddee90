"""Each behaviour test runs once per flavour."""

from typing import Any

import pytest

from lambda_durable.runtimes import linger, outbox

from .flavours import FLAVOURS
from .world import World


@pytest.fixture(params=FLAVOURS, ids=lambda flavour: flavour.name)
def flavour(request: pytest.FixtureRequest) -> Any:
    """The runtime that the test's programs run on."""
    return request.param


@pytest.fixture
def world() -> World:
    """A service in memory."""
    return World()


@pytest.fixture(autouse=True)
def _no_other_plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Core alone, whatever else is installed."""
    monkeypatch.setenv("LAMBDA_DURABLE_PLUGINS", "")


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is sent only because the machine is slow, so that requests can be counted."""
    for module in (linger, outbox):
        monkeypatch.setattr(module, "LINGER_SECONDS", 3600.0)
