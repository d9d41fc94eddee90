"""What the packaging tests share: a folder for an environment, and time enough to fill it."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent
SECONDS = 300
"""How long a test may take where others keep the machine busy; it takes a few seconds."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give every test here its time."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.timeout(SECONDS))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder for an environment."""
    return tmp_path / "environment"
