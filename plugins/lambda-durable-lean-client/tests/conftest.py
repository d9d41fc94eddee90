"""The tests of core's client are here too, with this one: the same requests, answers and errors.

They come from core's folder of the same checkout; nothing installs them.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lambda_durable_lean_client import LeanService

CORE = Path(__file__).resolve().parents[3] / "packages" / "lambda-durable" / "tests"
sys.path.insert(0, str(CORE))

from clients.conftest import clean_environment, server  # noqa: E402 - the path is set just above

# Fixtures are found by name in a conftest.
__all__ = ["clean_environment", "server"]


@pytest.fixture
def make_service() -> Any:
    """The client under test."""
    return LeanService


@pytest.fixture(autouse=True)
def _no_connection_left() -> Iterator[None]:
    yield
    if client := sys.modules.get("lambda_durable_lean_client.client"):
        client._made.cache_clear()


@pytest.fixture(autouse=True)
def _no_user_configuration(clean_environment: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LAMBDA_DURABLE_PLUGINS", "_X_AMZN_TRACE_ID", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        if name in os.environ:
            monkeypatch.delenv(name)
