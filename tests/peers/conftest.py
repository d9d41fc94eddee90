from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from behaviour.flavours import FLAVOURS
from behaviour.world import World

from lambda_durable_kernel import Quotas, Settings

OFFICIAL_UPDATES = 250
"""What the official SDK puts into one request; ours sends 200."""


@pytest.fixture(params=FLAVOURS, ids=lambda flavour: flavour.name)
def flavour(request: pytest.FixtureRequest) -> Any:
    """The runtime of ours that the test's programs run on."""
    return request.param


@pytest.fixture
def world() -> World:
    """A service in memory that gives up as Lambda does, after a few failed invocations."""
    return World(
        settings=Settings(quotas=Quotas(operations=10_000, request_updates=OFFICIAL_UPDATES))
    )


@pytest.fixture
def sdk() -> ModuleType:
    """The official SDK, 3.0.0: its outcomes are recorded as that release has them."""
    official: ModuleType = pytest.importorskip("aws_durable_execution_sdk_python")
    if official.__version__ != "3.0.0":
        pytest.skip(f"outcomes of 3.0.0 are recorded, {official.__version__} is installed")
    return official


@pytest.fixture
def official(sdk: ModuleType) -> Callable[[Callable[[Any, Any], Any]], Any]:
    """Make a handler of the official SDK that a `World` can run."""
    from .official import OfficialHandler  # it needs the SDK

    return OfficialHandler
