"""Each behaviour test runs once per flavour."""

from typing import Any

import pytest

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
