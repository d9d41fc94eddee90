"""What the cloud runner is made of: patience, and logs."""

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from lambda_durable.errors import InvalidInputError
from lambda_durable_testing.cloud import CloudRunner, CloudWatchLogs, LogFile
from lambda_durable_testing.cloud.patience import LONGEST_SECONDS, Patience


class Time:
    """A clock that only goes on while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def test_looks_become_rarer_and_end() -> None:
    time = Time()
    left = list(Patience(60, clock=time.clock, sleep=time.sleep).looks())
    assert left[0] == 60
    assert left[-1] == 0
    assert time.now == 60
    assert time.slept[:-1] == sorted(time.slept[:-1])
    assert max(time.slept) == LONGEST_SECONDS
    assert len(left) < 30


def test_there_is_always_a_look() -> None:
    time = Time()
    assert list(Patience(0, clock=time.clock, sleep=time.sleep).looks()) == [0]


def line(arn: str, message: Any, **fields: Any) -> str:
    entry = {
        "timestamp": "2026-11-21T08:30:00Z",
        "level": "WARNING",
        "message": message,
        "logger": "orders",
        "requestId": "r-1",
        "executionArn": arn,
        **fields,
    }
    return json.dumps(entry)


def test_a_file_is_read_as_records(tmp_path: Path) -> None:
    path = tmp_path / "order.log"
    assert list(LogFile(path).records("arn-1", 0)) == []
    lines = [line("arn-1", "one"), "START RequestId", "{}", "[1]", line("arn-2", "two")]
    lines += [line("arn-1", {"three": 3}, level="TRACE", timestamp="?", attempt=2)]
    path.write_text("\n".join(lines), encoding="utf-8")
    first, second = LogFile(path).records("arn-1", 0)
    assert (first.getMessage(), first.levelno, first.name) == ("one", logging.WARNING, "orders")
    assert first.created == 1_795_249_800
    assert first.__dict__["requestId"] == "r-1"
    assert second.getMessage() == '{"three": 3}'
    assert second.levelno == logging.INFO
    assert second.__dict__["attempt"] == 2


def test_cloudwatch_is_read_page_by_page() -> None:
    asked: list[dict[str, Any]] = []

    class Client:
        def filter_log_events(self, **given: Any) -> dict[str, Any]:
            asked.append(given)
            if "nextToken" in given:
                return {"events": [{"message": line("arn-1", "two")}]}
            return {"events": [{"message": line("arn-1", "one")}], "nextToken": "more"}

    records = CloudWatchLogs(Client(), "/aws/lambda/order").records("arn-1", 12.5)
    assert [record.getMessage() for record in records] == ["one", "two"]
    assert asked[0]["logGroupName"] == "/aws/lambda/order"
    assert asked[0]["startTime"] == 12_500
    assert 'executionArn = "arn-1"' in asked[0]["filterPattern"]
    assert asked[1]["nextToken"] == "more"


@pytest.mark.parametrize("word", ["step", "function"])
def test_what_is_deployed_cannot_be_replaced(word: str) -> None:
    runner = CloudRunner("order", client=object())
    with pytest.raises(
        InvalidInputError, match=rf"runner.{word}\('charge'\) is of the local runner"
    ):
        getattr(runner, word)("charge")
