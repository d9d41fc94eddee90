"""Tests of the report, on real files."""

from typing import Any

import file_fan_out
import file_fan_out_async
import pytest

from lambda_durable import DurableHandler
from lambda_durable_testing import LocalRunner, crash_everywhere

BOTH = pytest.mark.parametrize("handler", [file_fan_out.handler, file_fan_out_async.handler])


@BOTH
def test_one_file_of_nine_may_be_unreadable(handler: DurableHandler[Any, Any]) -> None:
    result = LocalRunner(handler).run({"folder": "sales"})
    assert result.result["files"] == 9
    assert result.result["unreadable"] == ["sales/oban.csv"]
    assert "ValueError" in str(result.operations["oban"].error)


@BOTH
def test_a_disk_that_fails_once_is_read_again(handler: DurableHandler[Any, Any]) -> None:
    runner = LocalRunner(handler)
    runner.step("list_files").returns(["a.csv"])
    add_up = runner.step("add_up").sequence(TimeoutError("no answer"), 250)
    assert runner.run({"folder": "sales"}).result["total_cents"] == 250
    add_up.assert_called(times=2)


@BOTH
def test_too_many_unreadable_files_are_no_report(handler: DurableHandler[Any, Any]) -> None:
    runner = LocalRunner(handler)
    runner.step("list_files").returns(["a.csv", "b.csv"])
    runner.step("add_up").raises(ValueError("not a number"))
    result = runner.run({"folder": "sales"})
    assert "UnreadableError" in str(result.error)


@BOTH
def test_it_survives_every_crash(handler: DurableHandler[Any, Any]) -> None:
    crash_everywhere(handler, {"folder": "sales"}, interleavings=10)
