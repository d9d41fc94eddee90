"""Gives the tests that try every crash the time that some hundred runs take on a busy machine."""

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let these tests take five minutes; alone on a machine they take seconds."""
    for item in items:
        if "every_crash" in item.name:
            item.add_marker(pytest.mark.timeout(300))
