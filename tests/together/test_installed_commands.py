"""Packages add commands to `durable` by being installed."""

from importlib.metadata import PackageNotFoundError, distribution

import pytest
from click.testing import CliRunner

from lambda_durable_local.command_line import main


@pytest.fixture(autouse=True)
def _is_installed() -> None:
    try:
        distribution("lambda-durable-testing")
    except PackageNotFoundError:
        pytest.skip("the packages are on the path, not installed, so they have no entry points")


def test_help_lists_them() -> None:
    output = CliRunner().invoke(main, ["--help"]).output
    listed = [line.split()[0] for line in output.partition("Commands:")[2].splitlines() if line]
    assert {"run", "serve", "record", "replay"} <= set(listed)
    assert len(listed) == len(set(listed))


def test_they_are_found_by_name() -> None:
    assert "may this code be deployed?" in CliRunner().invoke(main, ["replay", "--help"]).output
    unknown = CliRunner().invoke(main, ["rerun"])
    assert unknown.exit_code == 2
    assert "No such command 'rerun'" in unknown.output
