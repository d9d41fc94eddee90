"""What tests with the functions of other SDKs share: one service for all of them."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent.parent / "scenarios"))

from serving import JAVASCRIPT, Peers, serving

_SECONDS = 300


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give every test here time to start processes where others keep the machine busy."""
    for item in items:
        item.add_marker(pytest.mark.timeout(_SECONDS))


@pytest.fixture(scope="session")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peers]:
    """Serve all functions for as long as tests run."""
    with serving(tmp_path_factory.mktemp("peers") / "executions.db") as found:
        yield found


@pytest.fixture
def javascript() -> None:
    """Skip where the JavaScript SDK is not installed, saying what it needs."""
    if not JAVASCRIPT:
        pytest.skip("the JavaScript SDK is not installed: `nox -s other_sdks` says what that needs")
