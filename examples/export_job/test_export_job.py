"""Tests of the export: hours of waiting take no time."""

from datetime import timedelta

import pytest
from export_job import handler
from warehouse import Job

from lambda_durable_testing import LocalRunner, crash_everywhere


def test_an_export() -> None:
    result = LocalRunner(handler).run({"table": "orders"})
    assert result.result["rows"] == 120_000
    assert result.operations["export"].attempts == 3
    assert result.duration == timedelta(seconds=10 + 20)


def test_an_export_that_fails() -> None:
    result = LocalRunner(handler).run({"table": "locked"})
    assert "ExportFailedError" in str(result.error)


def test_an_export_that_does_not_end_is_cancelled() -> None:
    runner = LocalRunner(handler)
    runner.step("export").returns(Job("orders-1", "running"))
    cancel = runner.step("cancel")
    result = runner.run({"table": "orders"})
    assert "ConditionNotMetError" in str(result.error)
    assert result.duration == timedelta(hours=6, seconds=10)
    cancel.assert_called(times=1)


@pytest.mark.parametrize("table", ["orders", "locked"])
def test_it_survives_every_crash(table: str) -> None:
    crash_everywhere(handler, {"table": table})
