"""What runs in both flavours has this plugin and nothing else installed."""

from typing import Any

import pytest
from retried_programs import World, tasks, threads


@pytest.fixture(params=[threads, tasks], ids=["threads", "tasks"])
def handler_of(request: pytest.FixtureRequest) -> Any:
    """Make a handler of a program, in one of the flavours."""
    return request.param


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """A service in memory."""
    monkeypatch.setenv("LAMBDA_DURABLE_PLUGINS", "lambda_durable_retry")
    return World()
